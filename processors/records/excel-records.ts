import { ProcessError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordBatch, RecordValue } from '../../server/extension/record.ts';
import { coerce, textOf } from '../../server/extension/record-coercion.ts';
import { type DateFormats, formatDate } from '../../server/extension/record-dates.ts';
import { type DataType, field, mergeTypes, type RecordSchema, type SchemaField, typeName, TYPES } from '../../server/extension/record-schema.ts';
import { typeOfText } from '../../server/extension/schema-inference.ts';
import type { Cell, Row } from './xlsx-rows.ts';
import type { XlsxWorkbook } from './xlsx-workbook.ts';

/** How many rows behind the header tell the types, unless all do. */
const FEW_ROWS = 10;

/** What is read of a workbook. */
export interface ExcelReading {
  readonly workbook: XlsxWorkbook;
  readonly sheets: readonly string[];
  /** The number of the first row, counted from 1. */
  readonly startingRow: number;
  readonly formats: DateFormats;
  readonly lenient: boolean;
}

async function* rowsFrom({ workbook, sheets, startingRow }: ExcelReading): AsyncGenerator<Row[]> {
  for (const sheet of sheets) for await (const rows of workbook.rows(sheet)) yield rows.filter(({ number }) => number >= startingRow);
}

async function* singleRows(reading: ExcelReading): AsyncGenerator<Row> {
  for await (const rows of rowsFrom(reading)) yield* rows;
}

const DATES: readonly DataType[] = [TYPES.date, TYPES.time, TYPES.timestamp];
const isDateType = (type: DataType | undefined): boolean => type !== undefined && DATES.includes(type);

/** Gathers the types of columns. */
class ColumnTypes {
  readonly types: (DataType | undefined)[] = [];
  readonly #formats: DateFormats;

  constructor(formats: DateFormats) {
    this.#formats = formats;
  }

  look({ cells }: Row): void {
    for (const [index, cell] of cells.entries()) {
      if (!cell) this.types[index] ??= undefined;
      else this.types[index] = merged(this.types[index], cell.type ?? typeOfText(String(cell.value), this.#formats));
    }
  }

  fields(names: readonly string[]): SchemaField[] {
    return names.map((name, index) => field(name, this.types[index] ?? TYPES.string));
  }
}

/** Days here and moments there are moments. */
function merged(known: DataType | undefined, type: DataType): DataType {
  if (known === undefined || known === type) return type;
  return isDateType(known) && isDateType(type) ? TYPES.timestamp : mergeTypes(known, type);
}

/** Fields called after their places. */
export async function schemaOfPlaces(reading: ExcelReading): Promise<RecordSchema> {
  const types = new ColumnTypes(reading.formats);
  for await (const rows of rowsFrom(reading)) for (const row of rows) types.look(row);
  return { fields: types.fields(Array.from(types.types, (_, index) => `column_${index}`)) };
}

/** A second column of a name gets a number. */
function distinct(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}

function namesOf({ cells, number, sheet }: Row): string[] {
  if (cells.length === 0) throw new ProcessError(`Row ${number} of sheet '${sheet}', which is to name the columns, has no cells. Set Starting Row to the row that does.`);
  return distinct(Array.from(cells, (cell, index) => (cell === undefined || cell.value === '' ? `column_${index}` : textOf(cell.value))));
}

/** A schema whose fields the header names, and the number of that row in the first sheet. */
export interface Header {
  readonly schema: RecordSchema;
  readonly row: number;
}

/** The first row of the first sheet names the columns, the next ten or all tell the types. Throws ProcessError. */
export async function schemaOfHeader(reading: ExcelReading, looksAtAll: boolean): Promise<Header> {
  const types = new ColumnTypes(reading.formats);
  let header: Row | undefined;
  let names: string[] = [];
  let count = 0;
  for await (const row of singleRows(reading)) {
    if (!header) {
      header = row;
      names = namesOf(row);
    } else if (row.number !== reading.startingRow) {
      if (!looksAtAll && ++count > FEW_ROWS) break;
      checkWidth(row, names.length);
      types.look(row);
    }
  }
  if (!header) throw new ProcessError('The sheets have no rows from Starting Row on, so that nothing names the columns.');
  return { schema: { fields: types.fields(names) }, row: header.number };
}

function checkWidth({ cells, number, sheet }: Row, width: number): void {
  if (cells.length > width) throw new ProcessError(`Row ${number} of sheet '${sheet}' has ${cells.length} cells, but the header names ${width} columns only.`);
}

function fieldValue(cell: Cell, { name, type }: SchemaField, row: Row, { formats, lenient }: ExcelReading): RecordValue {
  const { value } = cell;
  const isDate = isDateType(cell.type);
  if (type.kind === 'string' && isDate) return dateText(String(value), formats);
  if (value === '' && type.kind !== 'string') return null;
  // Dates are ISO text already, whatever formats say of texts.
  const coerced = coerce(value, type, isDate ? {} : formats);
  if (coerced !== undefined) return coerced;
  if (lenient) return value;
  throw new ProcessError(
    `Row ${row.number} of sheet '${row.sheet}' has '${String(value).slice(0, 100)}' in the column '${name}', which is no ${typeName(type)}. ` +
      'Set Row Evaluation Strategy to All Rows, or give a schema.',
  );
}

const dateText = (iso: string, { timestamp }: DateFormats): string => (timestamp === undefined ? iso : String(formatDate(iso, 'timestamp', timestamp)));

function recordOf(row: Row, { fields }: RecordSchema, reading: ExcelReading): DataRecord {
  const record: DataRecord = {};
  for (const [index, cell] of row.cells.entries()) {
    if (!cell) continue;
    const known = fields[index];
    if (known) record[known.name] = fieldValue(cell, known, row, reading);
    else if (reading.lenient) record[`unknown_field_index_${index}`] = cell.value;
  }
  return record;
}

/** The rows as records; those of a header are left out. Closes the workbook at the end. Throws ProcessError. */
export async function* excelBatches(reading: ExcelReading, schema: RecordSchema, headerRow: number | undefined): AsyncGenerator<RecordBatch> {
  const { sheets, startingRow } = reading;
  const isHeader = ({ sheet, number }: Row): boolean => headerRow !== undefined && (number === startingRow || (sheet === sheets[0] && number === headerRow));
  try {
    for await (const rows of rowsFrom(reading)) {
      const records = rows.filter((row) => !isHeader(row));
      if (headerRow !== undefined && !reading.lenient) for (const row of records) checkWidth(row, schema.fields.length);
      yield records.map((row) => recordOf(row, schema, reading));
    }
  } finally {
    reading.workbook.close();
  }
}
