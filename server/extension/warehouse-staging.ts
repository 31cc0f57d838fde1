import type { Writer } from './column-values.ts';
import type { VerificationStep } from './component.ts';
import { messageOf } from './errors.ts';
import { type DataRecord, ExactNumber, inferFields, type RecordBatch, type RecordField, type RecordValue, stringifyExactly, suggestion } from './record.ts';
import {
  type Column,
  type RejectedRecord,
  type StatementOptions,
  type TableDescription,
  tableLabel,
  type TableName,
  type UpsertOptions,
  type Warehouse,
  WarehouseError,
} from './warehouse.ts';

/** A column that an upsert writes, with the fields of the records that go into it: spelled in one way, as a rule. */
export interface StagedColumn extends Column {
  readonly fields: readonly string[];
}

/** A column met for the first time; the table has to get it where it `isNew`. */
export interface FreshColumn extends StagedColumn {
  readonly isNew: boolean;
}

/** Which columns of a table an upsert writes, as the fields of its records come to light; and which records it cannot write. */
export class StagedColumns {
  readonly all: StagedColumn[] = [];
  readonly rejected: RejectedRecord[] = [];
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

  /** What a record has for a column, as `write` writes it, or null where it has nothing; undefined where the column cannot take that. */
  written<T>(record: DataRecord, column: StagedColumn, write: (value: Exclude<RecordValue, null>) => T | null | undefined): T | null | undefined {
    const value = stagedValue(record, column);
    const written = value === null ? null : write(value);
    return written === null && (this.isKey(column) || !column.nullable) ? undefined : written;
  }

  /** A row of a stage of texts: its number and a text for each column; undefined, and rejected, where a column cannot take its value. */
  textRow(record: DataRecord, index: number, columns: readonly (StagedColumn & { readonly write: Writer })[]): (string | null)[] | undefined {
    const row: (string | null)[] = [String(index)];
    for (const column of columns) {
      const written = this.written(record, column, column.write);
      if (written === undefined) return void this.reject(record, index, column);
      row.push(written);
    }
    return row;
  }

  /** The column cannot take what the record has for it. */
  reject(record: DataRecord, index: number, column: StagedColumn): void {
    this.rejected.push({ index, record, reason: rejectionReason(record, column) });
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

/** Throws WarehouseError where a table lies in a database other than the one that is connected to. */
export function requireOwnDatabase(table: TableName, database: string, transitUri: string): void {
  if (table.database === undefined || table.database.toLowerCase() === database.toLowerCase()) return;
  throw new WarehouseError('configuration', `${tableLabel(table)} lies in another database than ${transitUri}`, {
    remedy: 'Leave the database out of the name, or use a warehouse service that connects to it.',
  });
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

/** The steps of "Test connection": who one is, the tables, and the query if there is one; no more where the first fails. */
export async function verifySteps(
  warehouse: Pick<Warehouse, 'query'>,
  { identity, tables }: { readonly identity: string; readonly tables: string },
  { sql, binds, signal }: Parameters<Warehouse['verify']>[0] = {},
): Promise<VerificationStep[]> {
  const steps = [await previewStep(warehouse, 'Connect', identity, { signal })];
  if (steps[0]!.outcome !== 'SUCCESSFUL') return steps;
  steps.push(await previewStep(warehouse, 'List the tables', tables, { signal }));
  if (sql) steps.push(await previewStep(warehouse, 'Run the query', sql, { binds, signal }));
  return steps;
}

/** "Test connection" of a service: opens a warehouse of its own, and closes it again. `before` tells what opening it has shown. */
export async function verifyService<W extends Pick<Warehouse, 'verify'> & { close(): Promise<void> }>(
  open: () => Promise<W>,
  { signal }: { readonly signal: AbortSignal },
  { opening = 'Connect', before = () => [] }: { readonly opening?: string; readonly before?: (warehouse: W) => VerificationStep[] } = {},
): Promise<VerificationStep[]> {
  try {
    const warehouse = await open();
    try {
      return [...before(warehouse), ...(await warehouse.verify({ signal }))];
    } finally {
      await warehouse.close();
    }
  } catch (thrown) {
    return [{ name: opening, outcome: 'FAILED', explanation: messageOf(thrown) }];
  }
}
