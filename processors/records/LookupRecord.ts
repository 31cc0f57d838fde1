import { ProcessError, PropertyError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import type { RecordSet } from '../../server/extension/record-io.ts';
import { compileRecordPath } from '../../server/extension/record-path/record-path.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { pathsOf, RecordLookup } from './lookups.ts';
import { endAll, Outlet } from './outlets.ts';
import { orFailure, readerAndWriter, readRecords, RECORD_ATTRIBUTES } from '../../server/extension/record-flow.ts';

const properties = {
  ...readerAndWriter,
  service: property.service('Lookup Service', 'Where values are looked up', LOOKUP_SERVICE, { required: true }),
  root: property.text('Root Record Path', 'Leads to the records inside each record that are looked up; the record itself where it is not set', { expressions: 'flowfile' }),
  routing: property.choice(
    'Routing Strategy',
    'Whether records that were found and those that were not go different ways',
    { 'route-to-success': "Route to 'success'", 'route-to-matched-unmatched': "Route to 'matched' or 'unmatched'" },
    { default: 'route-to-success' },
  ),
  contents: property.choice(
    'Record Result Contents',
    'What becomes of a record that is found: it goes into the field as a whole, or its fields do',
    { 'insert-entire-record': 'Insert Entire Record', 'record-fields': 'Insert Record Fields' },
    { default: 'insert-entire-record' },
  ),
  strategy: property.choice(
    'Record Update Strategy',
    'Whether what is found takes the place of what was looked up, or goes where Result RecordPath leads',
    { 'replace-existing-values': 'Replace Existing Values', 'use-property': 'Use "Result RecordPath" Property' },
    { default: 'use-property' },
  ),
  result: property.text('Result RecordPath', 'Where what is found goes; nothing is written where it is not set', {
    expressions: 'flowfile',
    dependsOn: { 'Record Update Strategy': ['use-property'] },
  }),
  cacheSize: property.integer('Cache Size', 'How many answers are remembered within a FlowFile', { default: '0', expressions: 'environment' }),
};

type Context = ProcessContext<typeof properties>;

function lookupFor({ properties: values, dynamic }: Context, flowFile: FlowFile, schema: RecordSet['schema']): RecordLookup {
  const keys = pathsOf(dynamic, flowFile);
  const missing = values.service.requiredKeys.find((key) => !keys.some(([name]) => name === key));
  if (keys.length === 0 || missing !== undefined)
    throw new PropertyError(`The Lookup Service needs the coordinate '${missing ?? 'key'}': add a property of this name that holds its RecordPath.`);
  const replaces = values.strategy === 'replace-existing-values';
  if (replaces && keys.length > 1) throw new ProcessError('Replace Existing Values takes one coordinate only.');
  const [result, root] = [values.result(flowFile), values.root(flowFile)].map((path) => (path ? compileRecordPath(path) : undefined));
  return new RecordLookup(
    { service: values.service, keys, result, root, replaces, insertsFields: values.contents === 'record-fields', cacheSize: values.cacheSize, attributes: flowFile.attributes },
    schema,
  );
}

/** Writes each record to the outlet of its route; outlets are made with their first record. */
async function route(session: ProcessSession, context: Context, flowFile: FlowFile, made: FlowFile[]): Promise<void> {
  const { reader, writer, routing } = context.properties;
  const { schema, batches } = await readRecords(session, flowFile, reader);
  const lookup = lookupFor(context, flowFile, schema);
  const outlets = new Map<string, Outlet>();
  const outletOf = (name: string): Outlet => {
    const known = outlets.get(name);
    if (known) return known;
    const child = session.create(flowFile);
    made.push(child);
    const outlet = new Outlet(session, child, lookup.schemaAfter(), writer, flowFile);
    outlets.set(name, outlet);
    return outlet;
  };
  try {
    for await (const batch of batches) {
      const found = await lookup.enrich(batch);
      const routeOf = (index: number): string => (routing === 'route-to-success' ? 'success' : found[index] ? 'matched' : 'unmatched');
      for (const name of new Set(found.map((_, index) => routeOf(index)))) await outletOf(name).push(batch.filter((_: DataRecord, index) => routeOf(index) === name));
    }
    if (outlets.size === 0) outletOf(routing === 'route-to-success' ? 'success' : 'unmatched');
  } catch (thrown) {
    await endAll(outlets.values());
    throw thrown;
  }
  const written = await Promise.all([...outlets].map(async ([name, outlet]) => ({ name, ...(await outlet.end()) })));
  for (const { name, flowFile: child } of written) session.transfer(child, name);
  session.remove(flowFile);
}

const FAILURE = { failure: 'FlowFiles whose records cannot be read, looked up or written; they are as they came' };

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Looks values of records up in a service, and writes what is found into the records.',
  tags: ['lookup', 'enrichment', 'route', 'record', 'csv', 'json', 'avro', 'database', 'db', 'logs', 'convert', 'filter'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: { name: 'Value To Lookup', value: 'Valid Record Path', description: 'A coordinate of the look-up and where its value is', expressions: 'flowfile' },
  relationships: { success: 'The records', ...FAILURE } as Record<'success' | 'failure', string>,
  relationshipsFor: (texts) =>
    texts.get('Routing Strategy') === 'route-to-matched-unmatched'
      ? { matched: 'Records that were found', unmatched: 'Records that were not found', ...FAILURE }
      : { success: 'The records', ...FAILURE },
  writesAttributes: RECORD_ATTRIBUTES,
  onTrigger: (session, context) => orFailure(session, context, (flowFile, made) => route(session as ProcessSession, context, flowFile, made)),
});
