import { setTimeout as delay } from 'node:timers/promises';
import { portionsOf } from '../../server/extension/portions.ts';
import type { Accepted } from './accepted.ts';
import { type AttributeType, type Brevo, BrevoError, type ImportReport } from './brevo.ts';
import type { Candidate, RejectedRow } from './contacts.ts';

export interface DeliveryOptions {
  readonly brevo: Brevo;
  readonly listIds: readonly number[];
  readonly erases: boolean;
  /** So many contacts at most are saved one by one instead of by an import. */
  readonly few: number;
  /** Milliseconds between two looks at an import; they grow up to ten times that. */
  readonly poll: number;
  readonly signal: AbortSignal;
  /** Told what Brevo has taken, as soon as it is sure: what fails later does not undo it. */
  readonly accepted: Pick<Accepted, 'add' | 'begin' | 'end'>;
}

export interface Delivered {
  /** How many contacts Brevo took. */
  readonly sent: number;
  readonly rejected: readonly RejectedRow[];
  readonly requests: number;
}

/** What a body may hold: Brevo takes 10 MB and advises 8. */
const MOST_BYTES = 8_000_000;

/** Sends contacts, each address once (the last row counts), and waits until Brevo has taken them. Throws BrevoError where nothing is sure. */
export async function deliver(candidates: readonly Candidate[], options: DeliveryOptions): Promise<Delivered> {
  const latest = latestOf(candidates);
  if (latest.length <= options.few) return saveAll(latest, options);
  let all: Delivered = { sent: 0, rejected: [], requests: 0 };
  for (const part of portions(latest)) all = sum(all, await importPart(part, options));
  return all;
}

const sum = (a: Delivered, b: Delivered): Delivered => ({ sent: a.sent + b.sent, rejected: [...a.rejected, ...b.rejected], requests: a.requests + b.requests });

/** Each address once: of several rows the last one counts. */
export function latestOf(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [candidate.contact.email, candidate])).values()];
}

/** Candidates in parts that fit into a body. */
export function portions(candidates: readonly Candidate[], most = MOST_BYTES): Candidate[][] {
  return portionsOf(candidates, { bytes: most }, ({ contact }) => Buffer.byteLength(contact.json) + 1);
}

async function saveAll(candidates: readonly Candidate[], { brevo, listIds, signal, accepted }: DeliveryOptions): Promise<Delivered> {
  const rejected: RejectedRow[] = [];
  for (const { row, contact } of candidates) {
    try {
      await brevo.save(contact, listIds, signal);
      accepted.add([contact]);
    } catch (thrown) {
      if (!(thrown instanceof BrevoError) || thrown.kind !== 'contact') throw thrown;
      rejected.push({ row, reason: thrown.message });
    }
  }
  return { sent: candidates.length - rejected.length, rejected, requests: candidates.length };
}

async function importPart(part: readonly Candidate[], options: DeliveryOptions): Promise<Delivered> {
  const { brevo, listIds, erases, signal, accepted } = options;
  const contacts = part.map(({ contact }) => contact);
  const processId = await brevo.beginImport({ contacts, listIds, erases }, signal);
  accepted.begin(processId, contacts);
  const { report, looks } = await waitFor(processId, options);
  const reasons = reasonsIn(report);
  const refused = part.filter(({ contact }) => reasons.has(contact.email));
  accepted.end(processId, contacts, reasons);
  return {
    sent: part.length - refused.length,
    rejected: refused.map(({ row, contact }) => ({ row, reason: `Brevo left it out of import ${processId}: ${reasons.get(contact.email)!.replaceAll('_', ' ')}` })),
    requests: looks + 1,
  };
}

/** Why addresses were left out, by address. */
const reasonsIn = (report: ImportReport): Map<string, string> => new Map([...report].flatMap(([kind, emails]) => [...emails].map((email) => [email, kind] as const)));

/**
 * Follows imports to their end that were begun before a stop or a kill: what they have done need not be sent again. One that Brevo
 * does not know, or that came to nothing, is forgotten.
 */
export async function settle(accepted: Accepted, options: Pick<DeliveryOptions, 'brevo' | 'poll' | 'signal'>): Promise<void> {
  for (const { processId, contacts } of accepted.underWay()) {
    try {
      accepted.end(processId, contacts, reasonsIn((await waitFor(processId, options)).report));
    } catch (thrown) {
      if (!(thrown instanceof BrevoError) || (thrown.kind !== 'request' && thrown.kind !== 'import')) throw thrown;
      accepted.forget(processId);
    }
  }
}

async function waitFor(processId: number, { brevo, poll, signal }: Pick<DeliveryOptions, 'brevo' | 'poll' | 'signal'>): Promise<{ report: ImportReport; looks: number }> {
  for (let looks = 1, pause = poll; ; looks++, pause = Math.min(pause * 1.5, poll * 10)) {
    const report = await brevo.importReport(processId, signal);
    if (report) return { report, looks };
    await delay(pause, undefined, { signal });
  }
}

/** Makes the attributes that Brevo does not have: it ignores what it does not know, without a word. */
export async function ensureAttributes(brevo: Brevo, wanted: ReadonlyMap<string, AttributeType>, known: Map<string, string>, signal: AbortSignal): Promise<void> {
  const missing = [...wanted].filter(([name]) => !known.has(name));
  if (missing.length === 0) return;
  for (const [name, type] of await brevo.attributes(signal)) known.set(name, type);
  for (const [name, type] of missing) {
    if (known.has(name)) continue;
    await brevo.createAttribute(name, type, signal);
    known.set(name, type);
  }
}
