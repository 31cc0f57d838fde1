import { copyOf, type DataRecord, type RecordBatch, type RecordValue } from '../../server/extension/record.ts';
import { isObject } from '../../server/extension/record-coercion.ts';
import { elementType, type PathValue, replace } from '../../server/extension/record-path/path-value.ts';
import type { RecordPath } from '../../server/extension/record-path/record-path.ts';
import { type DataType, field, mergeSchemas, type RecordSchema } from '../../server/extension/record-schema.ts';

/** So many records are given out together. */
const BATCH = 100;

export interface Fork {
  readonly paths: readonly RecordPath[];
  readonly withParents: boolean;
}

/** The lists that the paths lead to. */
function* lists(record: DataRecord, schema: RecordSchema, { paths }: Fork): Generator<{ place: PathValue; items: readonly RecordValue[] }> {
  for (const path of paths) for (const place of path.evaluate(record, schema)) if (Array.isArray(place.value)) yield { place, items: place.value };
}

/** The record once for each element of each list, with only this element in it. */
export function* split(record: DataRecord, schema: RecordSchema, fork: Fork): Generator<DataRecord> {
  for (const { place, items } of lists(record, schema, fork)) {
    for (const item of items) {
      replace(place, [item]);
      yield copyOf(record);
    }
    replace(place, items as RecordValue[]);
  }
}

/** The records in the lists, with the fields of what they are in where those are asked for; the inner field wins. */
export function* extract(record: DataRecord, schema: RecordSchema, fork: Fork): Generator<DataRecord> {
  for (const { place, items } of lists(record, schema, fork)) {
    for (const item of items) {
      if (!isObject(item)) continue;
      const result: DataRecord = { ...item };
      if (fork.withParents)
        for (const { holder, without } of ancestors(place))
          for (const [name, value] of Object.entries(isObject(holder.value) ? holder.value : {})) if (name !== without) result[name] ??= value;
      yield result;
    }
  }
}

/** The records around a place, the nearest first, each with the name of the field that leads to the place. */
function ancestors(place: PathValue): { holder: PathValue; without: string | number | undefined }[] {
  const found: { holder: PathValue; without: string | number | undefined }[] = [];
  for (let at = place; at.parent; at = at.parent) if (isObject(at.parent.value)) found.push({ holder: at.parent, without: at.key });
  return found;
}

const recordOf = (type: DataType | undefined): RecordSchema | undefined =>
  type?.kind === 'record' ? type.schema : type?.kind === 'choice' ? type.options.map(recordOf).find((schema) => schema !== undefined) : undefined;

/** The fields of all records that are extracted. Reads everything. */
export async function extractedSchema(batches: AsyncIterable<RecordBatch>, schema: RecordSchema, fork: Fork): Promise<RecordSchema> {
  const seen = new Set<RecordSchema>();
  let result: RecordSchema = { fields: [] };
  const add = (other: RecordSchema | undefined, without?: string | number): void => {
    if (!other || seen.has(other)) return;
    seen.add(other);
    const fields = other.fields.filter(({ name }) => name !== without && (without === undefined || !result.fields.some((one) => one.name === name)));
    result = mergeSchemas(result, { fields: fields.map((one) => field(one.name, one.type)) });
  };
  for await (const batch of batches) {
    for (const record of batch) {
      for (const { place } of lists(record, schema, fork)) {
        add(recordOf(elementType(place.type)));
        if (fork.withParents) for (const { holder, without } of ancestors(place)) add(holder.parent ? recordOf(holder.type) : schema, without);
      }
    }
  }
  return result;
}

/** What becomes of records, a few at a time: a list in one record may be long. */
export async function* forked(batches: AsyncIterable<RecordBatch>, each: (record: DataRecord) => Iterable<DataRecord>): AsyncGenerator<RecordBatch> {
  let ready: DataRecord[] = [];
  for await (const batch of batches) {
    for (const record of batch) {
      for (const one of each(record)) {
        ready.push(one);
        if (ready.length < BATCH) continue;
        yield ready;
        ready = [];
      }
    }
  }
  if (ready.length > 0) yield ready;
}
