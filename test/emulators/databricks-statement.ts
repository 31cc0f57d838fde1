import { randomUUID } from 'node:crypto';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { messageOf } from '../../server/extension/errors.ts';
import { asText, isQuery, translated, translatedError, typeText } from './databricks-sql.ts';

export interface StatementRequest {
  readonly statement: string;
  readonly warehouse_id: string;
  readonly catalog?: string;
  readonly schema?: string;
  readonly disposition?: 'INLINE' | 'EXTERNAL_LINKS';
  readonly format?: string;
  readonly wait_timeout?: string;
  readonly on_wait_timeout?: string;
  readonly parameters?: readonly { readonly name: string; readonly value?: string | null; readonly type?: string }[];
}

type State = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';
type Cells = (string | null)[];

/** Functions of Databricks that DuckDB spells otherwise. */
const MACROS = `CREATE OR REPLACE TEMP MACRO parse_json(t) AS CAST(t AS JSON); CREATE OR REPLACE TEMP MACRO current_user() AS 'ann@example.com';
  CREATE OR REPLACE TEMP MACRO current_catalog() AS current_database()`;

/** One statement on its own session, with its result. */
export class EmulatedStatement {
  readonly id = randomUUID();
  readonly request: StatementRequest;
  state: State = 'PENDING';
  error: { message: string; sqlState: string } | undefined;
  columns: { name: string; native: string }[] = [];
  rowCount = 0;
  readonly #chunkRows: number;
  #connection: DuckDBConnection | undefined;
  #changes: Cells | undefined;
  #interrupting: NodeJS.Timeout | undefined;

  constructor(request: StatementRequest, chunkRows: number) {
    this.request = request;
    this.#chunkRows = chunkRows;
  }

  async run(instance: DuckDBInstance, volumes: string): Promise<void> {
    if (this.state === 'CANCELED') return;
    this.state = 'RUNNING';
    try {
      const connection = await instance.connect();
      this.#connection = connection;
      const { catalog = 'workspace', schema = 'default' } = this.request;
      await connection.run(`USE "${catalog}"."${schema}"; ${MACROS}`);
      for (const sql of translated(this.request.statement, volumes)) await this.#runOne(connection, sql);
      if (!this.#isCancelled) this.state = 'SUCCEEDED';
    } catch (thrown) {
      if (this.#isCancelled) return;
      this.state = 'FAILED';
      this.error = translatedError(messageOf(thrown));
    }
  }

  cancel(): void {
    if (this.state !== 'PENDING' && this.state !== 'RUNNING') return;
    this.state = 'CANCELED';
    this.#connection?.interrupt();
    this.#interrupting ??= setInterval(() => this.#connection?.interrupt(), 20).unref();
  }

  close(): void {
    this.cancel();
    clearInterval(this.#interrupting);
  }

  get chunks(): number {
    return Math.max(1, Math.ceil(this.rowCount / this.#chunkRows));
  }

  async rows(chunk: number): Promise<Cells[]> {
    if (this.#changes) return [this.#changes];
    if (this.rowCount === 0) return [];
    const from = chunk * this.#chunkRows;
    const texts = this.columns.map(({ name, native }) => asText(name, native));
    const result = await this.#connection!.run(`SELECT ${texts.join(', ')} FROM temp.result WHERE rowid >= ${from} AND rowid < ${from + this.#chunkRows} ORDER BY rowid`);
    return (await result.getRows()) as Cells[];
  }

  get #isCancelled(): boolean {
    return this.state === 'CANCELED';
  }

  async #runOne(connection: DuckDBConnection, sql: string): Promise<void> {
    const values = Object.fromEntries((this.request.parameters ?? []).map(({ name, value = null, type = 'STRING' }) => [name, boundValue(value, type)]));
    const binds = Object.keys(values).length > 0 ? values : undefined;
    if (!isQuery(sql)) return this.#change(connection, sql, binds);
    await connection.run(`CREATE TEMP TABLE result AS ${sql}`, binds);
    const described = await connection.run("SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'temp' AND table_name = 'result' ORDER BY column_index");
    this.columns = (await described.getRows()).map(([name, native]) => ({ name: String(name), native: String(native) }));
    this.rowCount = Number((await (await connection.run('SELECT count(*) FROM temp.result')).getRows())[0]![0]);
  }

  async #change(connection: DuckDBConnection, sql: string, binds: Record<string, DuckDBValue> | undefined): Promise<void> {
    const result = await connection.run(sql, binds);
    const names = ['num_affected_rows', 'num_updated_rows', 'num_deleted_rows', 'num_inserted_rows'];
    if (/^MERGE\b/.test(sql)) {
      const actions = (await result.getRows()).map(([action]) => String(action));
      const counted = (one: string): string => String(actions.filter((action) => action === one).length);
      this.#changes = [String(actions.length), counted('UPDATE'), '0', counted('INSERT')];
    } else if (/^\s*(insert|update|delete)\b/i.test(sql)) this.#changes = [String(result.rowsChanged)];
    this.columns = names.slice(0, this.#changes?.length ?? 0).map((name) => ({ name, native: 'BIGINT' }));
    this.rowCount = this.#changes ? 1 : 0;
  }

  /** The schema as the manifest has it. */
  get schema() {
    return { column_count: this.columns.length, columns: this.columns.map(({ name, native }, position) => ({ name, position, type_text: typeText(native) })) };
  }
}

function boundValue(value: string | null, type: string): DuckDBValue {
  if (value === null) return null;
  if (type === 'BIGINT') return BigInt(value);
  if (type === 'BOOLEAN') return value === 'true';
  return type === 'DOUBLE' ? Number(value) : value;
}
