import { type Batch, type Braze, BrazeError } from './braze.ts';
import { lanesOf, requestsOf } from './lanes.ts';
import type { ProgressFile } from './progress.ts';
import { parsed, refusalsOf } from './refusals.ts';
import type { Refused, Sendable } from './rows.ts';

export interface DeliveryOptions {
  readonly braze: Braze;
  /** The catalog that items go to. */
  readonly catalog: string;
  /** How many requests are under way at a time. */
  readonly concurrent: number;
  readonly progress: ProgressFile;
  readonly flowFile: string;
  readonly signal: AbortSignal;
}

export interface Delivered {
  readonly refused: readonly Refused[];
  readonly requests: number;
}

/** Sends rows in lanes, and notes how far each lane came. Throws BrazeError where Braze takes nothing more; what is noted stays so. */
export async function deliver(rows: readonly Sendable[], options: DeliveryOptions): Promise<Delivered> {
  const lanes = lanesOf(rows, options.concurrent);
  // Sent elsewhere, or as something else, the same rows are not settled.
  const plan = [options.braze.url, rows[0]?.kind, options.catalog, `${lanes.length} lanes of ${rows.length}`].join(' ');
  const before = options.progress.of(options.flowFile, plan);
  const ended = await Promise.allSettled(lanes.map((rows, lane) => sendLane(rows, { ...options, plan, lane, from: before.settled.get(lane) ?? 0 })));
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  const done = ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return { refused: [...before.refused, ...done.flatMap(({ refused }) => refused)], requests: done.reduce((sum, { requests }) => sum + requests, 0) };
}

interface LaneOptions extends DeliveryOptions {
  readonly plan: string;
  readonly lane: number;
  /** How many of its rows were settled before. */
  readonly from: number;
}

async function sendLane(all: readonly Sendable[], { progress, flowFile, plan, lane, from, ...options }: LaneOptions): Promise<Delivered> {
  const refused: Refused[] = [];
  let [settled, requests] = [from, 0];
  for (const rows of requestsOf(all.slice(from))) {
    options.signal.throwIfAborted();
    const result = await sendRows(rows, options);
    settled += rows.length;
    requests += result.requests;
    refused.push(...result.refused);
    progress.settle(flowFile, plan, lane, settled, result.refused);
  }
  return { refused, requests };
}

type Target = Pick<DeliveryOptions, 'braze' | 'catalog' | 'signal'>;

/**
 * Sends the rows of a request. Where Braze takes none of them because of some, those are left out and the others sent again; where it
 * does not say which, the halves are sent by themselves, down to the rows that are to blame.
 */
async function sendRows(rows: readonly Sendable[], target: Target): Promise<Delivered> {
  const batch = batchOf(rows, target.catalog);
  try {
    const refusals = await target.braze.send(batch, target.signal);
    return { refused: [...refusals].map(([index, reason]) => refusedBy(rows[index]!, reason)), requests: 1 };
  } catch (thrown) {
    if (!(thrown instanceof BrazeError) || thrown.kind !== 'request') throw thrown;
    return sendWithout(rows, batch, thrown, target);
  }
}

const refusedBy = ({ row }: Sendable, reason: string): Refused => ({ row, reason: `Braze refused it: ${reason}` });

async function sendWithout(rows: readonly Sendable[], batch: Batch, error: BrazeError, target: Target): Promise<Delivered> {
  const named = refusalsOf(batch, parsed((error.cause as { text?: string }).text ?? ''));
  if (rows.length === 1) return { refused: [refusedBy(rows[0]!, named.get(0) ?? error.said)], requests: 1 };
  const good = rows.filter((_, index) => !named.has(index));
  const half = Math.ceil(rows.length / 2);
  const parts = named.size > 0 ? [good] : [rows.slice(0, half), rows.slice(half)];
  const all: { refused: Refused[]; requests: number } = { refused: [...named].map(([index, reason]) => refusedBy(rows[index]!, reason)), requests: 1 };
  for (const part of parts) {
    if (part.length === 0) continue;
    const { refused, requests } = await sendRows(part, target);
    all.refused.push(...refused);
    all.requests += requests;
  }
  return all;
}

function batchOf(rows: readonly Sendable[], catalog: string): Batch {
  const { kind } = rows[0]!;
  return { kind, ...(kind.endsWith('items') && { catalog }), objects: rows.map(({ object }) => object) } as Batch;
}
