import { avroSchemaText } from '../../server/extension/avro-schema.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { coerceRecord } from '../../server/extension/record-coercion.ts';
import type { DateFormats } from '../../server/extension/record-dates.ts';
import type { RecordSet, SchemaCache } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { givenSchema, type schemaNaming } from './schema-properties.ts';
import type { PropertyValues } from '../../server/extension/property.ts';

type Values = PropertyValues<typeof schemaNaming> & { readonly schemaWrite: string; readonly schemaAccess: string; readonly schemaCache?: SchemaCache };

async function* coerced(batches: AsyncIterable<RecordBatch>, schema: RecordSchema, formats: DateFormats): AsyncGenerator<RecordBatch> {
  for await (const batch of batches) yield batch.map((record) => coerceRecord(record, schema, formats));
}

/** The records as a writer must write them: as they are, or turned into the schema that the writer was given. Throws ProcessError. */
export async function asWritten(records: RecordSet, values: Values, flowFile: FlowFile, formats: DateFormats = {}): Promise<RecordSet> {
  const schema = await givenSchema(values.schemaAccess, values, flowFile);
  return schema ? { schema, batches: coerced(records.batches, schema, formats) } : records;
}

/** The attributes by which a writer tells of the schema (NiFi's Schema Write Strategy). */
export function schemaAttributes(schema: RecordSchema, { schemaWrite, schemaCache }: Pick<Values, 'schemaWrite' | 'schemaCache'>): Record<string, string> {
  const attributes: Record<string, string> = schemaCache ? { 'schema.cache.identifier': schemaCache.store(schema) } : {};
  if (schemaWrite === 'full-schema-attribute') attributes['avro.schema'] = avroSchemaText(schema);
  if (schemaWrite === 'schema-name' && schema.name !== undefined) attributes['schema.name'] = schema.name;
  return attributes;
}
