import { type DatabaseProduct, quotedName, type TableColumn, type TableName } from '../../server/extension/database.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { coerce, textOf } from '../../server/extension/record-coercion.ts';
import { typeName } from '../../server/extension/record-schema.ts';

export type StatementType = 'INSERT' | 'INSERT_IGNORE' | 'UPDATE' | 'UPSERT' | 'DELETE';

export interface StatementOptions {
  readonly product: DatabaseProduct;
  /** What makes a field's name and a column's comparable. */
  readonly translate: (name: string) => string;
  readonly unmatchedField: string;
  readonly unmatchedColumn: string;
  readonly quotesColumns: boolean;
  readonly quotesTable: boolean;
  /** Names of the columns that tell rows apart; none where the table's primary key does. */
  readonly keys: readonly string[];
  readonly binary: BufferEncoding;
  readonly warn: (message: string) => void;
}

/** Databases that know no ON CONFLICT merge instead. */
const merges = (product: DatabaseProduct): boolean => product === 'SQL Server' || product === 'Snowflake';

/** How many values and rows one statement may have: SQL Server takes 2,100 and 1,000, SQLite 32,766, PostgreSQL 65,535 values. */
export const limitsOf = (product: DatabaseProduct): { readonly values: number; readonly rows: number } =>
  product === 'SQL Server' ? { values: 2000, rows: 1000 } : product === 'Snowflake' ? { values: 10_000, rows: 10_000 } : { values: 30_000, rows: Number.POSITIVE_INFINITY };

/** A column with the field whose value it gets. */
interface Matched {
  readonly field: string;
  readonly column: TableColumn;
}

export const tableText = ({ catalog, schema, table }: TableName, isQuoted: boolean): string =>
  [catalog, schema, table]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => (isQuoted ? quotedName(part!) : part))
    .join('.');

/** Columns in the order of the record's fields. Throws ProcessError where fields or columns are left over and must not be. */
function match(fields: readonly string[], columns: readonly TableColumn[], type: StatementType, options: StatementOptions): Matched[] {
  const byName = new Map(columns.map((column) => [options.translate(column.name), column]));
  const matched = fields.flatMap((field) => {
    const column = byName.get(options.translate(field));
    return column ? [{ field, column }] : [];
  });
  const extra = fields.find((field) => !byName.has(options.translate(field)));
  if (extra !== undefined && options.unmatchedField.startsWith('Fail'))
    throw new ProcessError(`The table has no column for the field '${extra}'. It has: ${columns.map(({ name }) => name).join(', ')}.`);
  if (matched.length === 0)
    throw new ProcessError(`None of the fields ${fields.slice(0, 20).join(', ')} is a column of the table, which has ${columns.map(({ name }) => name).join(', ')}.`);
  const missing = columns.find((column) => !column.nullable && !column.hasDefault && !matched.some((one) => one.column === column));
  if (missing && type !== 'DELETE' && type !== 'UPDATE') leftOver(missing, options);
  return matched;
}

function leftOver({ name }: TableColumn, { unmatchedColumn, warn }: StatementOptions): void {
  const what = `The column '${name}' needs a value, and the records have no field for it.`;
  if (unmatchedColumn.startsWith('Fail')) throw new ProcessError(what);
  if (unmatchedColumn.startsWith('Warn')) warn(what);
}

function valueFor(value: RecordValue | undefined, { field, column }: Matched, { binary }: StatementOptions): RecordValue {
  if (value === null || value === undefined) return null;
  const isBytes = column.type.kind === 'array' && column.type.element.kind === 'byte';
  if (isBytes && typeof value === 'string') return [...Buffer.from(value, binary)];
  const coerced = coerce(value, column.type);
  if (coerced === undefined)
    throw new ProcessError(`The value '${textOf(value).slice(0, 100)}' of the field '${field}' does not fit the column '${column.name}' (${typeName(column.type)}).`);
  return coerced;
}

/** SQL for records of the same fields; `values` are those of one record, in the order of the question marks. */
export class RecordStatement {
  readonly #matched: readonly Matched[];
  readonly #keys: readonly Matched[];
  readonly #others: readonly Matched[];
  readonly #options: StatementOptions;
  readonly #table: string;
  readonly type: StatementType;

  /** Throws ProcessError where records of these fields cannot be written to the table. */
  constructor(type: StatementType, table: TableName, fields: readonly string[], columns: readonly TableColumn[], options: StatementOptions) {
    this.type = type;
    this.#options = options;
    this.#table = tableText(table, options.quotesTable);
    this.#matched = match(fields, columns, type, options);
    const keys = options.keys.length > 0 ? options.keys : columns.filter(({ isKey }) => isKey).map(({ name }) => name);
    const isKey = ({ column }: Matched): boolean => keys.some((key) => options.translate(key) === options.translate(column.name));
    const unknown = keys.find((key) => !this.#matched.some(({ column }) => options.translate(key) === options.translate(column.name)));
    const needsKeys = type === 'UPDATE' || type === 'UPSERT' || (type === 'DELETE' && options.keys.length > 0);
    if (needsKeys && keys.length === 0) throw new ProcessError(`The table ${this.#table} has no primary key: set Update Keys.`);
    if (needsKeys && unknown !== undefined) throw new ProcessError(`The records have no field for the key column '${unknown}'.`);
    this.#keys = needsKeys ? this.#matched.filter(isKey) : type === 'DELETE' ? this.#matched : [];
    this.#others = this.#matched.filter((one) => !this.#keys.includes(one));
    if (type === 'UPDATE' && this.#others.length === 0) throw new ProcessError('The records have only key fields: there is nothing to update.');
  }

  get columnCount(): number {
    return this.#matched.length;
  }

  #name({ column }: Matched): string {
    return this.#options.quotesColumns ? quotedName(column.name) : column.name;
  }

  /** `rows` is how many records an insert takes at once; any other statement takes one. */
  sql(rows = 1): string {
    const names = this.#matched.map((one) => this.#name(one));
    switch (this.type) {
      case 'UPDATE':
        return `UPDATE ${this.#table} SET ${this.#others.map((one) => `${this.#name(one)} = ?`).join(', ')} WHERE ${this.#keys.map((one) => `${this.#name(one)} = ?`).join(' AND ')}`;
      case 'DELETE':
        return `DELETE FROM ${this.#table} WHERE ${this.#keys.map((one) => `(${this.#name(one)} = ? OR (${this.#name(one)} IS NULL AND ?${this.#options.product === 'SQL Server' ? ' = 1' : ''}))`).join(' AND ')}`;
      default: {
        if (this.type !== 'INSERT' && merges(this.#options.product)) return this.#merge();
        const row = `(${names.map(() => '?').join(', ')})`;
        return `INSERT INTO ${this.#table} (${names.join(', ')}) VALUES ${Array(rows).fill(row).join(', ')}${this.#onConflict()}`;
      }
    }
  }

  /** One record: a row that is there is changed, or left alone, another is inserted. */
  #merge(): string {
    const names = this.#matched.map((one) => this.#name(one));
    const keys = this.#keys.length > 0 ? this.#keys : this.#matched.filter(({ column }) => column.isKey);
    if (keys.length === 0) throw new ProcessError(`The table ${this.#table} has no primary key that the records have: rows that are there cannot be told.`);
    const set = this.#others.map((one) => `${this.#name(one)} = s.${this.#name(one)}`).join(', ');
    const update = this.type === 'UPSERT' && set !== '' ? ` WHEN MATCHED THEN UPDATE SET ${set}` : '';
    const on = keys.map((one) => `t.${this.#name(one)} = s.${this.#name(one)}`).join(' AND ');
    return `MERGE INTO ${this.#table} AS t USING (SELECT ${names.map((name) => `? AS ${name}`).join(', ')}) AS s ON ${on}${update} WHEN NOT MATCHED THEN INSERT (${names.join(', ')}) VALUES (${names.map((name) => `s.${name}`).join(', ')});`;
  }

  #onConflict(): string {
    if (this.type === 'INSERT') return '';
    if (this.type === 'INSERT_IGNORE') return ' ON CONFLICT DO NOTHING';
    const set = this.#others.map((one) => `${this.#name(one)} = excluded.${this.#name(one)}`).join(', ');
    return ` ON CONFLICT (${this.#keys.map((one) => this.#name(one)).join(', ')}) DO ${set === '' ? 'NOTHING' : `UPDATE SET ${set}`}`;
  }

  /** Throws ProcessError where a value does not fit its column. */
  values(record: DataRecord): RecordValue[] {
    const value = (one: Matched): RecordValue => valueFor(record[one.field], one, this.#options);
    if (this.type === 'UPDATE') return [...this.#others, ...this.#keys].map(value);
    if (this.type === 'DELETE') return this.#keys.flatMap((one) => [value(one), value(one) === null]);
    return this.#matched.map(value);
  }
}
