import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { FUNCTIONS, marked, quoted, translated, unmarked, UNSUPPORTED } from './snowflake-sql.ts';

/** A column of a result as the SQL API describes it. */
export interface RowType {
  readonly name: string;
  readonly type: string;
  readonly precision: number;
  readonly scale: number;
  readonly length: number;
  readonly nullable: boolean;
}

/** Why a statement failed, in Snowflake's words. */
export class SnowflakeFailure extends Error {
  readonly code: string;
  readonly sqlState: string;
  constructor(code: string, sqlState: string, message: string) {
    super(message);
    this.code = code;
    this.sqlState = sqlState;
  }
}

/** The rows of a finished statement, in partitions. */
export interface Outcome {
  readonly columns: readonly RowType[];
  readonly partitions: readonly { readonly rows: number; readonly bytes: number }[];
  /** A partition's rows as JSON text. */
  readonly data: (partition: number) => Promise<string>;
  readonly stats?: Readonly<Record<string, number>>;
}

/** Where a statement runs and what it is bound to. */
export interface StatementContext {
  readonly database: string;
  readonly schema: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly bindings: Readonly<Record<string, { readonly type: string; readonly value: string | null }>>;
  /** The session that it belongs to; each statement has one of its own where none is given. */
  readonly session?: DuckDBConnection;
}

const FAILURES: readonly (readonly [RegExp, string, string, (match: RegExpExecArray) => string])[] = [
  [/^INTERRUPT/, '000604', '57014', () => 'SQL execution canceled'],
  [/Table with name (.+?) does not exist/s, '002003', '42S02', ([, name]) => `SQL compilation error:\nObject '${name}' does not exist or not authorized.`],
  [/[Ss]chema (?:with name )?"?(.+?)"? does not exist/s, '002003', '02000', ([, name]) => `SQL compilation error:\nSchema '${name}' does not exist or not authorized.`],
  [
    /(?:Referenced column|column named|Column with name) "?(.+?)"?(?: not found| does not|!|$|\n)/s,
    '000904',
    '42000',
    ([, name]) => `SQL compilation error: error line 1 at position 7\ninvalid identifier '${name}'`,
  ],
  [/syntax error at or near "(.*?)"/, '001003', '42000', ([, word]) => `SQL compilation error:\nsyntax error line 1 at position 0 unexpected '${word}'.`],
  [/Parser Error: (.*)/, '001003', '42000', ([, why]) => `SQL compilation error:\n${why}`],
  [/Could not convert string "(.*?)" to (DECIMAL|INT|DOUBLE)/, '100038', '22018', ([, value]) => `Numeric value '${value}' is not recognized`],
  [/^(?:Conversion|Invalid Input) Error: (.*)/, '100035', '22007', ([, why]) => why!],
  [/NOT NULL constraint failed: (?:.*\.)?(\w+)/, '100072', '22000', ([, name]) => `NULL result in a non-nullable column ${name}`],
  [/with name "?(.+?)"? already exists/, '002002', '42710', ([, name]) => `SQL compilation error:\nObject '${name}' already exists.`],
];

function failureOf(thrown: unknown): SnowflakeFailure {
  if (thrown instanceof SnowflakeFailure) return thrown;
  const message = unmarked(String((thrown as Error).message));
  for (const [pattern, code, state, say] of FAILURES) {
    const match = pattern.exec(message);
    if (match) return new SnowflakeFailure(code, state, say(match));
  }
  return new SnowflakeFailure('000603', 'XX000', `SQL execution internal error: ${message}`);
}

/** DuckDB's type as the SQL API names it. */
function rowType(name: string, native: string, nullable: boolean): RowType {
  const [precision = 38, scale = 0] = /^DECIMAL/.test(native) ? (native.match(/\d+/g) ?? []).map(Number) : [];
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/^(DECIMAL|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)/, 'FIXED'],
    [/^(FLOAT|DOUBLE)/, 'REAL'],
    [/^TIMESTAMP WITH TIME ZONE/, 'TIMESTAMP_TZ'],
    [/^TIMESTAMP/, 'TIMESTAMP_NTZ'],
    [/^(BOOLEAN|DATE|TIME)$/, native],
    [/^BLOB/, 'BINARY'],
    [/^JSON/, 'VARIANT'],
  ];
  const type = kinds.find(([pattern]) => pattern.test(native))?.[1] ?? 'TEXT';
  const isTime = type.startsWith('TIME');
  return {
    name: unmarked(name),
    type: type.toLowerCase(),
    precision: type === 'FIXED' ? precision : 0,
    scale: isTime ? 9 : type === 'FIXED' ? scale : 0,
    length: type === 'TEXT' ? 16_777_216 : 0,
    nullable,
  };
}

/** A cell as it travels: days, seconds, hexadecimal digits, text. */
function cell(name: string, { type }: RowType): string {
  const seconds = `printf('%d.%09d', epoch_us(${name}) // 1000000, (epoch_us(${name}) % 1000000) * 1000)`;
  switch (type) {
    case 'date':
      return `CAST(date_diff('day', DATE '1970-01-01', ${name}) AS VARCHAR)`;
    case 'time':
    case 'timestamp_ntz':
      return `CASE WHEN ${name} IS NOT NULL THEN ${seconds} END`;
    case 'timestamp_tz':
      return `CASE WHEN ${name} IS NOT NULL THEN ${seconds} || ' 1440' END`;
    case 'binary':
      return `hex(${name})`;
    case 'real':
      return `CASE WHEN isnan(${name}) THEN 'NaN' ELSE CAST(${name} AS VARCHAR) END`;
    default:
      return `CAST(${name} AS VARCHAR)`;
  }
}

const SNOWFLAKE_TYPES: readonly (readonly [RegExp, (native: string) => string])[] = [
  [/^DECIMAL/, (native) => native.replace('DECIMAL', 'NUMBER')],
  [/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/, () => 'NUMBER(38,0)'],
  [/^(FLOAT|DOUBLE)/, () => 'FLOAT'],
  [/^TIMESTAMP WITH TIME ZONE/, () => 'TIMESTAMP_TZ(9)'],
  [/^TIMESTAMP/, () => 'TIMESTAMP_NTZ(9)'],
  [/^TIME/, () => 'TIME(9)'],
  [/^BLOB/, () => 'BINARY(8388608)'],
  [/^JSON/, () => 'VARIANT'],
  [/^VARCHAR/, () => 'VARCHAR(16777216)'],
];

/** Snowflake's engine, played by DuckDB. */
export class SnowflakeEngine {
  readonly #instance: DuckDBInstance;
  readonly #partitionBytes: number;
  #results = 0;

  private constructor(instance: DuckDBInstance, partitionBytes: number) {
    this.#instance = instance;
    this.#partitionBytes = partitionBytes;
  }

  /** `databases` are there, each with the schema PUBLIC. */
  static async start(databases: readonly string[], partitionBytes: number): Promise<SnowflakeEngine> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
    const connection = await instance.connect();
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    for (const name of databases) await connection.run(`ATTACH ':memory:' AS ${quoted(marked(name))}; CREATE SCHEMA ${quoted(marked(name))}."PUBLIC"`);
    connection.closeSync();
    return new SnowflakeEngine(instance, partitionBytes);
  }

  stop(): void {
    this.#instance.closeSync();
  }

  /** Runs one statement, or several; `interrupted` stops it. Resolves to an outcome a statement. */
  async run(sql: string, count: number, context: StatementContext, interrupted: AbortSignal): Promise<Outcome[]> {
    const statements = translated(sql);
    if (count !== 0 && statements.length !== count)
      throw new SnowflakeFailure('000008', '0A000', `Actual statement count ${statements.length} did not match the desired statement count ${count}.`);
    const unsupported = statements.length === 1 && !context.session ? UNSUPPORTED.exec(statements[0]!) : null;
    if (unsupported) throw new SnowflakeFailure('391911', '0A000', `Unsupported statement type '${unsupported[0]}'.`);
    const connection = context.session ?? (await this.session(context));
    let interrupting: NodeJS.Timeout | undefined;
    // An interrupt that comes just before a statement begins is lost.
    const interrupt = (): void => {
      connection.interrupt();
      interrupting ??= setInterval(() => connection.interrupt(), 20).unref();
    };
    interrupted.addEventListener('abort', interrupt);
    try {
      const outcomes: Outcome[] = [];
      for (const statement of statements) {
        if (interrupted.aborted) throw new SnowflakeFailure('000604', '57014', 'SQL execution canceled');
        outcomes.push(await this.#one(connection, statement, `result_${++this.#results}`, context));
      }
      return outcomes;
    } catch (thrown) {
      if (!context.session) connection.closeSync();
      throw failureOf(thrown);
    } finally {
      clearInterval(interrupting);
      interrupted.removeEventListener('abort', interrupt);
    }
  }

  /** A session in a place. */
  async session({ database, schema, variables }: Pick<StatementContext, 'database' | 'schema' | 'variables'>): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    try {
      await connection.run(`USE ${quoted(marked(database))}.${quoted(marked(schema))}`);
    } catch {
      throw new SnowflakeFailure('090105', '22000', 'Cannot perform operation. This session does not have a current database. Call USE DATABASE, or use a qualified name.');
    }
    for (const [name, value] of Object.entries(variables)) await connection.run(`SET VARIABLE ${name} = '${value}'`);
    for (const declaration of FUNCTIONS) await connection.run(`CREATE TEMP MACRO ${declaration}`);
    return connection;
  }

  async #one(connection: DuckDBConnection, sql: string, name: string, context: StatementContext): Promise<Outcome> {
    const values = this.#values(context);
    const described = /^DESC(?:RIBE)?\s+TABLE\s+(.+)$/s.exec(sql);
    if (described) {
      const outcome = await this.#stored(connection, name, describing(described[1]!.trim(), context), {});
      if (outcome.partitions[0]!.rows === 0)
        throw new SnowflakeFailure('002003', '42S02', `SQL compilation error:\nTable '${unmarked(described[1]!)}' does not exist or not authorized.`);
      return outcome;
    }
    if (/^(SELECT|WITH|\(|VALUES|SHOW)/.test(sql)) return this.#stored(connection, name, sql, values);
    if (/^MERGE\b/.test(sql)) {
      const rows = (await (await connection.run(`${sql} RETURNING merge_action`, values)).getRows()).map(([action]) => String(action));
      return changed({ inserted: rows.filter((action) => action === 'INSERT').length, updated: rows.filter((action) => action === 'UPDATE').length });
    }
    const { rowsChanged } = await connection.run(sql, values);
    const [, verb] = /^(INSERT|UPDATE|DELETE)\b/.exec(sql) ?? [];
    return verb ? changed({ [`${verb.toLowerCase().replace(/e?$/, 'ed')}`]: rowsChanged }) : said('Statement executed successfully.');
  }

  #values({ bindings }: StatementContext): Record<string, DuckDBValue> {
    const bound = ({ type, value }: { type: string; value: string | null }): DuckDBValue => {
      if (value === null) return null;
      if (type === 'FIXED') return BigInt(value);
      if (type === 'REAL') return Number(value);
      return type === 'BOOLEAN' ? value === 'true' : value;
    };
    return Object.fromEntries(Object.entries(bindings).map(([position, binding]) => [position, bound(binding)]));
  }

  /** Puts the rows of a query where partitions are cut from. */
  async #stored(connection: DuckDBConnection, name: string, sql: string, values: Record<string, DuckDBValue>): Promise<Outcome> {
    await connection.run(`CREATE TEMP TABLE ${name} AS ${sql}`, values);
    const table = `temp.main.${name}`;
    const types = await connection.run(`SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'temp' AND table_name = '${name}' ORDER BY column_index`);
    const columns = (await types.getRows()).map(([name, native]) => ({ raw: String(name), ...rowType(String(name), String(native), true) }));
    const row = `[${columns.map((column) => cell(quoted(column.raw), column)).join(', ')}]`;
    const sizes = await connection.run(`SELECT (SELECT count(*) FROM ${table}), coalesce(avg(strlen(CAST(to_json(${row}) AS VARCHAR))), 1) FROM (FROM ${table} LIMIT 1000)`);
    const [[total, average]] = (await sizes.getRows()) as [[bigint, number]];
    const each = Math.max(1, Math.floor(this.#partitionBytes / average));
    const parts = Math.max(1, Math.ceil(Number(total) / each));
    const partitions = Array.from({ length: parts }, (_, index) => {
      const rows = Math.min(each, Number(total) - index * each);
      return { rows, bytes: Math.round(rows * average) };
    });
    const data = async (partition: number): Promise<string> => {
      const found = await connection.run(
        `SELECT CAST(to_json(list(${row} ORDER BY rowid)) AS VARCHAR) FROM ${table} WHERE rowid >= ${partition * each} AND rowid < ${(partition + 1) * each}`,
      );
      return String((await found.getRows())[0]![0] ?? '[]');
    };
    return { columns: columns.map(({ raw: _, ...column }) => column), partitions, data };
  }
}

/** The words of DESCRIBE TABLE as a query of DuckDB's catalog. */
function describing(name: string, { database, schema }: StatementContext): string {
  const parts = [...name.matchAll(/"((?:[^"]|"")*)"|(\w+)/g)].map(([, inQuotes, bare]) => inQuotes?.replaceAll('""', '"') ?? bare!);
  const [table, inSchema = marked(schema), inDatabase = marked(database)] = [...parts].reverse();
  const text = (part: string): string => `'${part.replaceAll("'", "''")}'`;
  const where = `database_name = ${text(inDatabase)} AND schema_name = ${text(inSchema)} AND table_name = ${text(table!)}`;
  const types = SNOWFLAKE_TYPES.map(
    ([pattern, say]) => `WHEN regexp_matches(data_type, '${pattern.source}') THEN ${/DECIMAL/.test(pattern.source) ? "replace(data_type, 'DECIMAL', 'NUMBER')" : text(say(''))}`,
  );
  return `SELECT replace(column_name, '\u0332', '') AS ${quoted('name')}, CASE ${types.join(' ')} ELSE data_type END AS ${quoted('type')}, 'COLUMN' AS ${quoted('kind')},
    CASE WHEN is_nullable THEN 'Y' ELSE 'N' END AS ${quoted('null?')}, column_default AS ${quoted('default')},
    CASE WHEN column_name IN (SELECT unnest(constraint_column_names) FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' AND ${where}) THEN 'Y' ELSE 'N' END AS ${quoted('primary key')}
    FROM duckdb_columns() WHERE ${where} ORDER BY column_index`;
}

const text = (name: string): RowType => ({ name, type: 'text', precision: 0, scale: 0, length: 16_777_216, nullable: true });

function said(message: string): Outcome {
  return { columns: [text('status')], partitions: [{ rows: 1, bytes: message.length }], data: async () => JSON.stringify([[message]]) };
}

function changed(counts: Readonly<Record<string, number>>): Outcome {
  const columns = Object.keys(counts).map((verb): RowType => ({ name: `number of rows ${verb}`, type: 'fixed', precision: 19, scale: 0, length: 0, nullable: false }));
  const stats = Object.fromEntries(Object.entries(counts).map(([verb, count]) => [`numRows${verb[0]!.toUpperCase()}${verb.slice(1)}`, count]));
  return { columns, stats, partitions: [{ rows: 1, bytes: 10 }], data: async () => JSON.stringify([Object.values(counts).map(String)]) };
}
