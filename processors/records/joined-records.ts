import { copyOf, type DataRecord, type RecordBatch } from '../../server/extension/record.ts';
import { isObject } from '../../server/extension/record-coercion.ts';
import type { RecordSet } from '../../server/extension/record-io.ts';
import type { RecordPath } from '../../server/extension/record-path/record-path.ts';
import { RecordQueue } from '../../server/extension/record-queue.ts';
import { field, mergeSchemas, type RecordSchema, recordType } from '../../server/extension/record-schema.ts';
import { RecordChanges } from './record-changes.ts';

const BATCH = 1000;

/** The records of both by their place, as far as the longer one goes. */
async function* together(original: RecordSet, enrichment: RecordSet): AsyncGenerator<(readonly [DataRecord | undefined, DataRecord | undefined])[]> {
  const [left, right] = [new RecordQueue(original.batches), new RecordQueue(enrichment.batches)];
  try {
    while ((await left.hasMore()) || (await right.hasMore())) {
      const [these, those] = [await all(left.take(BATCH)), await all(right.take(BATCH))];
      yield Array.from({ length: Math.max(these.length, those.length) }, (_, index) => [these[index], those[index]] as const);
    }
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
}

async function all(batches: AsyncIterable<RecordBatch>): Promise<DataRecord[]> {
  const records: DataRecord[] = [];
  for await (const batch of batches) records.push(...batch);
  return records;
}

/** Each pair of records as the fields `original` and `enrichment` of one; null stands for what one of them lacks. */
export function wrapped(original: RecordSet, enrichment: RecordSet): RecordSet {
  const schema: RecordSchema = { fields: [field('original', recordType(original.schema)), field('enrichment', recordType(enrichment.schema))] };
  async function* batches(): AsyncGenerator<RecordBatch> {
    for await (const pairs of together(original, enrichment)) yield pairs.map(([left, right]) => ({ original: left ?? null, enrichment: right ?? null }));
  }
  return { schema, batches: batches() };
}

/** The originals with the fields of the enrichments in the records to which the path leads; `open` reads both anew, as the schema is known only when all were seen. */
export async function inserted(open: () => Promise<readonly [RecordSet, RecordSet]>, path: RecordPath): Promise<RecordSet> {
  const changes = new RecordChanges();
  async function* changed(): AsyncGenerator<RecordBatch> {
    const [original, enrichment] = await open();
    for await (const pairs of together(original, enrichment))
      yield pairs.flatMap(([left, right]) => (left ? [right ? insert(left, right, original.schema, enrichment.schema, path, changes) : left] : []));
  }
  const [original] = await open();
  await original.batches[Symbol.asyncIterator]().return?.();
  for await (const _ of changed());
  return { schema: changes.applyTo(original.schema), batches: changed() };
}

function insert(left: DataRecord, right: DataRecord, schema: RecordSchema, added: RecordSchema, path: RecordPath, changes: RecordChanges): DataRecord {
  let outcome = left;
  for (const place of path.evaluate(left, schema)) {
    if (!isObject(place.value)) continue;
    for (const { name, type } of mergeSchemas({ fields: [] }, added).fields) {
      const value = copyOf(right[name] ?? null);
      changes.set({ value: place.value[name], type: undefined, name, parent: place, key: name }, value, type);
    }
    if (!place.parent) outcome = place.value;
  }
  return outcome;
}
