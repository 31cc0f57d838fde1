import type { Connection, ConnectionConfiguration, Request } from 'tedious';
import { type IsolationLevel, type SqlResult, SqlError, type TableColumn, type TableInfo, type TableName } from '../../server/extension/database.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { RecordValue } from '../../server/extension/record.ts';
import type { DriverConnection } from './connection-pool.ts';
import { plainValue } from './plain-value.ts';
import { SqlServerRows } from './sqlserver-rows.ts';
import { typeOfName } from './sqlserver-values.ts';
import { numberedPlaceholders } from './statement-text.ts';

type Tedious = typeof import('tedious');

const COLUMNS = `SELECT c.COLUMN_NAME AS name, c.DATA_TYPE AS type, CAST(c.NUMERIC_PRECISION AS int) AS digits, CAST(c.NUMERIC_SCALE AS int) AS scale, c.IS_NULLABLE AS nullable,
  CASE WHEN c.COLUMN_DEFAULT IS NOT NULL OR COLUMNPROPERTY(OBJECT_ID(QUOTENAME(c.TABLE_SCHEMA) + '.' + QUOTENAME(c.TABLE_NAME)), c.COLUMN_NAME, 'IsIdentity') = 1 THEN 1 ELSE 0 END AS filled,
  CASE WHEN EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS t JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE k
    ON k.CONSTRAINT_NAME = t.CONSTRAINT_NAME AND k.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA
    WHERE t.CONSTRAINT_TYPE = 'PRIMARY KEY' AND k.TABLE_SCHEMA = c.TABLE_SCHEMA AND k.TABLE_NAME = c.TABLE_NAME AND k.COLUMN_NAME = c.COLUMN_NAME) THEN 1 ELSE 0 END AS iskey
  FROM INFORMATION_SCHEMA.COLUMNS c WHERE c.TABLE_NAME = ? AND c.TABLE_SCHEMA = coalesce(?, SCHEMA_NAME()) ORDER BY c.ORDINAL_POSITION`;
const TABLES =
  'SELECT TABLE_CATALOG AS catalog_name, TABLE_SCHEMA AS schema_name, TABLE_NAME AS table_name, TABLE_TYPE AS table_type FROM INFORMATION_SCHEMA.TABLES ORDER BY 1, 2, 3';

/** Errors that may pass: no connection, deadlocks (1205), lock time-outs (1222), and what Azure says while it moves a database. */
const PASSING = /^(ESOCKET|ETIMEOUT|ECONNCLOSED|ENOTOPEN|EINSTLOOKUP|1205|1222|40197|40501|40613|49918|49919|49920)$/;

export function refused(thrown: unknown): SqlError {
  const { code, number } = thrown as { code?: string; number?: number };
  return new SqlError(`SQL Server: ${messageOf(thrown)}${number ? ` (${number})` : ''}`, PASSING.test(String(number ?? code)) || PASSING.test(String(code)), { cause: thrown });
}

/** Opens a connection to SQL Server; the client is loaded with the first. Throws SqlError. */
export async function openSqlServer(configuration: ConnectionConfiguration): Promise<DriverConnection> {
  const tedious = await import('tedious');
  const connection = new tedious.Connection(configuration);
  // A connection that is lost while it lies idle must not end the process.
  connection.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(refused(error)) : resolve())));
  return new SqlServerConnection(connection, tedious);
}

class SqlServerConnection implements DriverConnection {
  readonly product = 'SQL Server';
  readonly #connection: Connection;
  readonly #tedious: Tedious;

  constructor(connection: Connection, tedious: Tedious) {
    this.#connection = connection;
    this.#tedious = tedious;
  }

  async run(sql: string, values: readonly RecordValue[] = []): Promise<SqlResult> {
    const rows = new SqlServerRows(() => this.#connection.cancel());
    const request = new this.#tedious.Request(values.length > 0 ? numberedPlaceholders(sql, '@p') : sql, (error, count) =>
      rows.end(error ? refused(error) : undefined, count ?? -1),
    );
    rows.listenTo(request);
    values.forEach((value, index) => this.#bind(request, `p${index + 1}`, value));
    // Without values a statement is a batch of its own, so that what it makes (#tables) outlives it.
    if (values.length > 0) this.#connection.execSql(request);
    else this.#connection.execSqlBatch(request);
    return rows.result();
  }

  #bind(request: Request, name: string, value: RecordValue): void {
    const { BigInt: Long, Bit, Float, Int, NVarChar, VarBinary } = this.#tedious.TYPES;
    const plain = plainValue(value);
    if (typeof plain === 'boolean') return request.addParameter(name, Bit, plain);
    if (Buffer.isBuffer(plain)) return request.addParameter(name, VarBinary, plain);
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return request.addParameter(name, Long, value);
    if (typeof plain !== 'number') return request.addParameter(name, NVarChar, plain === null ? null : String(plain));
    const isInt = Number.isInteger(plain) && Math.abs(plain) < 2 ** 31;
    if (isInt) return request.addParameter(name, Int, plain);
    if (Number.isSafeInteger(plain)) return request.addParameter(name, Long, plain);
    return request.addParameter(name, Float, plain);
  }

  async #rows(sql: string, values: readonly RecordValue[] = []): Promise<Record<string, RecordValue>[]> {
    const { batches } = await this.run(sql, values);
    const all: Record<string, RecordValue>[] = [];
    for await (const batch of batches) all.push(...batch);
    return all;
  }

  async begin(isolation?: IsolationLevel): Promise<void> {
    if (isolation) await this.#rows(`SET TRANSACTION ISOLATION LEVEL ${isolation}`);
    await this.#rows('BEGIN TRANSACTION');
  }
  async commit(): Promise<void> {
    await this.#rows('COMMIT TRANSACTION');
  }
  async rollback(): Promise<void> {
    await this.#rows('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION');
  }

  async columns({ table, schema }: TableName): Promise<TableColumn[]> {
    const rows = await this.#rows(COLUMNS, [table, schema ?? null]);
    return rows.map(({ name, type, digits, scale, nullable, filled, iskey }) => ({
      name: String(name),
      type: typeOfName(String(type), digits as number | null, scale as number | null),
      nullable: nullable === 'YES',
      hasDefault: filled === 1,
      isKey: iskey === 1,
    }));
  }

  async tables(): Promise<TableInfo[]> {
    return (await this.#rows(TABLES)).map((row) => ({
      catalog: String(row.catalog_name),
      schema: String(row.schema_name),
      table: String(row.table_name),
      type: row.table_type === 'BASE TABLE' ? 'TABLE' : String(row.table_type),
      remarks: null,
    }));
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}
