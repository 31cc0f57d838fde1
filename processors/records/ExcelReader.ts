import { PropertyError, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { type OpenContent, type ReadOptions, RECORD_READER, type RecordReaderFactory, type RecordSet } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { excelBatches, type ExcelReading, schemaOfHeader, schemaOfPlaces } from './excel-records.ts';
import { accessProblems, dateFormats, formatsOf, givenSchema, schemaDetails, STRATEGIES, unsupported } from './schema-properties.ts';
import { XlsxWorkbook } from './xlsx-workbook.ts';

const BY_HEADER = 'Use Starting Row';

/** Throws PropertyError where it is no number of a row. */
function rowNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text.trim()) || Number(text) < 1) throw new PropertyError(`'${text}' is not the number of a row: 1 is the first`);
  return Number(text);
}

const properties = {
  access: property.choice(
    'Schema Access Strategy',
    'Where the fields and their types come from: a row names the columns, or the fields are called column_0, column_1 and so on, or a schema tells what columns are in their order',
    { ...STRATEGIES.name, ...STRATEGIES.text, ...STRATEGIES.reference, [BY_HEADER]: BY_HEADER, ...STRATEGIES.infer },
    { default: BY_HEADER },
  ),
  ...schemaDetails,
  fileType: property.choice(
    'Input File Type',
    'The format of workbooks; XLS, that of Excel before 2007, cannot be read by this runtime',
    { XLS: 'XLS', XLSX: 'XLSX' },
    { default: 'XLSX' },
  ),
  protection: property.choice(
    'Protection Type',
    'Whether workbooks are encrypted; those with a password cannot be read by this runtime',
    { UNPROTECTED: 'Unprotected', PASSWORD: 'Password Protected' },
    { default: 'UNPROTECTED' },
  ),
  password: property.text('Password', 'Kept for flows made in NiFi: workbooks with a password cannot be read by this runtime', {
    required: true,
    sensitive: true,
    dependsOn: { 'Protection Type': ['PASSWORD'] },
  }),
  startingRow: property.text('Starting Row', 'The first row that is read, counted from 1: that which names the columns, where one does', { default: '1', expressions: 'flowfile' }),
  evaluation: property.choice(
    'Row Evaluation Strategy',
    'How many rows behind the one that names the columns tell their types: ten, or all',
    { STANDARD: 'Standard', ALL: 'All Rows' },
    { default: 'STANDARD', dependsOn: { 'Schema Access Strategy': [BY_HEADER] } },
  ),
  sheets: property.text('Required Sheets', 'Names of the sheets to read, with commas between them; all sheets where it is not set', { expressions: 'flowfile' }),
  ...dateFormats,
};

type Values = PropertyValues<typeof properties>;

/** A workbook whose records nobody asked for is closed when they are forgotten. */
const forgotten = new FinalizationRegistry<XlsxWorkbook>((workbook) => workbook.close());

function readingOf(workbook: XlsxWorkbook, values: Values, flowFile: FlowFile, { lenient = false }: ReadOptions): ExcelReading {
  const wanted = (values.sheets(flowFile) ?? '').split(',').filter((name) => name !== '');
  try {
    return { workbook, sheets: workbook.sheetNames(wanted), startingRow: rowNumber(values.startingRow(flowFile) ?? '1'), formats: formatsOf(values), lenient };
  } catch (thrown) {
    throw thrown instanceof PropertyError ? new ProcessError(`Starting Row: ${thrown.message}.`) : thrown;
  }
}

async function recordsOf(reading: ExcelReading, values: Values, flowFile: FlowFile): Promise<RecordSet> {
  if (values.access === BY_HEADER) {
    const { schema, row } = await schemaOfHeader(reading, values.evaluation === 'ALL');
    return { schema, batches: excelBatches(reading, schema, row) };
  }
  const schema = (await givenSchema(values.access, values, flowFile)) ?? (await schemaOfPlaces(reading));
  return { schema, batches: excelBatches(reading, schema, undefined) };
}

async function read(open: OpenContent, values: Values, flowFile: FlowFile, options: ReadOptions): Promise<RecordSet> {
  const workbook = await XlsxWorkbook.open(open());
  try {
    const records = await recordsOf(readingOf(workbook, values, flowFile, options), values, flowFile);
    forgotten.register(records.batches, workbook);
    return records;
  } catch (thrown) {
    workbook.close();
    throw thrown;
  }
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.excel', bundle: 'nifi-poi-nar' },
  description: 'Reads the rows of Excel workbooks (XLSX) as records, sheet after sheet. Formulas count as what Excel found out for them.',
  tags: ['cell', 'excel', 'parse', 'reader', 'record', 'row', 'spreadsheet', 'values', 'xls', 'xlsx'],
  properties,
  provides: [RECORD_READER],
  validate: (values) => [
    ...unsupported(['Input File Type', values.fileType, ['XLSX']], ['Protection Type', values.protection, ['UNPROTECTED']]),
    ...accessProblems(values.access, values),
  ],
  onEnabled: ({ properties: values }): RecordReaderFactory => ({ read: (open, flowFile, options = {}) => read(open, values, flowFile, options) }),
});
