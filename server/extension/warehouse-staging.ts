import type { VerificationStep } from './component.ts';
import { messageOf } from './errors.ts';
import { type DataRecord, ExactNumber, inferFields, type RecordBatch, type RecordField, type RecordValue, stringifyExactly, suggestion } from './record.ts';
import { type Column, type StatementOptions, type TableDescription, tableLabel, type TableName, type UpsertOptions, type Warehouse, WarehouseError } from './warehouse.ts';

/** A column that an upsert writes, with the fields of the records that go into it: spelled in one way, as a rule. */
export interface StagedColumn extends Column {
  readonly fields: readonly string[];
}

/** A column met for the first time; the table has to get it where it `isNew`. */
export interface FreshColumn extends StagedColumn {
  readonly isNew: boolean;
}

/** Which columns of a table an upsert writes, as the fields of its records come to light. */
export class StagedColumns {
  readonly all: StagedColumn[] = [];
  readonly #table: TableDescription;
  readonly #options: UpsertOptions;
  readonly #define: (field: RecordField) => Column;
  readonly #fold: (name: string) => string;

  /** `define` says what a new column would be; `fold` what names have in common that are one to the warehouse. */
  constructor(table: TableDescription, options: UpsertOptions, define: (field: RecordField) => Column, fold = (name: string): string => name.toLowerCase()) {
    this.#table = table;
    this.#options = options;
    this.#define = define;
    this.#fold = fold;
  }

  /** The columns that these records have a field for and no record before had. Throws WarehouseError. */
  take(records: RecordBatch): FreshColumn[] {
    const fresh: FreshColumn[] = [];
    for (const [folded, fields] of this.#fieldsOf(records)) {
      const at = this.all.findIndex(({ name }) => this.#fold(name) === folded);
      if (at >= 0) this.all[at] = { ...this.all[at]!, fields: [...new Set([...this.all[at]!.fields, ...fields])] };
      else fresh.push({ ...this.#column(fields[0]!, records), fields });
    }
    const isFirst = this.all.length === 0;
    this.all.push(...fresh);
    if (isFirst) this.#requireKeys();
    return fresh;
  }

  /** Whether a row is told by this column. */
  isKey({ name }: Column): boolean {
    return this.#options.keyColumns.some((key) => this.#fold(key) === this.#fold(name));
  }

  #fieldsOf(records: RecordBatch): Map<string, string[]> {
    const names = new Set<string>();
    for (const record of records) for (const name in record) if (!names.has(name)) names.add(name);
    const fields = new Map<string, string[]>();
    for (const name of names) fields.set(this.#fold(name), [...(fields.get(this.#fold(name)) ?? []), name]);
    return fields;
  }

  #column(field: string, records: RecordBatch): Column & { isNew: boolean } {
    const { columns, name } = this.#table;
    const known = columns.find((column) => column.name === field) ?? columns.find((column) => this.#fold(column.name) === this.#fold(field));
    if (known) return { ...known, isNew: false };
    const names = columns.map((column) => column.name);
    if (!this.#options.addColumns) throw new WarehouseError('missing column', `Table ${tableLabel(name)} has no column "${field}". ${suggestion(field, names)}`);
    return { ...this.#define([...(this.#options.fields ?? []), ...inferFields(records)].find((one) => one.name === field)!), isNew: true };
  }

  #requireKeys(): void {
    const names = this.all.map(({ name }) => name);
    for (const key of this.#options.keyColumns)
      if (!names.some((name) => this.#fold(name) === this.#fold(key)))
        throw new WarehouseError('missing column', `Key column "${key}" is not in the records. ${suggestion(key, names)}`);
  }
}

/** What a record holds for a column. */
export function stagedValue(record: DataRecord, { fields }: StagedColumn): RecordValue {
  for (const field of fields) if (record[field] !== undefined) return record[field];
  return null;
}

/** Batches of any size as groups of up to `size` records. */
export async function* groupedRecords(batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>, size: number): AsyncGenerator<RecordBatch> {
  let group: DataRecord[] = [];
  for await (const batch of batches) {
    for (let at = 0; at < batch.length; at += size) {
      const part = batch.slice(at, at + size);
      if (group.length + part.length > size) {
        yield group;
        group = [];
      }
      group = group.length === 0 ? part : group.concat(part);
    }
  }
  if (group.length > 0) yield group;
}

/** Why a row cannot be written, for the column that cannot take its value. */
export function rejectionReason(record: DataRecord, column: StagedColumn): string {
  const { name, nativeType } = column;
  const value = stagedValue(record, column);
  if (value === null) return `${name} is empty, but the table needs a value there`;
  const shown = typeof value === 'object' ? stringifyExactly(value) : String(value);
  return `${name} is ${shown.length > 60 ? `${shown.slice(0, 60)}...` : shown}, which is no ${nativeType}`;
}

/** Throws WarehouseError where nothing tells rows apart. */
export function requireKeyColumns(table: TableName, { keyColumns }: UpsertOptions): void {
  if (keyColumns.length === 0)
    throw new WarehouseError('configuration', `Rows for ${tableLabel(table)} cannot be merged without key columns`, { remedy: 'Name the columns that tell rows apart.' });
}

/** What an upsert says of a table that is not there. */
export function missingTable(table: TableName, transitUri: string): WarehouseError {
  return new WarehouseError('missing object', `There is no table ${tableLabel(table)} in ${transitUri}`, { remedy: 'Create it, correct its name, or let the writer create it.' });
}

/** Long numbers as text: a preview is looked at, and travels as plain JSON. */
function displayable(record: DataRecord): DataRecord {
  const shown = ([name, value]: [string, RecordValue]): [string, RecordValue] => [name, typeof value === 'bigint' || value instanceof ExactNumber ? String(value) : value];
  return Object.fromEntries(Object.entries(record).map(shown));
}

/** A step of "Test connection" that shows a query's first rows. */
export async function previewStep(warehouse: Pick<Warehouse, 'query'>, name: string, sql: string, options: StatementOptions): Promise<VerificationStep> {
  try {
    const result = await warehouse.query(sql, { ...options, batchSize: 10 });
    let preview: readonly DataRecord[] = [];
    for await (const batch of result) {
      preview = batch.map(displayable);
      break;
    }
    const more = preview.length < 10 ? `${preview.length} rows.` : 'The first ten rows.';
    return { name, outcome: 'SUCCESSFUL', explanation: result.rowCount === undefined ? more : `${result.rowCount} rows.`, preview };
  } catch (thrown) {
    return { name, outcome: 'FAILED', explanation: messageOf(thrown) };
  }
}
