import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DuckDBConnection, DuckDBInstance, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import { type TdsAnswer, tdsServer, type Told } from '../processors/databases/tds-server.ts';
import type { TdsColumn } from '../processors/databases/tds-types.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { synapseFault, toDuckDB } from './synapse-sql.ts';

const KINDS: Readonly<Record<number, TdsColumn['type']>> = {
  [DuckDBTypeId.INTEGER]: 'int',
  [DuckDBTypeId.BIGINT]: 'bigint',
  [DuckDBTypeId.BOOLEAN]: 'bit',
  [DuckDBTypeId.DOUBLE]: 'float',
  [DuckDBTypeId.FLOAT]: 'float',
  [DuckDBTypeId.DECIMAL]: 'exact',
  [DuckDBTypeId.BLOB]: 'longbytes',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIME]: 'time',
  [DuckDBTypeId.TIMESTAMP]: 'datetime2',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'datetimeoffset',
};

/** A value of DuckDB as the protocol's stand-in wants it; what has a text of its own comes as that. */
function wire(type: TdsColumn['type'], value: unknown): unknown {
  if (value === null) return null;
  if (type === 'longtext' || type === 'exact') return String(value);
  if (type === 'longbytes') return Buffer.from((value as { bytes: Uint8Array }).bytes);
  if (type === 'date') return new Date((value as { days: number }).days * 86_400_000);
  if (type === 'time') return (value as { micros: bigint }).micros * 10n;
  if (type === 'datetime2' || type === 'datetimeoffset') return new Date(Number((value as { micros: bigint }).micros / 1000n));
  return value;
}

/** A dedicated SQL pool as far as a warehouse needs it: its protocol, with logins, bulk loads and COPY INTO, on DuckDB. */
export class SynapseEmulator {
  readonly #instance: DuckDBInstance;
  readonly #sessions = new Map<object, Promise<DuckDBConnection>>();
  #server!: Awaited<ReturnType<typeof tdsServer>>;
  #running = 0;

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  static async start(): Promise<SynapseEmulator> {
    const emulator = new SynapseEmulator(await DuckDBInstance.create(':memory:', { threads: '2' }));
    const main = await emulator.#instance.connect();
    await main.run(`SET GLOBAL TimeZone = 'UTC'; CREATE SCHEMA dbo; CREATE SCHEMA sqlserver;
      CREATE MACRO sqlserver.SUSER_SNAME() AS 'loader'; CREATE MACRO sqlserver.DB_NAME() AS 'pool';
      CREATE VIEW sqlserver.COLUMNS AS SELECT table_schema AS TABLE_SCHEMA, table_name AS TABLE_NAME, column_name AS COLUMN_NAME, is_nullable AS IS_NULLABLE, ordinal_position AS ORDINAL_POSITION,
        CASE data_type WHEN 'VARCHAR' THEN 'nvarchar' WHEN 'INTEGER' THEN 'int' WHEN 'BOOLEAN' THEN 'bit' WHEN 'DOUBLE' THEN 'float' WHEN 'BLOB' THEN 'varbinary' WHEN 'TIMESTAMP' THEN 'datetime2'
          WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'datetimeoffset' ELSE lower(regexp_replace(data_type, '\\(.*', '')) END AS DATA_TYPE,
        CAST(CASE WHEN data_type IN ('VARCHAR', 'BLOB') THEN -1 END AS INTEGER) AS CHARACTER_MAXIMUM_LENGTH,
        CAST(numeric_precision AS INTEGER) AS NUMERIC_PRECISION, CAST(numeric_scale AS INTEGER) AS NUMERIC_SCALE FROM information_schema.columns WHERE table_schema <> 'sqlserver'`);
    main.closeSync();
    emulator.#server = await tdsServer((told) => emulator.#answer(told), true);
    return emulator;
  }

  get port(): number {
    return this.#server.port;
  }

  /** Statements as they came. */
  get told(): readonly Told[] {
    return this.#server.told;
  }

  /** Statements that run now. */
  get running(): number {
    return this.#running;
  }

  async stop(): Promise<void> {
    await this.#server.close();
    const sessions = await Promise.all(this.#sessions.values());
    // An interruption that comes just before its statement is lost; closing under a statement would hang.
    while (this.#running > 0) {
      for (const session of sessions) session.interrupt();
      await delay(5);
    }
    for (const session of sessions) session.closeSync();
    this.#instance.closeSync();
  }

  async #answer(told: Told): Promise<TdsAnswer> {
    const connection = await this.#session(told.session);
    let again: NodeJS.Timeout | undefined;
    const stop = (): void => {
      connection.interrupt();
      // One that comes just before its statement is lost.
      again ??= setInterval(() => connection.interrupt(), 20);
    };
    told.signal.addEventListener('abort', stop);
    this.#running++;
    try {
      if (told.rows) return await this.#bulk(connection, told.sql, told.rows);
      const copy = /^COPY INTO (\S+) \(([^)]*)\) FROM '([^']*)' WITH .*SECRET = '([^']*)'/.exec(told.sql);
      return copy ? await this.#copy(connection, copy.slice(1) as [string, string, string, string]) : await this.#run(connection, told);
    } catch (thrown) {
      return synapseFault(thrown);
    } finally {
      clearInterval(again);
      this.#running--;
      told.signal.removeEventListener('abort', stop);
    }
  }

  #session(session: object): Promise<DuckDBConnection> {
    const known = this.#sessions.get(session) ?? this.#opened();
    this.#sessions.set(session, known);
    return known;
  }

  async #opened(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run("SET search_path = 'dbo,sqlserver'");
    return connection;
  }

  async #run(connection: DuckDBConnection, { sql, values }: Told): Promise<TdsAnswer> {
    const binds = Object.fromEntries(values.map((value, index) => [`p${index + 1}`, value as string]));
    const result = await connection.run(toDuckDB(sql), values.length > 0 ? binds : undefined);
    const types = result.columnTypes();
    if (result.rowsChanged > 0 || !/^\s*(select|with|\(|from)/i.test(sql)) return { count: result.rowsChanged };
    const columns = result.columnNames().map((name, index) => column(name, types[index]!));
    const rows = await result.getRows();
    return { columns, rows: rows.map((row) => row.map((value, index) => wire(columns[index]!.type, value))) };
  }

  async #bulk(connection: DuckDBConnection, sql: string, rows: NonNullable<Told['rows']>): Promise<TdsAnswer> {
    const [, table, list] = /^insert bulk (\S+?)\((.*)\)/i.exec(sql)!;
    const names = [...list!.matchAll(/\[(\w+)\]/g)].map(([, name]) => `"${name}"`);
    const cells = names.map((_, index) => `row->>${index}`);
    await connection.run(`INSERT INTO ${toDuckDB(table!)} (${names.join(', ')}) SELECT ${cells.join(', ')} FROM (SELECT unnest(CAST(CAST($1 AS JSON) AS JSON[])) AS row)`, [
      JSON.stringify(rows),
    ]);
    return { count: rows.length };
  }

  /** The pool fetches the file by itself, with the signature that it was given. */
  async #copy(connection: DuckDBConnection, [table, columns, address, sas]: [string, string, string, string]): Promise<TdsAnswer> {
    const answer = await fetch(`${address}?${sas}`);
    if (!answer.ok) return { error: `Not able to validate external location because the remote server returned an error: (${answer.status}). SECRET = '${sas}'`, number: 105215 };
    const directory = temporaryDirectory();
    await mkdir(directory, { recursive: true });
    const file = join(directory, 'load.parquet');
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    const result = await connection.run(`INSERT INTO ${toDuckDB(table)} (${toDuckDB(columns)}) FROM read_parquet('${file}')`);
    return { count: result.rowsChanged };
  }
}

function column(name: string, type: DuckDBType): TdsColumn {
  const kind = KINDS[type.typeId] ?? (type.typeId === DuckDBTypeId.HUGEINT ? 'exact' : 'longtext');
  return { name, type: kind, ...(type.typeId === DuckDBTypeId.DECIMAL ? { scale: (type as unknown as { scale: number }).scale } : {}) };
}
