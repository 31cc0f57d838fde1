import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { parse, stringify } from 'lossless-json';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { RECORD_SET_WRITER, type RecordSet, type RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { recordWriter } from './json-text.ts';
import { dateFormats, formatsOf, unsupported, writerProblems, writerSchema } from './schema-properties.ts';
import { asWritten, schemaAttributes } from './writer-schema.ts';

const same = <const N extends string>(...names: readonly N[]): { readonly [K in N]: string } =>
  Object.fromEntries(names.map((name) => [name, name])) as unknown as { readonly [K in N]: string };

const properties = {
  ...writerSchema,
  ...dateFormats,
  pretty: property.boolean('Pretty Print JSON', 'Whether the JSON is laid out for reading', { default: 'false' }),
  nulls: property.choice(
    'Suppress Null Values',
    'Whether fields without a value are left out',
    { 'never-suppress': 'Never Suppress', 'always-suppress': 'Always Suppress', 'suppress-missing': 'Suppress Missing Values' },
    { default: 'never-suppress' },
  ),
  scientific: property.boolean('Allow Scientific Notation', 'Whether numbers may be written with an exponent', { default: 'false' }),
  grouping: property.choice(
    'Output Grouping',
    'Whether records make up an array, or each has a line of its own',
    { 'output-array': 'Array', 'output-oneline': 'One Line Per Object' },
    { default: 'output-array' },
  ),
  compression: property.choice('Compression Format', 'How the content is compressed', same('none', 'gzip', 'bzip2', 'xz-lzma2', 'snappy', 'snappy framed', 'zstd'), {
    default: 'none',
  }),
  level: property.choice('Compression Level', 'From fast to small', same('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), {
    default: '1',
    dependsOn: { 'Compression Format': ['gzip'] },
  }),
};

type Values = PropertyValues<typeof properties>;

async function* json(given: RecordSet, flowFile: FlowFile, values: Values): AsyncGenerator<string> {
  const formats = formatsOf(values);
  const { schema, batches } = await asWritten(given, values, flowFile, formats);
  const write = recordWriter(schema, { ...values, formats });
  const isArray = values.grouping === 'output-array';
  const text = (record: DataRecord): string => (values.pretty && isArray ? stringify(parse(write(record)), undefined, 2)! : write(record));
  const between = isArray ? (values.pretty ? ',\n' : ',') : '\n';
  let isFirst = true;
  if (isArray) yield '[';
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield (isFirst ? '' : between) + batch.map(text).join(between);
    isFirst = false;
  }
  if (isArray) yield ']';
}

/** An error while reading records ends the compression with it. */
async function* compressed(pieces: AsyncIterable<string>, level: number): AsyncGenerator<Uint8Array> {
  const source = Readable.from(pieces);
  const gzip = createGzip({ level });
  source.on('error', (error) => gzip.destroy(error));
  yield* source.pipe(gzip) as AsyncIterable<Uint8Array>;
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.json', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Writes records as JSON: an array of objects, or one object per line.',
  tags: ['json', 'resultset', 'writer', 'serialize', 'record', 'recordset', 'row'],
  properties,
  provides: [RECORD_SET_WRITER],
  validate: (values) => [
    ...writerProblems(values),
    ...unsupported(['Compression Format', values.compression, ['none', 'gzip']]),
    ...(values.pretty && values.grouping === 'output-oneline' ? ['Pretty Print JSON must be false when Output Grouping is One Line Per Object'] : []),
  ],
  onEnabled: ({ properties: values }): RecordSetWriterFactory => ({
    mimeType: values.compression === 'gzip' ? 'application/gzip' : 'application/json',
    write: (records, flowFile) => {
      const pieces = json(records, flowFile, values);
      return values.compression === 'gzip' ? compressed(pieces, Number(values.level)) : pieces;
    },
    attributes: (schema) => schemaAttributes(schema, values),
  }),
});
