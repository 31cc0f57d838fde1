import { setTimeout as delay } from 'node:timers/promises';
import type { ComponentLog } from '../../server/extension/component.ts';
import { portionsOf } from '../../server/extension/portions.ts';
import { bytesOf, type Candidate, latestOf, type RejectedRow } from './imported-profiles.ts';
import { type Klaviyo, KlaviyoError, type Refusal } from './klaviyo.ts';

export interface DeliveryOptions {
  readonly klaviyo: Klaviyo;
  /** The lists that the profiles join. */
  readonly lists: readonly string[];
  /** How many imports are under way at a time. */
  readonly concurrent: number;
  /** Milliseconds between two looks at an import; they grow up to ten times that. */
  readonly poll: number;
  readonly signal: AbortSignal;
  readonly log: ComponentLog;
}

export interface Delivered {
  /** How many profiles Klaviyo took. */
  readonly sent: number;
  readonly rejected: readonly RejectedRow[];
  readonly jobs: number;
}

const NOTHING: Delivered = { sent: 0, rejected: [], jobs: 0 };
const sum = (a: Delivered, b: Delivered): Delivered => ({ sent: a.sent + b.sent, rejected: [...a.rejected, ...b.rejected], jobs: a.jobs + b.jobs });

/** What a request may hold: Klaviyo takes 5 MB and 10,000 profiles ("Bulk Import Profiles"). */
const PORTION = { bytes: 4_800_000, items: 10_000 };

/** Sends profiles, each once, and waits until Klaviyo has taken them. Throws KlaviyoError where nothing is sure: what was taken may be sent again. */
export async function deliver(candidates: readonly Candidate[], options: DeliveryOptions): Promise<Delivered> {
  const parts = portionsOf(latestOf(candidates), PORTION, ({ profile }) => bytesOf(profile));
  const done: Delivered[] = [];
  const work = async (): Promise<void> => {
    for (let part = parts.shift(); part; part = parts.shift()) done.push(await importPart(part, options));
  };
  const ended = await Promise.allSettled(Array.from({ length: options.concurrent }, work));
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return done.reduce(sum, NOTHING);
}

/** Begins an import; where Klaviyo refuses it because of some profiles, those are left out and the others sent again. */
async function importPart(part: readonly Candidate[], options: DeliveryOptions): Promise<Delivered> {
  const { klaviyo, lists, signal } = options;
  let job: string;
  try {
    job = await klaviyo.beginImport(
      part.map(({ profile }) => profile),
      lists,
      signal,
    );
  } catch (thrown) {
    if (!(thrown instanceof KlaviyoError) || thrown.kind !== 'request') throw thrown;
    return withoutRefused(part, thrown, options);
  }
  return follow(job, part, options);
}

async function withoutRefused(part: readonly Candidate[], error: KlaviyoError, options: DeliveryOptions): Promise<Delivered> {
  const reasons = reasonsIn(error.refusals, part);
  // A list that does not exist is nobody's fault among the profiles.
  if (reasons.size === 0) throw error;
  const rest = part.filter((candidate) => !reasons.has(candidate));
  const refused: Delivered = { sent: 0, rejected: rejectedBy(reasons), jobs: 0 };
  return rest.length === 0 ? refused : sum(refused, await importPart(rest, options));
}

const rejectedBy = (reasons: ReadonlyMap<Candidate, string>): RejectedRow[] => [...reasons].map(([{ row }, detail]) => ({ row, reason: `Klaviyo refused it: ${detail}` }));

async function follow(job: string, part: readonly Candidate[], options: DeliveryOptions): Promise<Delivered> {
  const { klaviyo, signal, log } = options;
  const failed = await endOf(job, options);
  const reasons = failed === 0 ? new Map<Candidate, string>() : reasonsIn(await klaviyo.importErrors(job, signal), part);
  if (reasons.size < failed) log.warn(`Klaviyo refused ${failed - reasons.size} more profiles of import ${job}, and does not say which; look at the import in Klaviyo.`);
  return { sent: part.length - Math.max(failed, reasons.size), rejected: rejectedBy(reasons), jobs: 1 };
}

/** Waits for the end of an import; resolves to how many profiles failed. */
async function endOf(job: string, { klaviyo, poll, signal }: DeliveryOptions): Promise<number> {
  for (let pause = poll; ; pause = Math.min(pause * 1.5, poll * 10)) {
    const { status, failed } = await klaviyo.importJob(job, signal);
    if (status === 'complete') return failed;
    if (status === 'cancelled') throw new KlaviyoError('import', `Import ${job} was cancelled in Klaviyo`);
    await delay(pause, undefined, { signal });
  }
}

/** Why profiles were left out: by their place in the request, else by what was sent. */
function reasonsIn(refusals: readonly Refusal[], part: readonly Candidate[]): Map<Candidate, string> {
  const reasons = new Map<Candidate, string>();
  for (const { detail, pointer, payload } of refusals) {
    const index = /\/profiles\/data\/(\d+)(\/|$)/.exec(pointer ?? '')?.[1];
    const candidate = index === undefined ? sentAs(payload, part) : part[Number(index)];
    if (candidate) reasons.set(candidate, [reasons.get(candidate), detail].filter(Boolean).join('; '));
  }
  return reasons;
}

function sentAs(payload: Refusal['payload'], part: readonly Candidate[]): Candidate | undefined {
  const same = ['external_id', 'email', 'phone_number'].find((name) => typeof payload?.[name] === 'string');
  return same === undefined ? undefined : part.find(({ profile }) => profile.attributes[same] === payload![same]);
}
