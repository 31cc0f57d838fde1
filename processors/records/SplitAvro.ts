import { randomUUID } from 'node:crypto';
import { type AvroCompression, readAvroFile, writeAvro } from '../../server/extension/avro-content.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { RecordQueue } from '../../server/extension/record-queue.ts';
import { ERROR_ATTRIBUTE, opener, orFailure } from '../../server/extension/record-flow.ts';

/** What each file says of itself. */
const OWN = new Set(['avro.schema', 'avro.codec']);

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.avro', bundle: 'nifi-avro-nar' },
  description: 'Divides an Avro data file into smaller ones, or into bare records.',
  tags: ['avro', 'split'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    strategy: property.choice('Split Strategy', 'Where the file is divided: between records', { Record: 'Record' }, { default: 'Record' }),
    perSplit: property.integer('Output Size', 'How many records a split holds at most', { default: '1', min: 1 }),
    output: property.choice(
      'Output Strategy',
      'Whether splits are Avro data files, or records without a header, for systems that want those',
      { Datafile: 'Datafile', 'Bare Record': 'Bare Record' },
      { default: 'Datafile' },
    ),
    metadata: property.boolean(
      'Transfer Metadata',
      'Whether the entries of the header go on: into the header of data files, or with bare records, which have none, into attributes',
      {
        default: 'true',
      },
    ),
  },
  relationships: { split: 'The splits, in order', original: 'What was divided', failure: 'FlowFiles that are no Avro data files' },
  writesAttributes: {
    'fragment.identifier': 'The same for all splits of a FlowFile',
    'fragment.index': 'The number of the split, from 0',
    'fragment.count': 'How many splits there are',
    'segment.original.filename': 'The name of the FlowFile that was divided',
    ...ERROR_ATTRIBUTE,
  },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile, made) => {
      const { perSplit, output, metadata: keeps } = context.properties;
      const { schema, metadata, batches } = await readAvroFile(opener(session, flowFile)());
      const bare = output === 'Bare Record';
      const header = new Map([...metadata].filter(([name]) => keeps && !OWN.has(name)));
      const options = { compression: metadata.get('avro.codec')?.toString() as AvroCompression | undefined, metadata: header, bare };
      const told = bare && keeps ? Object.fromEntries([...metadata].map(([name, value]) => [name, value.toString()])) : {};
      const records = new RecordQueue(batches);
      const splits: FlowFile[] = [];
      while (await records.hasMore()) {
        const split = session.create(flowFile);
        made.push(split);
        splits.push(await session.writeStream(split, writeAvro({ schema, batches: records.take(perSplit) }, options)));
      }
      const shared = { 'fragment.identifier': randomUUID(), 'fragment.count': String(splits.length) };
      const original = { 'segment.original.filename': flowFile.getAttribute('filename') ?? '' };
      for (const [index, split] of splits.entries()) session.transfer(session.putAttributes(split, { ...told, ...shared, ...original, 'fragment.index': String(index) }), 'split');
      session.transfer(session.putAttributes(flowFile, shared), 'original');
    }),
});
