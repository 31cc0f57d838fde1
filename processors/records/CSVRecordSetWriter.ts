import { stringify, type Options } from 'csv-stringify/sync';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { type RecordValue, stringifyExactly } from '../../server/extension/record.ts';
import { type DateFormats, formatDate } from '../../server/extension/record-dates.ts';
import { RECORD_SET_WRITER, type RecordSet, type RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { type DataType, fieldTypeOf } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { checkWritable, encodeText } from './character-sets.ts';
import type { CsvDialect } from './csv-scanner.ts';
import { comment, csvFormat, dialectOf, escapeCharacter, nullText, quote, recordSeparator, separator, trims, unescapeText } from './csv-dialects.ts';
import { numberText } from './record-numbers.ts';
import { dateFormats, formatsOf, writerProblems, writerSchema } from './schema-properties.ts';
import { asWritten, schemaAttributes } from './writer-schema.ts';

const CUSTOM = { 'CSV Format': ['custom'] };

const properties = {
  ...writerSchema,
  ...dateFormats,
  csvFormat,
  writer: property.choice(
    'CSV Writer',
    'Kept for flows made in NiFi: both write the same',
    { 'commons-csv': 'Apache Commons CSV', 'fast-csv': 'FastCSV' },
    { default: 'commons-csv' },
  ),
  separator,
  header: property.boolean('Include Header Line', 'Whether the first line names the columns', { default: 'true' }),
  quote,
  escaping: escapeCharacter,
  comment,
  nullText,
  trims,
  quoting: property.choice(
    'Quote Mode',
    'Which values stand in quotes',
    { ALL: 'Quote All Values', MINIMAL: 'Quote Minimal', NON_NUMERIC: 'Quote Non-Numeric Values', NONE: 'Do Not Quote Values' },
    { default: 'MINIMAL', dependsOn: CUSTOM },
  ),
  recordSeparator,
  trailing: property.boolean('Include Trailing Delimiter', 'Whether a separator stands behind the last value too', { default: 'false', dependsOn: CUSTOM }),
  characterSet: property.text('Character Set', 'In which character set the content is written', { default: 'UTF-8', validate: checkWritable }),
};

type Values = PropertyValues<typeof properties>;

/** How the CSV of one FlowFile is written. */
interface Format {
  readonly dialect: CsvDialect;
  readonly options: Options;
  readonly quoting: Values['quoting'];
  readonly formats: DateFormats;
}

/** Text without quotes, its separators and line breaks escaped. */
function unquoted(text: string, { separator: between, escaping = '\\' }: CsvDialect): string {
  return [...text].map((c) => (c === between || c === escaping ? escaping + c : c === '\n' ? `${escaping}n` : c === '\r' ? `${escaping}r` : c)).join('');
}

function formatFor(values: Values, flowFile: FlowFile): Format {
  const custom = values.csvFormat === 'custom';
  const dialect = dialectOf(values, flowFile);
  const { separator: delimiter, quote: around = '"' } = dialect;
  const quoting = custom ? values.quoting : dialect.quote === undefined ? 'NONE' : 'MINIMAL';
  const lineBreak = custom ? unescapeText(values.recordSeparator) : values.csvFormat === 'rfc-4180' || values.csvFormat === 'excel' ? '\r\n' : '\n';
  const all = quoting === 'ALL';
  return {
    dialect,
    quoting,
    formats: formatsOf(values),
    options: {
      delimiter,
      record_delimiter: lineBreak,
      quote: quoting === 'NONE' ? '' : around,
      escape: around,
      quoted: all,
      quoted_empty: all,
      quoted_string: quoting === 'NON_NUMERIC',
    },
  };
}

/** A value for the writer: numbers stay numbers, as it may quote all others. */
function cell(value: RecordValue | undefined, type: DataType, { dialect, quoting, formats }: Format): string | number | bigint {
  if (value === null || value === undefined) return dialect.nullText ?? '';
  const number = numberText(value, fieldTypeOf(type), false);
  if (number !== undefined) return quoting === 'NON_NUMERIC' && String(Number(number)) === number ? Number(number) : number;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const { kind } = type;
  const text = typeof value !== 'string' ? stringifyExactly(value) : kind === 'date' || kind === 'time' || kind === 'timestamp' ? formatDate(value, kind, formats[kind]) : value;
  const trimmed = dialect.trims && typeof text === 'string' ? text.trim() : text;
  return quoting === 'NONE' ? unquoted(String(trimmed), dialect) : trimmed;
}

async function* csv(given: RecordSet, flowFile: FlowFile, values: Values): AsyncGenerator<Uint8Array> {
  const format = formatFor(values, flowFile);
  const { schema, batches } = await asWritten(given, values, flowFile, format.formats);
  const { fields } = schema;
  const padded = <T>(row: readonly T[]): (T | string)[] => (values.trailing && values.csvFormat === 'custom' ? [...row, ''] : [...row]);
  const bytes = (rows: unknown[][]): Uint8Array => encodeText(stringify(rows, format.options), values.characterSet);
  if (values.header && fields.length > 0) yield bytes([padded(fields.map(({ name }) => name))]);
  for await (const batch of batches) yield bytes(batch.map((record) => padded(fields.map(({ name, type }) => cell(record[name], type, format)))));
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.csv', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Writes records as CSV. Lists and objects inside records become JSON text.',
  tags: ['csv', 'result', 'set', 'recordset', 'record', 'writer', 'serializer', 'row', 'tsv', 'tab', 'separated', 'delimited'],
  properties,
  provides: [RECORD_SET_WRITER],
  validate: (values) => writerProblems(values),
  onEnabled: ({ properties: values }): RecordSetWriterFactory => ({
    mimeType: 'text/csv',
    write: (records, flowFile) => csv(records, flowFile, values),
    attributes: (schema) => schemaAttributes(schema, values),
  }),
});
