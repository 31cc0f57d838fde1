import { PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { extract, extractedSchema, type Fork, forked, split } from './fork-records.ts';
import { pathsOf } from './lookups.ts';
import { ERROR_ATTRIBUTE, orFailure, readerAndWriter, readRecords, RECORD_ATTRIBUTES, writeRecords } from '../../server/extension/record-flow.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Makes several records of one: one for each element of the lists that the RecordPaths of the properties that you add lead to.',
  details:
    'To split is to repeat the record with one element of the list at a time; to extract is to take the records out of the list. Where there are several paths, each list is forked by itself.',
  tags: ['fork', 'record', 'content', 'array', 'stream', 'event'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    ...readerAndWriter,
    mode: property.choice(
      'Mode',
      'Whether the records of lists are taken out, or the record around them is repeated',
      { extract: 'Extract', split: 'Split' },
      { default: 'split' },
    ),
    withParents: property.boolean('Include Parent Fields', 'When records are extracted: whether they get the fields of the records that they are in; their own come first', {
      default: 'false',
    }),
  },
  dynamicProperties: { name: 'Record Path property', value: 'The Record Path value', description: 'Leads to a list', expressions: 'flowfile' },
  relationships: { fork: 'The records that were made', original: 'What they were made of', failure: 'FlowFiles whose records cannot be read or written; they are as they came' },
  writesAttributes: { ...RECORD_ATTRIBUTES, ...ERROR_ATTRIBUTE, '<Attributes from Record Writer>': 'What the writer tells of the schema' },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile, made) => {
      const { reader, writer, mode, withParents } = context.properties;
      if (context.dynamic.size === 0) throw new PropertyError('No list to fork is set: add a property that holds its RecordPath.');
      const fork: Fork = { paths: pathsOf(context.dynamic, flowFile).map(([, path]) => path), withParents };
      const { schema, batches } = await readRecords(session, flowFile, reader);
      const isSplit = mode === 'split';
      const target = isSplit ? schema : await extractedSchema(batches, schema, fork);
      const source = isSplit ? batches : (await readRecords(session, flowFile, reader)).batches;
      const child = session.create(flowFile);
      made.push(child);
      const records = forked(source, (record) => (isSplit ? split : extract)(record, schema, fork));
      const written = await writeRecords(session, child, { schema: target, batches: records }, writer, flowFile);
      session.adjustCounter('Records Generated', written.count);
      session.transfer(written.flowFile, 'fork');
      session.transfer(flowFile, 'original');
    }),
});
