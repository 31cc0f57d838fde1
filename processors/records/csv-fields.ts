import { ProcessError } from '../../server/extension/errors.ts';
import { type DataRecord, ExactNumber, exactNumber, type RecordValue } from '../../server/extension/record.ts';
import { coerce } from '../../server/extension/record-coercion.ts';
import type { DateFormats } from '../../server/extension/record-dates.ts';
import { type DataType, field, mergeTypes, type RecordSchema, type SchemaField, schemaOf, TYPES, typeName } from '../../server/extension/record-schema.ts';
import { typeOfNumber, typeOfText } from '../../server/extension/schema-inference.ts';
import type { CsvRow } from './csv-scanner.ts';

/** More columns than this are no columns, most likely. */
const MAX_COLUMNS = 100_000;

/**
 * The type that a text without quotes or marks looks like. A number with zeros before it (007, a postal code) is text: NiFi makes 7 of it and loses
 * what it said.
 */
export function typeOfUnquoted(text: string, formats: DateFormats): DataType {
  if (/^-?(?:0|[1-9]\d*)$/.test(text)) return typeOfNumber(exactNumber(text));
  if (/^-?(?:0|[1-9]\d*)?\.\d+$/.test(text)) {
    const number = exactNumber(text.replace(/^(-?)\./, '$10.'));
    return number instanceof ExactNumber ? typeOfNumber(number) : TYPES.double;
  }
  return /^(?:true|false)$/i.test(text) ? TYPES.boolean : typeOfText(text, formats);
}

/** Finds out the types of columns by looking at all values. Whatever is now this and now that is text. */
export class ColumnTypes {
  readonly #types: (DataType | undefined)[] = [];
  readonly #formats: DateFormats;

  constructor(formats: DateFormats) {
    this.#formats = formats;
  }

  look(row: CsvRow): void {
    for (let index = 0; index < row.length; index++) {
      const value = row[index]!;
      const known = this.#types[index];
      if (value === null || known === TYPES.string) continue;
      const merged = known ? mergeTypes(known, typeOfUnquoted(value, this.#formats)) : typeOfUnquoted(value, this.#formats);
      this.#types[index] = merged.kind === 'choice' ? TYPES.string : merged;
    }
  }

  schema(names: readonly string[]): RecordSchema {
    return schemaOf(names.map((name, index) => field(name, this.#types[index] ?? TYPES.string)));
  }
}

/** Which field each column holds; undefined where the schema has none for it. */
export interface Columns {
  readonly fields: readonly (SchemaField | undefined)[];
  readonly schema: RecordSchema;
  readonly formats: DateFormats;
  readonly lenient: boolean;
}

function cellValue(text: string | null, { name, type }: SchemaField, { formats, lenient }: Columns, number: number): RecordValue {
  if (text === null || type === TYPES.string) return text;
  const value = coerce(text, type, formats);
  if (value === undefined && !lenient) throw new ProcessError(`Row ${number} has '${text.slice(0, 100)}' in the column '${name}', which is no ${typeName(type)}.`);
  return value ?? text;
}

/** A row as a record. Throws ProcessError where it has more values than there are columns. */
export function recordOf(row: CsvRow, columns: Columns, number: number): DataRecord {
  const { fields } = columns;
  const record: DataRecord = {};
  for (let index = 0; index < fields.length; index++) {
    const known = fields[index];
    if (known) record[known.name] = index < row.length ? cellValue(row[index]!, known, columns, number) : null;
  }
  if (row.length > fields.length) takeExtra(record, row, columns, number);
  return record;
}

function takeExtra(record: DataRecord, row: CsvRow, { fields, lenient }: Columns, number: number): void {
  const extra = row.slice(fields.length).find((value) => value !== null);
  if (extra !== undefined && !lenient)
    throw new ProcessError(`Row ${number} has ${row.length} values for ${fields.length} columns: the first without a column is '${extra}'. Quote values that hold separators.`);
  if (lenient) for (let index = fields.length; index < row.length; index++) record[`unknown_field_index_${index}`] = row[index]!;
}

/** Names of columns as the first row gives them; what has no name is called after its place, and the second of a name too. */
export function columnNames(header: CsvRow, allowsDuplicates: boolean): string[] {
  if (header.length > MAX_COLUMNS) throw new ProcessError(`The header has ${header.length} columns; at most ${MAX_COLUMNS} are read. Is the Value Separator right?`);
  const names = new Set<string>();
  for (const [index, given] of header.entries()) {
    const name = given ?? `column_${index}`;
    if (names.has(name) && !allowsDuplicates) throw new ProcessError(`The header names '${name}' twice. Correct it, or set Allow Duplicate Header Names to true.`);
    names.add(names.has(name) ? `${name}_${index}` : name);
  }
  return [...names];
}
