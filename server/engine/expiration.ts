import type { FlowFileRecord } from './flowfile-record.ts';
import type { Journal } from './journal.ts';
import { noNumbers } from './provenance.ts';
import type { FlowFileQueue } from './queue.ts';

/** Older than the connection allows, counted from when the FlowFile entered the flow. */
export function isExpired(record: FlowFileRecord, queue: FlowFileQueue, now: number): boolean {
  return queue.expiration > 0 && record.entryDate + queue.expiration < now;
}

/** Ends FlowFiles that were taken from the queue because they are too old. */
export function dropExpired(journal: Journal, queue: FlowFileQueue, records: readonly FlowFileRecord[], now: number): void {
  dropFromQueue(journal, queue, records, now, 'EXPIRE', `Expiration Threshold = ${queue.expiration} ms`);
}

/** Ends FlowFiles that were taken out of a queue; tells provenance why. */
export function dropFromQueue(journal: Journal, queue: FlowFileQueue, records: readonly FlowFileRecord[], now: number, type: 'EXPIRE' | 'DROP', details: string): void {
  for (const record of records) {
    const { committed } = record;
    journal.provenance.add({
      type,
      details,
      time: now,
      component: queue.key,
      flowFile: record.id,
      entryDate: record.entryDate,
      lineageStart: record.lineageStart,
      attributes: committed.own,
      previousAttributes: committed.own,
      content: committed.content,
      previousContent: committed.content,
      sourceQueue: queue.key,
      relationship: '',
      transitUri: '',
      parents: noNumbers,
      children: noNumbers,
    });
    queue.settle(record);
    record.queue = null;
    journal.touch(record);
  }
  if (records.length === 0) return;
  if (journal.runs.active) journal.runs.dropped(records);
  journal.committed();
}

/** Drops what has expired while nobody polled the queue; returns when to look again (milliseconds since 1970), if ever. */
export function sweepExpired(journal: Journal, queue: FlowFileQueue, now: number): number | undefined {
  if (queue.expiration === 0) return undefined;
  let oldest = Number.POSITIVE_INFINITY;
  const expired = queue.remove((record) => {
    if (isExpired(record, queue, now)) return true;
    oldest = Math.min(oldest, record.entryDate);
    return false;
  });
  dropExpired(journal, queue, expired, now);
  return Number.isFinite(oldest) ? oldest + queue.expiration + 1 : undefined;
}
