import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import type { RecordBatch, RecordField } from '../../server/extension/record.ts';
import { type OpenContent, RECORD_READER, type RecordReaderFactory, type RecordSet } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { checkReadable, decodePieces } from './character-sets.ts';
import { comment, csvFormat, dialectOf, escapeCharacter, nullText, quote, recordSeparator, separator, trims } from './csv-dialects.ts';
import { ColumnTypes, columnNames, recordOf } from './csv-fields.ts';
import { type CsvRow, CsvScanner } from './csv-scanner.ts';
import { dateFormats, schemaDetails, unsupported } from './schema-properties.ts';

const properties = {
  access: property.choice(
    'Schema Access Strategy',
    'Where the columns and their types come from: the first line names them, and their types are text or follow from all values',
    {
      'schema-name': "Use 'Schema Name' Property",
      'schema-text-property': "Use 'Schema Text' Property",
      'schema-reference-reader': 'Schema Reference Reader',
      'csv-header-derived': 'Use String Fields From Header',
      'infer-schema': 'Infer Schema',
    },
    { default: 'infer-schema' },
  ),
  ...schemaDetails,
  parser: property.choice(
    'CSV Parser',
    'Kept for flows made in NiFi: all are read by the same parser',
    { 'commons-csv': 'Apache Commons CSV', 'jackson-csv': 'Jackson CSV', 'fast-csv': 'FastCSV' },
    { default: 'commons-csv' },
  ),
  ...dateFormats,
  csvFormat,
  separator,
  recordSeparator,
  hasHeader: property.boolean('Treat First Line as Header', 'Kept for flows made in NiFi: with the strategies that this runtime knows, the first line always is the header', {
    default: 'false',
  }),
  ignoresHeader: property.boolean('Ignore CSV Header Column Names', 'Kept for flows made in NiFi: matters only with a schema of its own', { default: 'false', required: false }),
  quote,
  escaping: escapeCharacter,
  comment,
  nullText,
  trims,
  characterSet: property.text('Character Set', 'In which character set the content is read', { default: 'UTF-8', validate: checkReadable }),
  duplicates: property.boolean('Allow Duplicate Header Names', 'Whether two columns may have the same name; the second is called after its place', {
    default: 'true',
    required: false,
    dependsOn: { 'CSV Format': ['custom'] },
  }),
  doubleQuotes: property.boolean('Trim Double Quote', 'Kept for flows made in NiFi: quotes around values are always left out', {
    default: 'true',
    dependsOn: { 'CSV Format': ['rfc-4180'] },
  }),
};

type Values = PropertyValues<typeof properties>;

/** All rows in turn, the header first. */
async function* rows(open: OpenContent, flowFile: FlowFile, values: Values): AsyncGenerator<CsvRow[]> {
  const scanner = new CsvScanner(dialectOf(values, flowFile));
  for await (const piece of decodePieces(open(), values.characterSet)) yield scanner.take(piece);
  yield scanner.end();
}

/** Looks at everything once where types must be inferred, at the header only otherwise. */
async function fieldsOf(open: OpenContent, flowFile: FlowFile, values: Values): Promise<RecordField[]> {
  const types = new ColumnTypes();
  let names: string[] | undefined;
  for await (const batch of rows(open, flowFile, values)) {
    for (const row of batch) {
      if (names) types.look(row);
      else names = columnNames(row, values.duplicates ?? true);
    }
    if (names && values.access === 'csv-header-derived') return names.map((name) => ({ name, type: 'text' }));
  }
  return types.fields(names ?? []);
}

async function* records(open: OpenContent, flowFile: FlowFile, values: Values, fields: readonly RecordField[]): AsyncGenerator<RecordBatch> {
  let number = 0;
  for await (const batch of rows(open, flowFile, values)) {
    const data = number === 0 ? batch.slice(1) : batch;
    if (batch.length > 0 && number === 0) number = 1;
    if (data.length > 0) yield data.map((row) => recordOf(row, fields, ++number));
  }
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.csv', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads records from CSV. The first line names the columns; their types follow from all values, numbers keep all their digits.',
  tags: ['csv', 'parse', 'record', 'row', 'reader', 'delimited', 'comma', 'separated', 'values'],
  properties,
  provides: [RECORD_READER],
  validate: ({ access }) => unsupported(['Schema Access Strategy', access, ['infer-schema', 'csv-header-derived']]),
  onEnabled: ({ properties: values }): RecordReaderFactory => ({
    async read(open, flowFile): Promise<RecordSet> {
      const fields = await fieldsOf(open, flowFile, values);
      return { fields, batches: records(open, flowFile, values, fields) };
    },
  }),
});
