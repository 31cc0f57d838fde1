import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { PropertyValues } from '../../server/extension/property.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import { coerce, coerceRecord } from '../../server/extension/record-coercion.ts';
import type { DateFormats } from '../../server/extension/record-dates.ts';
import type { RecordSet, SchemaCache } from '../../server/extension/record-io.ts';
import type { DataType, RecordSchema } from '../../server/extension/record-schema.ts';
import { SchemaInference } from '../../server/extension/schema-inference.ts';
import { cachedSchema, givenSchema, type schemaNaming } from './schema-properties.ts';

const DATES = ['date', 'time', 'timestamp'];

/** Whether values of the type may look otherwise in records than in the content. */
function needsCoercion(type: DataType): boolean {
  if (type.kind === 'array') return needsCoercion(type.element);
  if (type.kind === 'map') return needsCoercion(type.value);
  if (type.kind === 'record') return type.schema.fields.some((one) => needsCoercion(one.type));
  return type.kind === 'choice' ? type.options.some(needsCoercion) : DATES.includes(type.kind);
}

/** A record whose values are turned into the schema's types where they fit, and left alone where not. */
export function coerceLeniently(record: DataRecord, schema: RecordSchema, formats: DateFormats): DataRecord {
  const result: DataRecord = { ...record };
  for (const { name, type } of schema.fields) {
    const value = record[name];
    if (value !== undefined && value !== null && needsCoercion(type)) result[name] = coerce(value, type, formats) ?? value;
  }
  return result;
}

async function* each(batches: AsyncIterable<RecordBatch>, change: (record: DataRecord) => DataRecord): AsyncGenerator<RecordBatch> {
  for await (const batch of batches) yield batch.map(change);
}

/** How a reader of records that carry their field names finds the schema. */
export interface Access {
  readonly strategy: string;
  readonly naming: PropertyValues<typeof schemaNaming>;
  readonly cache?: SchemaCache;
  readonly formats: DateFormats;
  readonly lenient?: boolean;
  /** Records that have the same types, where those of the content do not tell all of them. */
  readonly sample?: () => AsyncIterable<RecordBatch>;
  /** The part of the given schema that describes the records. */
  readonly narrow?: (schema: RecordSchema) => RecordSchema;
}

/** Records with the schema of the strategy: given, cached, or found out by looking at everything once. Throws ProcessError. */
export async function readWithSchema(batches: () => AsyncIterable<RecordBatch>, flowFile: FlowFile, access: Access): Promise<RecordSet> {
  const { formats, narrow, lenient } = access;
  const named = await givenSchema(access.strategy, access.naming, flowFile);
  const known = named ? (narrow?.(named) ?? named) : cachedSchema(access.cache, flowFile);
  if (known) return { schema: known, batches: each(batches(), (record) => (lenient ? coerceLeniently(record, known, formats) : coerceRecord(record, known, formats))) };
  const inference = new SchemaInference(formats);
  for await (const batch of (access.sample ?? batches)()) for (const record of batch) inference.look(record);
  const { schema } = inference;
  const isPlain = !schema.fields.some(({ type }) => needsCoercion(type));
  return { schema, batches: isPlain ? batches() : each(batches(), (record) => coerceLeniently(record, schema, formats)) };
}
