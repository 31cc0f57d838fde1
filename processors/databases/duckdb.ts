import path from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { type SqlResult, SqlError, type TableColumn, type TableInfo, type TableName } from '../../server/extension/database.ts';
import { forbiddenSql, ownFolder, parseDirectories, sandboxRemedy, sandboxStatements } from '../../server/extension/duckdb-sandbox.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { exactNumber, type RecordBatch, type RecordValue } from '../../server/extension/record.ts';
import { BYTES, type DataType, decimalType, field, TYPES } from '../../server/extension/record-schema.ts';
import { type DriverConnection, noRows } from './connection-pool.ts';
import { plainValue } from './plain-value.ts';

const BY_NAME: Readonly<Record<string, DataType>> = {
  BOOLEAN: TYPES.boolean,
  TINYINT: TYPES.byte,
  SMALLINT: TYPES.short,
  INTEGER: TYPES.int,
  BIGINT: TYPES.long,
  UINTEGER: TYPES.long,
  UBIGINT: TYPES.bigint,
  HUGEINT: TYPES.bigint,
  FLOAT: TYPES.float,
  DOUBLE: TYPES.double,
  DATE: TYPES.date,
  TIME: TYPES.time,
  UUID: TYPES.uuid,
  BLOB: BYTES,
};

/** The type of records for the name of a type of DuckDB. */
function typeOf(name: string): DataType {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(name);
  if (decimal) return decimalType(Number(decimal[1]), Number(decimal[2]));
  if (name.endsWith('[]')) return { kind: 'array', element: typeOf(name.slice(0, -2)) };
  return name.startsWith('TIMESTAMP') ? TYPES.timestamp : (BY_NAME[name] ?? TYPES.string);
}

function cellOf(value: DuckDBValue, type: DataType): RecordValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return exactNumber(String(value));
  if (type.kind === 'decimal') return exactNumber(String(value));
  if (type.kind === 'timestamp') return String(value).replace(' ', 'T');
  if ('bytes' in value && type === BYTES) return [...(value.bytes as Uint8Array)];
  if (type.kind === 'array' && 'items' in value) return (value.items as DuckDBValue[]).map((one) => cellOf(one, type.element));
  return String(value);
}

function refused(thrown: unknown): SqlError {
  const message = messageOf(thrown);
  const remedy = sandboxRemedy(message, REACHABLE);
  return new SqlError(`DuckDB: ${message}${remedy ? `. ${remedy}` : ''}`, !remedy && /conflict|lock/i.test(message), { cause: thrown });
}

async function trying<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw refused(thrown);
  }
}

const REACHABLE = "the database file, the folder beside it whose name ends in .files, and the folders of the pool's property allowed_directories";

interface OpenFile {
  readonly instance: Promise<DuckDBInstance>;
  readonly folders: string;
  connections: number;
}

/** Files that are open in this process: DuckDB locks a file for one instance. */
const opened = new Map<string, OpenFile>();

/** A file of DuckDB, which all connections of all pools share. Its SQL reaches the file itself, its own folder and those that are allowed. */
export class DuckDBFile {
  readonly #file: string;
  readonly #directories: readonly string[];
  /** Files that are open under this name; a database in memory is the pool's own. */
  readonly #opened: Map<string, OpenFile>;

  constructor(file: string, allowed: string | undefined) {
    this.#file = file === '' ? ':memory:' : file;
    this.#opened = this.#file === ':memory:' ? new Map() : opened;
    this.#directories = parseDirectories(allowed).sort();
  }

  /** Throws SqlError. */
  async open(): Promise<DriverConnection> {
    const folders = this.#directories.join(',');
    const found = this.#opened.get(this.#file) ?? { instance: this.#create(), folders, connections: 0 };
    if (found.folders !== folders) throw new SqlError(`Another pool has ${this.#file} open with other allowed_directories. Give both the same.`, false);
    this.#opened.set(this.#file, found);
    found.connections++;
    try {
      return new DuckDBSession(await (await found.instance).connect(), () => this.#leave(found));
    } catch (thrown) {
      this.#leave(found);
      throw refused(thrown);
    }
  }

  async #create(): Promise<DuckDBInstance> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const own = ownFolder(this.#file);
    const instance = await DuckDBInstance.create(this.#file, own ? { temp_directory: path.join(own, 'temp') } : {});
    const connection = await instance.connect();
    await connection.run(sandboxStatements([...(own ? [own] : []), ...this.#directories]));
    connection.disconnectSync();
    return instance;
  }

  /** The last connection closes the file; a database in memory lives as long as its pool. */
  #leave(found: OpenFile): void {
    if (--found.connections > 0 || this.#file === ':memory:') return;
    this.#opened.delete(this.#file);
    found.instance.then((instance) => instance.closeSync()).catch(() => undefined);
  }
}

class DuckDBSession implements DriverConnection {
  readonly product = 'DuckDB';
  readonly #connection: DuckDBConnection;
  readonly #closed: () => void;

  constructor(connection: DuckDBConnection, closed: () => void) {
    this.#connection = connection;
    this.#closed = closed;
  }

  async run(sql: string, values: readonly RecordValue[] = []): Promise<SqlResult> {
    const forbidden = forbiddenSql(sql);
    if (forbidden) throw new SqlError(`DuckDB: ${forbidden}`, false);
    const result = await trying(() => this.#connection.stream(sql, values.map(plainValue) as DuckDBValue[]));
    const names = result.columnNames();
    // DuckDB answers a change with one row, which says how many.
    if (names.length === 1 && names[0] === 'Count' && !/^\s*(select|with|from)\b/i.test(sql)) {
      const [[changed] = []] = (await trying(() => result.getRows())) as DuckDBValue[][];
      return { schema: undefined, batches: noRows(), updateCount: Number(changed ?? -1) };
    }
    if (names.length === 0 || !result.returnType || /^\s*(create|drop|alter|begin|commit|rollback|set|attach|use)\b/i.test(sql))
      return { schema: undefined, batches: noRows(), updateCount: -1 };
    const fields = names.map((name, index) => field(name, typeOf(String(result.columnTypes()[index]))));
    const batches = async function* (): AsyncGenerator<RecordBatch> {
      for (let chunk = await trying(() => result.fetchChunk()); chunk && chunk.rowCount > 0; chunk = await trying(() => result.fetchChunk()))
        yield chunk.getRows().map((row) => Object.fromEntries(fields.map(({ name, type }, index) => [name, cellOf(row[index]!, type)])));
    };
    return { schema: { fields }, updateCount: -1, batches: batches() };
  }

  async #rows(sql: string, values: readonly DuckDBValue[] = []): Promise<DuckDBValue[][]> {
    return trying(async () => (await this.#connection.runAndReadAll(sql, [...values])).getRows());
  }

  async begin(): Promise<void> {
    await this.#rows('BEGIN');
  }
  async commit(): Promise<void> {
    await this.#rows('COMMIT');
  }
  async rollback(): Promise<void> {
    await this.#rows('ROLLBACK');
  }

  async columns({ table, schema }: TableName): Promise<TableColumn[]> {
    const rows = await this.#rows(
      `SELECT c.column_name, c.data_type, c.is_nullable, c.column_default IS NOT NULL,
       coalesce((SELECT list_contains(k.constraint_column_names, c.column_name) FROM duckdb_constraints() k WHERE k.table_name = c.table_name AND k.schema_name = c.schema_name AND k.constraint_type = 'PRIMARY KEY'), false)
       FROM duckdb_columns() c WHERE lower(c.table_name) = lower(?) AND c.schema_name = coalesce(?, current_schema()) ORDER BY c.column_index`,
      [table, schema ?? null],
    );
    return rows.map(([name, type, nullable, hasDefault, isKey]) => ({
      name: String(name),
      type: typeOf(String(type)),
      nullable: nullable === true,
      hasDefault: hasDefault === true,
      isKey: isKey === true,
    }));
  }

  async tables(): Promise<TableInfo[]> {
    const rows = await this.#rows('SELECT table_catalog, table_schema, table_name, table_type FROM information_schema.tables ORDER BY 1, 2, 3');
    return rows.map(([catalog, schema, table, type]) => ({
      catalog: String(catalog),
      schema: String(schema),
      table: String(table),
      type: type === 'BASE TABLE' ? 'TABLE' : String(type),
      remarks: null,
    }));
  }

  async close(): Promise<void> {
    this.#connection.disconnectSync();
    this.#closed();
  }
}
