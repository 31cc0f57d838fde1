import type { Readable } from 'node:stream';
import type { Connection, ConnectionOptions, RowStatement } from 'snowflake-sdk';
import { quotedName, type SqlResult, SqlError, type TableColumn, type TableInfo, type TableName } from '../../server/extension/database.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { DataRecord, RecordBatch, RecordValue } from '../../server/extension/record.ts';
import { field, type SchemaField } from '../../server/extension/record-schema.ts';
import { connectSnowflake } from '../../server/extension/snowflake-driver.ts';
import { type DriverConnection, noRows } from './connection-pool.ts';
import { plainValue } from './plain-value.ts';
import { cellOfSnowflake, OUTPUT_FORMATS, typeOfSnowflake } from './snowflake-values.ts';

const BATCH = 1000;
const QUERIES = /^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(select|with|show|describe|desc|list|ls|call|explain|values|table)\b/i;
const COLUMNS = `SELECT column_name, data_type, numeric_precision, numeric_scale, is_nullable, IFF(column_default IS NOT NULL OR is_identity = 'YES', 'YES', 'NO'), table_schema
  FROM information_schema.columns WHERE table_name IN (?, UPPER(?)) AND table_schema = COALESCE(?, CURRENT_SCHEMA()) ORDER BY ordinal_position`;
const TABLES = 'SELECT table_catalog, table_schema, table_name, table_type, comment FROM information_schema.tables ORDER BY 1, 2, 3';

/** Errors of the network and of sessions that have ended; the rest stays wrong. */
const PASSING = /^(401\d\d\d|390112|390114|390195|000625)$/;

function refused(thrown: unknown): SqlError {
  const { code = '' } = thrown as { code?: string | number };
  const message = messageOf(thrown);
  return new SqlError(`Snowflake: ${message}${code ? ` (${code})` : ''}`, PASSING.test(String(code)) || /ECONN|ETIMEDOUT|network|terminated/i.test(message), { cause: thrown });
}

/** Opens a session of Snowflake. Throws SqlError. */
export async function openSnowflake(options: ConnectionOptions): Promise<DriverConnection> {
  try {
    const session = new SnowflakeConnection(await connectSnowflake({ ...options, fetchAsString: ['Number', 'Date', 'JSON'] }));
    await session.prepare();
    return session;
  } catch (thrown) {
    throw thrown instanceof SqlError ? thrown : refused(thrown);
  }
}

class SnowflakeConnection implements DriverConnection {
  readonly product = 'Snowflake';
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async prepare(): Promise<void> {
    await this.#execute(OUTPUT_FORMATS);
  }

  #execute(sqlText: string, values: readonly RecordValue[] = []): Promise<RowStatement> {
    const binds = values.map((value) => {
      const plain = plainValue(value);
      return Buffer.isBuffer(plain) ? plain.toString('hex') : typeof plain === 'bigint' ? String(plain) : plain;
    });
    return new Promise((resolve, reject) => {
      this.#connection.execute({ sqlText, binds, complete: (error, statement) => (error ? reject(refused(error)) : resolve(statement as RowStatement)) });
    });
  }

  async run(sql: string, values: readonly RecordValue[] = [], fetchSize = 0): Promise<SqlResult> {
    const statement = await this.#execute(sql, values);
    if (!QUERIES.test(sql)) return { schema: undefined, batches: noRows(), updateCount: statement.getNumUpdatedRows() ?? -1 };
    const columns = statement.getColumns() ?? [];
    const fields = columns.map((column) => field(column.getName(), typeOfSnowflake(column.getType(), column.getPrecision(), column.getScale())));
    return { schema: { fields }, updateCount: -1, batches: rowBatches(statement, fields, fetchSize > 0 ? fetchSize : BATCH) };
  }

  async #rows(sql: string, values: readonly RecordValue[] = []): Promise<RecordValue[][]> {
    const { batches: all } = await this.run(sql, values);
    const rows: RecordValue[][] = [];
    for await (const batch of all) rows.push(...batch.map((record) => Object.values(record) as RecordValue[]));
    return rows;
  }

  async begin(): Promise<void> {
    await this.#execute('BEGIN');
  }
  async commit(): Promise<void> {
    await this.#execute('COMMIT');
  }
  async rollback(): Promise<void> {
    await this.#execute('ROLLBACK');
  }

  async columns({ table, schema }: TableName): Promise<TableColumn[]> {
    const rows = await this.#rows(COLUMNS, [table, table, schema ?? null]);
    if (rows.length === 0) return [];
    const keys = await this.#keys(String(rows[0]![6]), table);
    return rows.map(([name, type, precision, scale, nullable, hasDefault]) => ({
      name: String(name),
      type: typeOfSnowflake(String(type), precision as number | null, scale as number | null),
      nullable: nullable === 'YES',
      hasDefault: hasDefault === 'YES',
      isKey: keys.has(String(name)),
    }));
  }

  /** Which columns are the primary key stands in no view, only in what SHOW says. */
  async #keys(schema: string, table: string): Promise<Set<string>> {
    const name = `${quotedName(schema)}.${/^\w+$/.test(table) ? table : quotedName(table)}`;
    const { schema: shown, batches: all } = await this.run(`SHOW PRIMARY KEYS IN TABLE ${name}`);
    const at = shown!.fields.find((one) => one.name.toLowerCase() === 'column_name')?.name ?? '';
    const keys = new Set<string>();
    for await (const batch of all) for (const record of batch) keys.add(String(record[at]));
    return keys;
  }

  async tables(): Promise<TableInfo[]> {
    return (await this.#rows(TABLES)).map(([catalog, schema, table, type, remarks]) => ({
      catalog: String(catalog),
      schema: String(schema),
      table: String(table),
      type: type === 'BASE TABLE' ? 'TABLE' : String(type),
      remarks: remarks === null ? null : String(remarks),
    }));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#connection.destroy(() => resolve()));
  }
}

async function* rowBatches(statement: RowStatement, fields: readonly SchemaField[], size: number): AsyncGenerator<RecordBatch> {
  const rows = statement.streamRows() as Readable;
  try {
    let batch: DataRecord[] = [];
    for await (const row of rows as AsyncIterable<unknown[]>) {
      batch.push(Object.fromEntries(fields.map(({ name, type }, index) => [name, cellOfSnowflake(row[index], type)])));
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } catch (thrown) {
    throw refused(thrown);
  } finally {
    rows.destroy();
  }
}
