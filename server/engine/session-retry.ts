import { FlowFileVersion, type FlowFileRecord, REMOVED, REQUEUED } from './flowfile-record.ts';
import type { RetryPolicy } from './runnable.ts';
import type { Session } from './session.ts';

/**
 * NiFi's retry (User Guide, "Relationships Tab"): a FlowFile on its way to a retried relationship goes back to its queue as it
 * was, with a growing penalty, until it has been tried `count` times. What the session made of it is forgotten.
 */
export function planRetries(session: Session): void {
  const retry = session.runnable.settings.retry!;
  const attribute = `retryCount.${session.runnable.id}`;
  for (const record of session.records) {
    if (typeof record.plan !== 'string') continue;
    const tries = Number(record.current.own.get(attribute) ?? 0) || 0;
    if (record.created || !retry.relationships.has(record.plan) || tries >= retry.count) forgetTries(record, attribute);
    else tryAgain(session, record, retry, attribute, tries);
  }
}

function forgetTries(record: FlowFileRecord, attribute: string): void {
  if (record.current.own.get(attribute) === undefined) return;
  record.current = new FlowFileVersion(record, record.current.own.without([attribute]), record.current.content);
}

function tryAgain(session: Session, record: FlowFileRecord, retry: RetryPolicy, attribute: string, tries: number): void {
  const now = session.clock.now();
  const { committed } = record;
  record.current = new FlowFileVersion(record, committed.own.with(attribute, String(tries + 1)), committed.content);
  record.plan = REQUEUED;
  if (retry.backoff === 'PENALIZE_FLOWFILE') {
    record.penalize = true;
    record.penaltyUntil = now + Math.min(retry.maxBackoff, session.runnable.settings.penaltyDuration * 2 ** tries);
  } else {
    const pause = Math.min(retry.maxBackoff, session.runnable.settings.yieldDuration * 2 ** tries);
    session.runnable.yieldUntil = Math.max(session.runnable.yieldUntil, now + pause);
  }
  const children = descendants(session, record);
  for (const child of children) child.plan = REMOVED;
  // What was said of its rows is forgotten with the rest.
  const forgotten = new Set<FlowFileRecord | undefined>([record, ...children]);
  session.tallies = session.tallies.filter((tally) => !forgotten.has(tally.record));
}

/** What this session made out of the record, directly or not. */
function descendants(session: Session, record: FlowFileRecord): FlowFileRecord[] {
  const ids = new Set([record.id]);
  for (const { parents, children } of session.events) if (parents.some((id) => ids.has(id))) for (const child of children) ids.add(child);
  return session.records.filter(({ id, created }) => created && ids.has(id));
}
