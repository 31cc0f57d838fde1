import { isAvroFile, readAvroDatums, readAvroFile } from '../../server/extension/avro-content.ts';
import { avroSchemaText } from '../../server/extension/avro-schema.ts';
import { property } from '../../server/extension/property.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { coerceRecord } from '../../server/extension/record-coercion.ts';
import { type OpenContent, RECORD_READER, type RecordReaderFactory, type RecordSet } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { accessProblems, givenSchema, schemaDetails, STRATEGIES } from './schema-properties.ts';

const properties = {
  access: property.choice(
    'Schema Access Strategy',
    'Where the schema comes from; with a schema of its own the content may also be bare records',
    { ...STRATEGIES.name, ...STRATEGIES.text, ...STRATEGIES.reference, 'embedded-avro-schema': 'Use Embedded Avro Schema' },
    { default: 'embedded-avro-schema' },
  ),
  ...schemaDetails,
  cacheSize: property.integer('Cache Size', 'Kept for flows made in NiFi: schemas are parsed once per FlowFile', { default: '1000' }),
};

async function* coerced(batches: AsyncIterable<RecordBatch>, schema: RecordSchema): AsyncGenerator<RecordBatch> {
  for await (const batch of batches) yield batch.map((record) => coerceRecord(record, schema));
}

async function readAs(schema: RecordSchema, open: OpenContent): Promise<RecordSet> {
  if (!(await isAvroFile(open()))) return { schema, batches: readAvroDatums(open(), avroSchemaText(schema)) };
  return { schema, batches: coerced((await readAvroFile(open())).batches, schema) };
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.avro', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads records from Avro data files, or from bare Avro records where the schema is given.',
  tags: ['avro', 'parse', 'record', 'row', 'reader', 'delimited', 'comma', 'separated', 'values'],
  properties,
  provides: [RECORD_READER],
  validate: (values) => accessProblems(values.access, values),
  onEnabled: ({ properties: values }): RecordReaderFactory => ({
    async read(open, flowFile) {
      const schema = await givenSchema(values.access, values, flowFile);
      return schema ? readAs(schema, open) : readAvroFile(open());
    },
  }),
});
