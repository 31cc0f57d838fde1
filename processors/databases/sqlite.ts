import type BetterSqlite3 from 'better-sqlite3';
import { type SqlResult, SqlError, type TableColumn, type TableInfo, type TableName, quotedName } from '../../server/extension/database.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { DataRecord, RecordBatch, RecordValue } from '../../server/extension/record.ts';
import { BYTES, type DataType, decimalType, field, TYPES } from '../../server/extension/record-schema.ts';
import { inferSchema } from '../../server/extension/schema-inference.ts';
import { type DriverConnection, noRows } from './connection-pool.ts';
import { plainValue } from './plain-value.ts';

const BATCH = 1000;

/** SQLite's rules of affinity, with the words for dates besides. */
export function declaredType(declared: string | null): DataType | undefined {
  if (!declared) return undefined;
  const word = declared.toUpperCase();
  if (word.includes('INT')) return TYPES.long;
  if (/CHAR|CLOB|TEXT|DATE|TIME/.test(word)) return TYPES.string;
  if (word.includes('BLOB')) return BYTES;
  if (/REAL|FLOA|DOUB/.test(word)) return TYPES.double;
  if (word.startsWith('BOOL')) return TYPES.boolean;
  const digits = /^(?:NUMERIC|DECIMAL)\s*\((\d+)(?:\s*,\s*(\d+))?\)/.exec(word);
  return decimalType(Number(digits?.[1] ?? 38), Number(digits?.[2] ?? 10));
}

/** A statement that reaches other files than the database; SQLite takes one statement at a time, and these words can only begin one. */
const OTHER_FILES = /^(?:\s|;|\ufeff|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:attach\b|vacuum\b[\s\S]*\binto\b)/i;

function cellOf(value: unknown, type: DataType | undefined): RecordValue {
  if (typeof value === 'bigint') return type?.kind === 'boolean' ? value !== 0n : value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  return Buffer.isBuffer(value) ? [...value] : (value as RecordValue);
}

const refused = (thrown: unknown): SqlError => new SqlError(`SQLite: ${messageOf(thrown)}`, /busy|locked/i.test(messageOf(thrown)), { cause: thrown });

function trying<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw refused(thrown);
  }
}

/** Opens a file of SQLite; `:memory:` is a database for one connection. Throws SqlError. */
export async function openSqlite(file: string): Promise<DriverConnection> {
  const { default: Database } = await import('better-sqlite3');
  const database = trying(() => new Database(file, { timeout: 5000 }));
  database.defaultSafeIntegers(true);
  return new SqliteConnection(database);
}

class SqliteConnection implements DriverConnection {
  readonly product = 'SQLite';
  readonly #database: BetterSqlite3.Database;

  constructor(database: BetterSqlite3.Database) {
    this.#database = database;
  }

  async run(sql: string, values: readonly RecordValue[] = [], fetchSize = 0): Promise<SqlResult> {
    const size = fetchSize > 0 ? fetchSize : BATCH;
    if (OTHER_FILES.test(sql))
      throw new SqlError('SQLite: SQL may not open or write other files (ATTACH, VACUUM INTO). Use a connection pool of its own for the other database.', false);
    const statement = trying(() => this.#database.prepare(sql));
    const bound = values.map((value) => (typeof value === 'boolean' ? Number(value) : plainValue(value)));
    if (!statement.reader) return { schema: undefined, batches: noRows(), updateCount: trying(() => statement.run(...bound).changes) };
    const columns = statement.columns().map(({ name, type }) => ({ name, type: declaredType(type) }));
    const rows = trying(() => statement.raw().iterate(...bound)) as IterableIterator<unknown[]>;
    const first = take(rows, columns, size);
    // Columns that are computed have no declared type: the first rows tell.
    const inferred = inferSchema(first).fields;
    const fields = columns.map(({ name, type }) => field(name, type ?? inferred.find((one) => one.name === name)?.type ?? TYPES.string));
    return { schema: { fields }, updateCount: -1, batches: batches(first, rows, columns, size) };
  }

  async begin(): Promise<void> {
    trying(() => this.#database.exec('BEGIN IMMEDIATE'));
  }
  async commit(): Promise<void> {
    trying(() => this.#database.exec('COMMIT'));
  }
  async rollback(): Promise<void> {
    trying(() => this.#database.exec('ROLLBACK'));
  }

  async columns({ table }: TableName): Promise<TableColumn[]> {
    const rows = trying(() => this.#database.pragma(`table_info(${quotedName(table)})`)) as {
      name: string;
      type: string;
      notnull: bigint;
      dflt_value: string | null;
      pk: bigint;
    }[];
    return rows.map(({ name, type, notnull, dflt_value: fallback, pk }) => ({
      name,
      type: declaredType(type) ?? TYPES.string,
      nullable: notnull === 0n && pk === 0n,
      hasDefault: fallback !== null || (pk > 0n && /^INTEGER$/i.test(type)),
      isKey: pk > 0n,
    }));
  }

  async tables(): Promise<TableInfo[]> {
    const rows = trying(() => this.#database.prepare("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name").all());
    return (rows as { name: string; type: string }[]).map(({ name, type }) => ({ table: name, type: type.toUpperCase(), remarks: null }));
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}

type Columns = readonly { readonly name: string; readonly type: DataType | undefined }[];

function take(rows: Iterator<unknown[]>, columns: Columns, size: number): DataRecord[] {
  const taken: DataRecord[] = [];
  while (taken.length < size) {
    const next = trying(() => rows.next());
    if (next.done) break;
    taken.push(Object.fromEntries(columns.map(({ name, type }, index) => [name, cellOf(next.value[index], type)])));
  }
  return taken;
}

/** Whoever leaves early closes the statement: the connection can do nothing else before. */
async function* batches(first: DataRecord[], rows: IterableIterator<unknown[]>, columns: Columns, size: number): AsyncGenerator<RecordBatch> {
  try {
    for (let batch = first; batch.length > 0; batch = take(rows, columns, size)) yield batch;
  } finally {
    rows.return?.();
  }
}
