import type { Client as PgClient, FieldDef } from 'pg';
import { type IsolationLevel, type SqlResult, SqlError, type TableColumn, type TableInfo, type TableName } from '../../server/extension/database.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { exactNumber, type RecordBatch, type RecordValue } from '../../server/extension/record.ts';
import { BYTES, type DataType, decimalType, type RecordSchema, TYPES } from '../../server/extension/record-schema.ts';
import { type DriverConnection, noRows } from './connection-pool.ts';
import { plainValue } from './plain-value.ts';
import { numberedPlaceholders } from './statement-text.ts';

const BATCH = 1000;

/** Types by their object identifiers (pg_type.oid). */
const BY_OID: Readonly<Record<number, DataType>> = {
  16: TYPES.boolean,
  17: BYTES,
  20: TYPES.long,
  21: TYPES.short,
  23: TYPES.int,
  700: TYPES.float,
  701: TYPES.double,
  1082: TYPES.date,
  1083: TYPES.time,
  1114: TYPES.timestamp,
  1184: TYPES.timestamp,
  2950: TYPES.uuid,
  1000: { kind: 'array', element: TYPES.boolean },
  1005: { kind: 'array', element: TYPES.short },
  1007: { kind: 'array', element: TYPES.int },
  1009: { kind: 'array', element: TYPES.string },
  1015: { kind: 'array', element: TYPES.string },
  1016: { kind: 'array', element: TYPES.long },
  1022: { kind: 'array', element: TYPES.double },
};
const NUMERIC = 1700;

/** A column's modifier holds precision and scale; without one the digits that a record may need. */
function typeOf({ dataTypeID, dataTypeModifier }: FieldDef): DataType {
  if (dataTypeID !== NUMERIC) return BY_OID[dataTypeID] ?? TYPES.string;
  return dataTypeModifier < 4 ? decimalType(38, 10) : decimalType(((dataTypeModifier - 4) >> 16) & 0xffff, (dataTypeModifier - 4) & 0xffff);
}

/** Text of the wire to values of records, with all digits. */
function cellOf(text: unknown, { kind }: DataType): RecordValue {
  if (text === null || typeof text !== 'string') return (text as RecordValue) ?? null;
  switch (kind) {
    case 'boolean':
      return text === 't';
    case 'short':
    case 'int':
    case 'long':
    case 'decimal':
      return text === 'NaN' ? text : exactNumber(text);
    case 'float':
    case 'double':
      return Number(text);
    case 'timestamp':
      return text.replace(' ', 'T');
    case 'array':
      return text.startsWith('\\x') ? [...Buffer.from(text.slice(2), 'hex')] : text;
    default:
      return text;
  }
}

const LOST = /^(08|57P0|53|40)|ECONN|terminated|timeout/i;

function refused(thrown: unknown): SqlError {
  const { code = '' } = thrown as { code?: string };
  return new SqlError(`PostgreSQL: ${messageOf(thrown)}${code ? ` (${code})` : ''}`, LOST.test(code) || LOST.test(messageOf(thrown)), { cause: thrown });
}

const COLUMNS = `SELECT c.column_name, c.udt_name, c.numeric_precision, c.numeric_scale, c.is_nullable, (c.column_default IS NOT NULL OR c.is_identity = 'YES')::text,
  (EXISTS (SELECT 1 FROM information_schema.table_constraints t JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
   WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = c.table_schema AND t.table_name = c.table_name AND k.column_name = c.column_name))::text
  FROM information_schema.columns c WHERE c.table_name IN ($1::text, lower($1::text)) AND c.table_schema = coalesce($2::text, current_schema()) ORDER BY c.ordinal_position`;
const TABLES = `SELECT table_catalog, table_schema, table_name, table_type, obj_description(to_regclass(format('%I.%I', table_schema, table_name)))
  FROM information_schema.tables ORDER BY 1, 2, 3`;

const BY_NAME: Readonly<Record<string, DataType>> = {
  bool: TYPES.boolean,
  bytea: BYTES,
  int2: TYPES.short,
  int4: TYPES.int,
  int8: TYPES.long,
  float4: TYPES.float,
  float8: TYPES.double,
  date: TYPES.date,
  time: TYPES.time,
  timestamp: TYPES.timestamp,
  timestamptz: TYPES.timestamp,
  uuid: TYPES.uuid,
};

/** Opens a connection to PostgreSQL; the client is loaded with the first. Throws SqlError. */
export async function openPostgres(connectionString: string): Promise<DriverConnection> {
  const [{ default: pg }, { default: Cursor }] = await Promise.all([import('pg'), import('pg-cursor')]);
  const text = { getTypeParser: (oid: number) => (BY_OID[oid]?.kind === 'array' && oid !== 17 ? pg.types.getTypeParser(oid) : (value: string) => value) };
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000, types: text as never });
  // A connection that is lost while it lies idle must not end the process.
  client.on('error', () => undefined);
  await client.connect().catch((thrown: unknown) => {
    throw refused(thrown);
  });
  return new PostgresConnection(client, Cursor as never);
}

type CursorOf = new (sql: string, values: unknown[], config: { rowMode: 'array' }) => ResultCursor;
interface ResultCursor {
  submit: unknown;
  read(count: number, done: (error: Error | null, rows: unknown[][], result: { fields: FieldDef[]; rowCount: number | null; command: string }) => void): void;
  close(): Promise<void>;
}
interface Page {
  readonly rows: unknown[][];
  readonly fields: readonly FieldDef[];
  readonly changed: number;
}

class PostgresConnection implements DriverConnection {
  readonly product = 'PostgreSQL';
  readonly #client: PgClient;
  readonly #Cursor: CursorOf;

  constructor(client: PgClient, Cursor: CursorOf) {
    this.#client = client;
    this.#Cursor = Cursor;
  }

  async run(sql: string, values: readonly RecordValue[] = [], fetchSize = 0): Promise<SqlResult> {
    const size = fetchSize > 0 ? fetchSize : BATCH;
    const cursor = new this.#Cursor(values.length > 0 ? numberedPlaceholders(sql) : sql, values.map(plainValue), { rowMode: 'array' });
    this.#client.query(cursor as never);
    const page = await this.#page(cursor, size);
    if (page.fields.length === 0) {
      await cursor.close();
      return { schema: undefined, batches: noRows(), updateCount: page.changed };
    }
    const schema: RecordSchema = { fields: page.fields.map((one) => ({ name: one.name, type: typeOf(one), nullable: true })) };
    return { schema, updateCount: -1, batches: this.#rows(cursor, schema, page, size) };
  }

  #page(cursor: ResultCursor, size: number): Promise<Page> {
    return new Promise((resolve, reject) => {
      cursor.read(size, (error, rows, result) => (error ? reject(refused(error)) : resolve({ rows, fields: result?.fields ?? [], changed: result?.rowCount ?? -1 })));
    });
  }

  async *#rows(cursor: ResultCursor, { fields }: RecordSchema, first: Page, size: number): AsyncGenerator<RecordBatch> {
    try {
      for (let { rows } = first; rows.length > 0; { rows } = await this.#page(cursor, size))
        yield rows.map((row) => Object.fromEntries(fields.map(({ name, type }, index) => [name, cellOf(row[index], type)])));
    } finally {
      await cursor.close().catch(() => undefined);
    }
  }

  async #simply(sql: string, values: unknown[] = []): Promise<string[][]> {
    try {
      return (await this.#client.query({ text: sql, values, rowMode: 'array' })).rows as string[][];
    } catch (thrown) {
      throw refused(thrown);
    }
  }

  async begin(isolation?: IsolationLevel): Promise<void> {
    await this.#simply(isolation ? `BEGIN ISOLATION LEVEL ${isolation}` : 'BEGIN');
  }
  async commit(): Promise<void> {
    await this.#simply('COMMIT');
  }
  async rollback(): Promise<void> {
    await this.#simply('ROLLBACK');
  }

  async columns({ table, schema }: TableName): Promise<TableColumn[]> {
    const rows = await this.#simply(COLUMNS, [table, schema ?? null]);
    return rows.map(([name, type, precision, scale, nullable, hasDefault, isKey]) => ({
      name: name!,
      type: type === 'numeric' ? decimalType(Number(precision ?? 38), Number(scale ?? 10)) : (BY_NAME[type!] ?? TYPES.string),
      nullable: nullable === 'YES',
      hasDefault: hasDefault === 'true',
      isKey: isKey === 'true',
    }));
  }

  async tables(): Promise<TableInfo[]> {
    return (await this.#simply(TABLES)).map(([catalog, schema, table, type, remarks]) => ({
      catalog,
      schema,
      table: table!,
      type: type === 'BASE TABLE' ? (schema === 'pg_catalog' || schema === 'information_schema' ? 'SYSTEM TABLE' : 'TABLE') : type!,
      remarks: remarks ?? null,
    }));
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
