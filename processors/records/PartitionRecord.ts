import { randomUUID } from 'node:crypto';
import { PropertyError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { stringifyExactly } from '../../server/extension/record.ts';
import { isObject, textOf } from '../../server/extension/record-coercion.ts';
import { compileRecordPath, type RecordPath } from '../../server/extension/record-path/record-path.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { endAll, Outlet } from './outlets.ts';
import { orFailure, readerAndWriter, readRecords, RECORD_ATTRIBUTES } from '../../server/extension/record-flow.ts';

type Paths = readonly (readonly [name: string, path: RecordPath])[];

/** Values that say where a record belongs. */
const keyOf = (record: DataRecord, schema: RecordSchema, paths: Paths): (RecordValue | undefined)[][] =>
  paths.map(([, path]) => path.evaluate(record, schema).map(({ value }) => value ?? null));

/** A value becomes an attribute where it is one and plain. */
function attributesOf(key: readonly (readonly (RecordValue | undefined)[])[], paths: Paths): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [index, [name]] of paths.entries()) {
    const values = key[index]!;
    const value = values[0];
    if (values.length === 1 && value !== null && value !== undefined && !Array.isArray(value) && !isObject(value)) attributes[name] = textOf(value);
  }
  return attributes;
}

/** Groups a batch by key, so that each outlet gets its records at once. */
function grouped(batch: readonly DataRecord[], keyed: (record: DataRecord) => string): Map<string, DataRecord[]> {
  const groups = new Map<string, DataRecord[]>();
  for (const record of batch) {
    const key = keyed(record);
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  return groups;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Groups records that are alike: each property that you add holds a RecordPath, and records whose values there are the same come into one FlowFile.',
  tags: ['record', 'partition', 'recordpath', 'rpath', 'segment', 'split', 'group', 'bin', 'organize'],
  input: 'required',
  supportsBatching: true,
  properties: readerAndWriter,
  dynamicProperties: {
    name: 'The name given to the dynamic property is the name of the attribute that will be used to denote the value of the associated RecordPath.',
    value: 'A RecordPath that points to a field in the Record.',
    description: 'The value by which records are grouped',
    expressions: 'flowfile',
  },
  relationships: {
    success: 'A FlowFile for each group of records',
    original: 'What was divided',
    failure: 'FlowFiles whose records cannot be read or written; they are as they came',
  },
  writesAttributes: {
    ...RECORD_ATTRIBUTES,
    'fragment.identifier': 'The same for all groups of a FlowFile',
    'fragment.index': 'The number of the group, from 0',
    'fragment.count': 'How many groups there are',
    'segment.original.filename': 'The name of the FlowFile that was divided',
    '<dynamic property name>': 'The value that the records of the group share, where it is plain',
  },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile, madeFlowFiles) => {
      const { reader, writer } = context.properties;
      if (context.dynamic.size === 0) throw new PropertyError('No RecordPath to group by is set: add a property that holds one.');
      const paths: Paths = [...context.dynamic].map(([name, path]) => [name, compileRecordPath(path(flowFile))]);
      const { schema, batches } = await readRecords(session, flowFile, reader);
      const outlets = new Map<string, { outlet: Outlet; attributes: Record<string, string> }>();
      const open = (key: string, first: DataRecord) => {
        const child: FlowFile = session.create(flowFile);
        madeFlowFiles.push(child);
        const made = { outlet: new Outlet(session, child, schema, writer, flowFile), attributes: attributesOf(keyOf(first, schema, paths), paths) };
        outlets.set(key, made);
        return made;
      };
      try {
        for await (const batch of batches)
          for (const [key, group] of grouped(batch, (record) => stringifyExactly(keyOf(record, schema, paths))))
            await (outlets.get(key) ?? open(key, group[0]!)).outlet.push(group);
      } catch (thrown) {
        await endAll([...outlets.values()].map(({ outlet }) => outlet));
        throw thrown;
      }
      const shared = { 'fragment.identifier': randomUUID(), 'fragment.count': String(outlets.size), 'segment.original.filename': flowFile.getAttribute('filename') ?? '' };
      const written = await Promise.all([...outlets.values()].map(async ({ outlet, attributes }) => ({ attributes, ...(await outlet.end()) })));
      for (const [index, { flowFile: child, attributes }] of written.entries())
        session.transfer(session.putAttributes(child, { ...shared, 'fragment.index': String(index), ...attributes }), 'success');
      session.transfer(flowFile, 'original');
    }),
});
