import { ProcessError } from '../../server/extension/errors.ts';
import { type DataRecord, ExactNumber, exactNumber, type FieldType, type RecordField, type RecordValue } from '../../server/extension/record.ts';
import type { CsvRow } from './csv-scanner.ts';
import { common } from './field-union.ts';

/**
 * The type that a value looks like. A number with zeros before it (007, a postal code) is text: NiFi makes 7 of it and loses
 * what it said.
 */
function typeOf(text: string): FieldType {
  if (/^-?(?:0|[1-9]\d*)$/.test(text)) return 'integer';
  if (/^-?(?:0|[1-9]\d*)?\.\d+$/.test(text)) return exactNumber(text) instanceof ExactNumber ? 'decimal' : 'double';
  return /^(?:true|false)$/i.test(text) ? 'boolean' : 'text';
}

/** Finds out the types of columns by looking at all values. */
export class ColumnTypes {
  readonly #types: (FieldType | undefined)[] = [];

  look(row: CsvRow): void {
    for (let index = 0; index < row.length; index++) {
      const value = row[index]!;
      if (value !== null && this.#types[index] !== 'text') this.#types[index] = common(this.#types[index], typeOf(value));
    }
  }

  fields(names: readonly string[]): RecordField[] {
    return names.map((name, index) => ({ name, type: this.#types[index] ?? 'text' }));
  }
}

function cellValue(text: string | null, type: FieldType): RecordValue {
  if (text === null || type === 'text') return text;
  return type === 'boolean' ? text.toLowerCase() === 'true' : exactNumber(text);
}

/** A row as a record. Throws ProcessError where it has more values than there are columns. */
export function recordOf(row: CsvRow, fields: readonly RecordField[], number: number): DataRecord {
  const extra = row.slice(fields.length).find((value) => value !== null);
  if (extra !== undefined)
    throw new ProcessError(`Row ${number} has ${row.length} values for ${fields.length} columns: the first without a column is '${extra}'. Quote values that hold separators.`);
  return Object.fromEntries(fields.map(({ name, type }, index) => [name, cellValue(row[index] ?? null, type)]));
}

/** Names of columns as the first row gives them; what has no name is called after its place, and the second of a name too. */
export function columnNames(header: CsvRow, allowsDuplicates: boolean): string[] {
  const names: string[] = [];
  for (const [index, given] of header.entries()) {
    const name = given ?? `column_${index}`;
    if (names.includes(name) && !allowsDuplicates) throw new ProcessError(`The header names '${name}' twice. Correct it, or set Allow Duplicate Header Names to true.`);
    names.push(names.includes(name) ? `${name}_${index}` : name);
  }
  return names;
}
