import type { CompressionCodec } from 'hyparquet';
import { property } from '../../server/extension/property.ts';
import { RECORD_SET_WRITER, type RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { writeParquet } from './parquet-writing.ts';
import { unsupported, writerProblems, writerSchema } from './schema-properties.ts';
import { asWritten, schemaAttributes } from './writer-schema.ts';

const yesOrNo = { true: 'true', false: 'false' };

const properties = {
  ...writerSchema,
  cacheSize: property.integer('Cache Size', 'Kept for flows made in NiFi', { default: '1000' }),
  compression: property.choice(
    'Compression Type',
    'How pages are compressed',
    { UNCOMPRESSED: 'UNCOMPRESSED', SNAPPY: 'SNAPPY', GZIP: 'GZIP', LZO: 'LZO', BROTLI: 'BROTLI', LZ4: 'LZ4', ZSTD: 'ZSTD', LZ4_RAW: 'LZ4_RAW' },
    { default: 'UNCOMPRESSED' },
  ),
  rowGroupSize: property.dataSize('Row Group Size', 'How much a group of rows holds; it is in memory until it is written. 2 MB, or 10,000 rows, where it is not set', {
    expressions: 'flowfile',
  }),
  pageSize: property.dataSize('Page Size', 'How much a page of a column holds before it is compressed; 1 MB where it is not set', { expressions: 'flowfile' }),
  dictionarySize: property.dataSize('Dictionary Page Size', 'How much the dictionary of a column may hold; unlimited, where it makes the column half as large, if it is not set', {
    expressions: 'flowfile',
  }),
  padding: property.dataSize('Max Padding Size', 'Kept for flows made in NiFi: it has a meaning in HDFS only', { expressions: 'flowfile' }),
  dictionaries: property.choice('Enable Dictionary Encoding', 'Kept for flows made in NiFi: columns have a dictionary where that makes them smaller', yesOrNo),
  validates: property.choice('Enable Validation', 'Kept for flows made in NiFi: records are always checked against the schema', yesOrNo),
  version: property.choice('Writer Version', 'Kept for flows made in NiFi: what is written, readers of both versions read', {
    PARQUET_1_0: 'PARQUET_1_0',
    PARQUET_2_0: 'PARQUET_2_0',
  }),
  oldLists: property.boolean('Avro Write Old List Structure', 'Kept for flows made in NiFi: lists always have three levels, which every reader knows and which alone hold nulls', {
    default: 'true',
  }),
  listRecords: property.boolean('Avro Add List Element Records', 'Kept for flows made in NiFi: elements of lists are what they are', { default: 'true' }),
  int96: property.text('INT96 Fields', 'Kept for flows made in NiFi: leave it empty, as timestamps are 64-bit microseconds here, and INT96 is deprecated'),
};

const SUPPORTED: readonly CompressionCodec[] = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'];

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.parquet', bundle: 'nifi-parquet-nar' },
  description: 'Writes records as a Parquet file, group of rows by group of rows. Numbers keep all their digits, timestamps their microseconds.',
  tags: ['parquet', 'result', 'set', 'writer', 'serializer', 'record', 'recordset', 'row'],
  properties,
  provides: [RECORD_SET_WRITER],
  validate: (values) => [
    ...writerProblems(values),
    ...unsupported(['Compression Type', values.compression, SUPPORTED]),
    ...(values.int96 ? ['INT96 Fields is not supported by this runtime: leave it empty; timestamps are written as 64-bit microseconds'] : []),
  ],
  onEnabled: ({ properties: values }): RecordSetWriterFactory => ({
    mimeType: 'application/parquet',
    async *write(records, flowFile) {
      const { compression, rowGroupSize, pageSize, dictionarySize } = values;
      const style = { codec: compression as CompressionCodec, rowGroupSize: rowGroupSize(flowFile), pageSize: pageSize(flowFile), dictionarySize: dictionarySize(flowFile) };
      yield* writeParquet(await asWritten(records, values, flowFile), style);
    },
    attributes: (schema) => schemaAttributes(schema, values),
  }),
});
