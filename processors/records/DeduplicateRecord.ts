import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { properties } from './deduplicate-properties.ts';
import { bloomFilter, cacheFilter, type Filter, hashed, hashSet, keyOf } from './deduplication.ts';
import { pathsOf } from './lookups.ts';
import { endAll, Outlet } from './outlets.ts';
import { withAttributes } from './record-changes.ts';
import { ERROR_ATTRIBUTE, orFailure, readRecords, RECORD_ATTRIBUTES } from '../../server/extension/record-flow.ts';

type Context = ProcessContext<typeof properties>;
type Session = ProcessSession<'duplicate' | 'non-duplicate' | 'original' | 'failure'>;

function filterFor(flowFile: FlowFile, { properties: { strategy, cache, puts, filter, capacity, chance } }: Context): Filter {
  if (strategy === 'multiple') return cacheFilter(cache!, puts, flowFile.uuid);
  return filter === 'hash-set' ? hashSet() : bloomFilter(capacity, Number(chance ?? 0.1));
}

async function deduplicate(session: Session, flowFile: FlowFile, made: FlowFile[], context: Context): Promise<void> {
  const { reader, writer, strategy, identifier, algorithm, withEmpty } = context.properties;
  const paths = pathsOf(context.dynamic, flowFile);
  const isKnown = filterFor(flowFile, context);
  const { schema, batches } = await readRecords(session, flowFile, reader);
  const keyed = (record: DataRecord): string => {
    const hash = hashed(keyOf(record, schema, paths), algorithm);
    return (strategy === 'multiple' && identifier(withAttributes(flowFile, { 'record.hash.value': hash }))) || hash;
  };
  const open = (): Outlet => {
    const child = session.create(flowFile);
    made.push(child);
    return new Outlet(session, child, schema, writer, flowFile);
  };
  const outlets = { duplicate: open(), 'non-duplicate': open() };
  try {
    for await (const batch of batches) {
      const parts: Record<keyof typeof outlets, DataRecord[]> = { duplicate: [], 'non-duplicate': [] };
      for (const record of batch) parts[(await isKnown(keyed(record))) ? 'duplicate' : 'non-duplicate'].push(record);
      for (const kind of ['duplicate', 'non-duplicate'] as const) if (parts[kind].length > 0) await outlets[kind].push(parts[kind]);
    }
  } catch (thrown) {
    await endAll(Object.values(outlets));
    throw thrown;
  }
  for (const kind of ['duplicate', 'non-duplicate'] as const) {
    const { flowFile: child, count } = await outlets[kind].end();
    session.adjustCounter('Records Processed', count);
    if (count > 0 || withEmpty) session.transfer(child, kind);
    else session.remove(child);
  }
  session.transfer(flowFile, 'original');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Tells records that were there before from those that were not.',
  details:
    'Each property that you add holds the RecordPath of a field that makes two records the same; without any, all values count. In the cache each record is remembered with the FlowFile that brought it.',
  tags: ['text', 'record', 'update', 'change', 'replace', 'modify', 'distinct', 'unique', 'filter', 'hash', 'dupe', 'duplicate', 'dedupe'],
  input: 'required',
  supportsBatching: true,
  properties,
  dynamicProperties: {
    name: 'Name of the property.',
    value: 'A valid RecordPath to the record field to be included in the cache key used for deduplication.',
    description: 'A field that makes two records the same',
    expressions: 'none',
  },
  relationships: {
    duplicate: 'The records that were there before',
    'non-duplicate': 'The records that were not',
    original: 'What was looked at',
    failure: 'FlowFiles whose records cannot be read or written; they are as they came',
  },
  writesAttributes: { ...RECORD_ATTRIBUTES, ...ERROR_ATTRIBUTE },
  validate: ({ strategy, cache }) => (strategy === 'multiple' && !cache ? ['Distributed Map Cache Client must be set when Deduplication Strategy is Multiple Files'] : []),
  onTrigger: (session, context) => orFailure(session, context, (flowFile, made) => deduplicate(session, flowFile, made, context)),
});
