import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { forbiddenSql, sandboxRemedy, sandboxStatements } from '../../server/extension/duckdb-sandbox.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { type DataRecord, ExactNumber, exactNumber, parseExactly, type RecordBatch, type RecordValue, stringifyExactly } from '../../server/extension/record.ts';
import type { RecordSet } from '../../server/extension/record-io.ts';
import { type DataType, field, type RecordSchema, type SchemaField } from '../../server/extension/record-schema.ts';
import { recordTypeOf } from './duckdb-values.ts';

const SIMPLE: Readonly<Partial<Record<DataType['kind'], string>>> = {
  boolean: 'BOOLEAN',
  byte: 'SMALLINT',
  short: 'SMALLINT',
  int: 'INTEGER',
  long: 'BIGINT',
  bigint: 'HUGEINT',
  float: 'DOUBLE',
  double: 'DOUBLE',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  uuid: 'UUID',
};

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** DuckDB's type for a type of records; choices become JSON text. */
function sqlType(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${Math.min(Math.max(type.precision, 1), 38)}, ${Math.min(type.scale, 38)})`;
    case 'array':
      return `${sqlType(type.element)}[]`;
    case 'map':
      return `MAP(VARCHAR, ${sqlType(type.value)})`;
    case 'record':
      return type.schema.fields.length === 0 ? 'JSON' : `STRUCT(${type.schema.fields.map((one) => `${quoted(one.name)} ${sqlType(one.type)}`).join(', ')})`;
    default:
      return SIMPLE[type.kind] ?? 'VARCHAR';
  }
}

/** Long decimals and integers as text: DuckDB's JSON reader would make doubles of them. */
const forJson = (_: string, value: unknown): unknown => (value instanceof ExactNumber ? value.text : typeof value === 'bigint' ? String(value) : value);

async function* lines(batches: AsyncIterable<RecordBatch>, note: (bytes: number) => void): AsyncGenerator<string> {
  for await (const batch of batches) {
    for (const record of batch) {
      const line = `${jsonLine(record)}\n`;
      note(Buffer.byteLength(line));
      yield line;
    }
  }
}

function jsonLine(record: DataRecord): string {
  return stringifyExactly(Object.fromEntries(Object.entries(record).map(([name, value]) => [name, exactAsText(value)])));
}

function exactAsText(value: RecordValue): RecordValue {
  if (Array.isArray(value)) return value.map(exactAsText);
  if (value instanceof ExactNumber || typeof value === 'bigint' || typeof value !== 'object' || value === null) return forJson('', value) as RecordValue;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, exactAsText(one)]));
}

/** Types that are read as text and keep their digits. */
const TEXTS = new Set(['decimal', 'bigint', 'long', 'date', 'time', 'timestamp']);

function fromText(text: string, kind: string): RecordValue {
  return kind === 'timestamp' ? text.replace(' ', 'T') : kind === 'date' || kind === 'time' ? text : exactNumber(text);
}

/** SQL that queries records, in a database of its own in memory. */
export class QueryEngine {
  readonly #instance: DuckDBInstance;
  readonly directory: string;

  private constructor(instance: DuckDBInstance, directory: string) {
    this.#instance = instance;
    this.directory = directory;
  }

  static async open(): Promise<QueryEngine> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const directory = await mkdtemp(path.join(os.tmpdir(), 'millrace-query-'));
    let instance: DuckDBInstance | undefined;
    try {
      instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '512MB', temp_directory: path.join(directory, 'spill') });
      const connection = await instance.connect();
      // Queries come from users: they may read the records, and no other file or address.
      await connection.run(sandboxStatements([await realpath(directory)]));
      connection.disconnectSync();
      return new QueryEngine(instance, directory);
    } catch (thrown) {
      instance?.closeSync();
      await rm(directory, { recursive: true, force: true });
      throw thrown;
    }
  }

  async close(): Promise<void> {
    try {
      this.#instance.closeSync();
    } finally {
      await rm(this.directory, { recursive: true, force: true });
    }
  }

  /** Makes records tables for queries. They are on disk, so their number does not matter. Throws ProcessError. */
  async tables(sets: Readonly<Record<string, RecordSet>>): Promise<QueryTables> {
    const connection = await this.#instance.connect();
    const files: string[] = [];
    try {
      for (const [name, set] of Object.entries(sets)) {
        const file = path.join(this.directory, `${crypto.randomUUID()}.json`);
        files.push(file);
        let longest = USUAL_RECORD;
        const note = (bytes: number): void => {
          longest = Math.max(longest, bytes);
        };
        await pipeline(lines(set.batches, note), createWriteStream(file));
        await connection.run(`CREATE TEMP VIEW ${quoted(name)} AS SELECT * FROM ${source(file, set.schema, longest)}`);
      }
      return new QueryTables(connection, files);
    } catch (thrown) {
      await new QueryTables(connection, files).close();
      throw thrown;
    }
  }
}

/** DuckDB takes a quarter of a minute for a query of so many columns, and four times as long for twice as many. */
const MAX_COLUMNS = 2000;
const MAX_NAME = 10_000;

/** DuckDB takes a record of up to 16 MB unless it is told otherwise. It sets aside twice as much for each thread, so only what is needed is asked for. */
const USUAL_RECORD = 16 * 1024 ** 2;

function source(file: string, { fields }: RecordSchema, largest: number): string {
  if (fields.length > MAX_COLUMNS) throw new ProcessError(`The records have ${fields.length} fields, more than the ${MAX_COLUMNS} that can be queried.`);
  const longest = fields.find(({ name }) => name.length > MAX_NAME);
  if (longest)
    throw new ProcessError(
      `A field's name has ${longest.name.length} characters, more than the ${MAX_NAME} of a column: the content is not what the reader takes it for, most likely.`,
    );
  // SQL has no way to write this character.
  const odd = fields.find(({ name }) => name.includes('\0'));
  if (odd)
    throw new ProcessError(
      `The field '${odd.name.replaceAll('\0', '\\0')}' has a NUL character in its name and cannot be queried: the content is not what the reader takes it for, most likely.`,
    );
  if (fields.length === 0) return '(SELECT 1 AS nothing WHERE false)';
  const columns = fields.map((one) => `${literal(one.name)}: ${literal(sqlType(one.type))}`).join(', ');
  return `read_json(${literal(file)}, format = 'newline_delimited', columns = {${columns}}${largest > USUAL_RECORD ? `, maximum_object_size = ${largest}` : ''})`;
}

/** Tables of one FlowFile. */
export class QueryTables {
  readonly #connection: DuckDBConnection;
  readonly #files: readonly string[];

  constructor(connection: DuckDBConnection, files: readonly string[]) {
    this.#connection = connection;
    this.#files = files;
  }

  /** The rows of a query, as they come. Throws ProcessError where the query is not one, or fails. */
  async query(sql: string): Promise<RecordSet> {
    const inner = sql.trim().replace(/;\s*$/, '');
    if (!/^\(*\s*(select|with|values|from)\b/i.test(inner)) throw new ProcessError(`The query must be a SELECT: ${inner.slice(0, 100)}`);
    const forbidden = forbiddenSql(inner);
    if (forbidden) throw new ProcessError(`The query failed: ${forbidden} Query: ${sql.slice(0, 200)}`);
    const fields = await this.#asking(sql, async () => {
      const described = await this.#connection.run(`SELECT * FROM (${inner}\n) LIMIT 0`);
      return described.columnNames().map((name, index): SchemaField => field(name, recordTypeOf(described.columnTypes()[index]!)));
    });
    return { schema: { fields }, batches: this.#rows(inner, fields) };
  }

  async #asking<T>(sql: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const remedy = sandboxRemedy(messageOf(thrown), 'the records of the FlowFile');
      throw new ProcessError(`The query failed: ${messageOf(thrown).split('\n')[0]}${remedy ? `. ${remedy}` : ''} Query: ${sql.slice(0, 200)}`, { cause: thrown });
    }
  }

  async *#rows(sql: string, fields: readonly SchemaField[]): AsyncGenerator<RecordBatch> {
    const names = fields.map((_, index) => `c${index}`);
    const cells = fields.map(({ type }, index) => (TEXTS.has(type.kind) ? `CAST(c${index} AS VARCHAR)` : `c${index}`));
    const asked = `SELECT CAST(to_json([${cells.map((cell) => `to_json(${cell})`).join(', ')}]) AS VARCHAR) FROM (${sql}\n) AS t(${names.join(', ')})`;
    const result = await this.#asking(sql, () => this.#connection.stream(asked));
    for (;;) {
      const chunk = await this.#asking(sql, () => result.fetchChunk());
      if (!chunk || chunk.rowCount === 0) return;
      const rows = parseExactly(`[${chunk.getColumnValues(0).join(',')}]`) as RecordValue[][];
      yield rows.map((row) =>
        Object.fromEntries(fields.map(({ name, type }, index) => [name, typeof row[index] === 'string' && TEXTS.has(type.kind) ? fromText(row[index], type.kind) : row[index]!])),
      );
    }
  }

  async close(): Promise<void> {
    this.#connection.disconnectSync();
    await Promise.all(this.#files.map((file) => rm(file, { force: true })));
  }
}
