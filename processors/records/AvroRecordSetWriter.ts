import { type AvroCompression, writeAvro } from '../../server/extension/avro-content.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { RECORD_SET_WRITER, type RecordSet, type RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { embeddingWriterSchema, unsupported, writerProblems } from './schema-properties.ts';
import { asWritten, schemaAttributes } from './writer-schema.ts';

const properties = {
  ...embeddingWriterSchema,
  compression: property.choice(
    'Compression Format',
    'How blocks of records are compressed',
    { BZIP2: 'BZIP2', DEFLATE: 'DEFLATE', NONE: 'NONE', SNAPPY: 'SNAPPY', LZO: 'LZO' },
    { default: 'NONE' },
  ),
  cacheSize: property.integer('Cache Size', 'Kept for flows made in NiFi', { default: '1000' }),
  encoders: property.integer('Encoder Pool Size', 'Kept for flows made in NiFi', { default: '32', expressions: 'environment' }),
};

type Values = PropertyValues<typeof properties>;

const COMPRESSIONS: Readonly<Record<string, AvroCompression>> = { NONE: 'null', DEFLATE: 'deflate', SNAPPY: 'snappy' };

async function* avro(given: RecordSet, flowFile: FlowFile, values: Values): AsyncGenerator<Uint8Array> {
  const records = await asWritten(given, values, flowFile);
  yield* writeAvro(records, { compression: COMPRESSIONS[values.compression], bare: values.schemaWrite !== 'avro-embedded' });
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.avro', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Writes records as an Avro data file, or as bare Avro records where the schema is told otherwise.',
  tags: ['avro', 'result', 'set', 'writer', 'serializer', 'record', 'recordset', 'row'],
  properties,
  provides: [RECORD_SET_WRITER],
  validate: (values) => [...writerProblems(values), ...unsupported(['Compression Format', values.compression, Object.keys(COMPRESSIONS)])],
  onEnabled: ({ properties: values }): RecordSetWriterFactory => ({
    mimeType: 'application/avro-binary',
    write: (records, flowFile) => avro(records, flowFile, values),
    attributes: (schema) => schemaAttributes(schema, values),
  }),
});
