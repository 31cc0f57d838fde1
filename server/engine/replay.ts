import { Connection } from './connection.ts';
import { ConflictError } from './errors.ts';
import { FlowFileRecord } from './flowfile-record.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import type { ProvenanceEvent } from './provenance.ts';

/** A FlowFile like the one before the event enters the queue that it came from. The event must be fit for it (`replayRefusal`). */
export function replayEvent(runtime: FlowRuntime, event: ProvenanceEvent, user = 'anonymous'): FlowFileRecord {
  const { journal, components, config, clock } = runtime;
  const connection = components.get(config.store.idOf(event.sourceQueue) ?? '');
  if (!(connection instanceof Connection)) throw new ConflictError('The queue that the FlowFile came from no longer exists.');
  const now = clock.now();
  const { previousAttributes, previousContent, flowFile } = event;
  // A filename that followed from the UUID stays what it was.
  const attributes = previousAttributes.get('filename') === undefined ? previousAttributes.with('filename', journal.ids.uuidOf(flowFile)) : previousAttributes;
  const record = new FlowFileRecord(journal.newFlowFileId(), journal.ids, now, event.lineageStart, attributes, previousContent);
  record.queue = connection.queue;
  record.queuedAt = now;
  record.position = journal.newPosition();
  journal.provenance.add({
    type: 'REPLAY',
    component: event.component,
    time: now,
    flowFile,
    entryDate: event.entryDate,
    lineageStart: event.lineageStart,
    attributes: previousAttributes,
    previousAttributes,
    content: previousContent,
    previousContent,
    sourceQueue: event.sourceQueue,
    relationship: '',
    details: `Replay requested by ${user}`,
    transitUri: '',
    parents: [flowFile],
    children: [record.id],
  });
  const figures = connection.queue.statistics.at(now);
  figures.flowFilesIn++;
  figures.bytesIn += previousContent.length;
  journal.touch(record);
  connection.queue.add(record);
  journal.committed();
  journal.flush();
  return record;
}
