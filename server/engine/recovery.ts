import { Attributes } from './attributes.ts';
import { ContentClaim } from './content-claim.ts';
import { FlowFileRecord } from './flowfile-record.ts';
import type { Journal } from './journal.ts';
import type { FlowFileQueue } from './queue.ts';
import type { Store, StoredFlowFile } from './repositories.ts';

/** What came back when the engine started. */
export interface Recovery {
  readonly restored: number;
  /** FlowFiles of queues that are not there any more; they stay in the store. */
  readonly orphans: number;
  /** FlowFiles whose content is gone from the data directory. */
  readonly withoutContent: number;
}

/** Puts every stored FlowFile back into its queue, in the old order; penalties go on. */
export function restoreFlowFiles(store: Store, journal: Journal, queues: ReadonlyMap<number, FlowFileQueue>): Recovery {
  let [restored, orphans, withoutContent] = [0, 0, 0];
  for (const stored of store.flowFiles()) {
    const queue = queues.get(stored.queue);
    if (!queue) {
      orphans++;
      journal.content.retain(stored.segment);
      continue;
    }
    queue.add(restoreRecord(stored, journal, queue));
    restored++;
    if (!journal.content.isAvailable(stored.segment)) withoutContent++;
  }
  return { restored, orphans, withoutContent };
}

function restoreRecord(stored: StoredFlowFile, journal: Journal, queue: FlowFileQueue): FlowFileRecord {
  const attributes = Attributes.decode(stored.attributes);
  const content = ContentClaim.at(stored.segment, stored.offset, stored.length);
  const record = new FlowFileRecord(stored.id, journal.ids, stored.entryDate, stored.lineageStart, attributes, content);
  record.queue = queue;
  record.position = stored.position;
  record.queuedAt = stored.queuedAt;
  record.penaltyUntil = stored.penaltyUntil;
  record.stored = true;
  record.folded = true;
  record.storedAttributes = attributes;
  record.storedContent = content;
  journal.content.retain(stored.segment);
  return record;
}
