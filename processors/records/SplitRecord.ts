import { randomUUID } from 'node:crypto';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { FORMAT_TAGS, orFailure, readerAndWriter, readRecords, RECORD_ATTRIBUTES, writeRecords } from '../../server/extension/record-flow.ts';
import { RecordQueue } from '../../server/extension/record-queue.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Divides a FlowFile of many records into FlowFiles of fewer.',
  tags: ['split', ...FORMAT_TAGS],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    ...readerAndWriter,
    perSplit: property.integer('Records Per Split', 'How many records a split holds at most', { required: true, min: 1, expressions: 'flowfile' }),
  },
  relationships: { splits: 'The splits, in order', original: 'What was divided', failure: 'FlowFiles whose records cannot be read or written; they are as they came' },
  writesAttributes: {
    ...RECORD_ATTRIBUTES,
    'fragment.identifier': 'The same for all splits of a FlowFile',
    'fragment.index': 'The number of the split, from 0',
    'fragment.count': 'How many splits there are',
    'segment.original.filename': 'The name of the FlowFile that was divided',
  },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile, made) => {
      const { reader, writer, perSplit } = context.properties;
      const { schema, batches } = await readRecords(session, flowFile, reader);
      const records = new RecordQueue(batches);
      const splits: FlowFile[] = [];
      while (await records.hasMore()) {
        const split = session.create(flowFile);
        made.push(split);
        splits.push((await writeRecords(session, split, { schema, batches: records.take(perSplit(flowFile)) }, writer, flowFile)).flowFile);
      }
      const shared = { 'fragment.identifier': randomUUID(), 'fragment.count': String(splits.length), 'segment.original.filename': flowFile.getAttribute('filename') ?? '' };
      for (const [index, split] of splits.entries()) session.transfer(session.putAttributes(split, { ...shared, 'fragment.index': String(index) }), 'splits');
      session.transfer(flowFile, 'original');
    }),
});
