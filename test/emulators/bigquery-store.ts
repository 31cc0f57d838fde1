import { type DuckDBConnection, DuckDBInstance, StatementType } from '@duckdb/node-api';
import { cell, cellSql, definition, type Field, fieldOf, fieldsOf, quote } from './bigquery-fields.ts';
import { BigQueryFault, duckType, faultOf, toDuckDB } from './bigquery-sql.ts';

export interface Parameter {
  readonly name: string;
  readonly parameterType: { readonly type: string };
  readonly parameterValue: { readonly value: string | null };
}
export interface QueryConfiguration {
  readonly query: string;
  readonly queryParameters?: readonly Parameter[];
  readonly defaultDataset?: { readonly datasetId: string };
}
/** What a statement has done, as the statistics of a job tell it. */
export interface Outcome {
  statementType: string;
  readonly schema?: { readonly fields: readonly Field[] };
  readonly totalRows?: number;
  readonly numDmlAffectedRows?: string;
  readonly dmlStats?: { readonly insertedRowCount: string; readonly updatedRowCount: string };
}
type Page = { readonly f: readonly { readonly v: unknown }[] }[];

const KINDS: Readonly<Record<number, string>> = {
  [StatementType.SELECT]: 'SELECT',
  [StatementType.INSERT]: 'INSERT',
  [StatementType.UPDATE]: 'UPDATE',
  [StatementType.DELETE]: 'DELETE',
};
/** The data behind the emulator: a data set is a schema of DuckDB. */
export class BigQueryStore {
  readonly #instance: DuckDBInstance;
  readonly #main: DuckDBConnection;
  readonly #project: string;

  private constructor(instance: DuckDBInstance, main: DuckDBConnection, project: string) {
    this.#instance = instance;
    this.#main = main;
    this.#project = project;
  }

  static async open(project: string): Promise<BigQueryStore> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const main = await instance.connect();
    await main.run(`SET GLOBAL TimeZone = 'UTC'; ATTACH ':memory:' AS ${quote(project)}; USE ${quote(project)}`);
    await main.run('CREATE MACRO memory.main.TO_JSON_STRING(x) AS CAST(to_json(x) AS VARCHAR); CREATE MACRO memory.main.GENERATE_ARRAY(a, b) AS generate_series(a, b)');
    await main.run("CREATE MACRO memory.main.SESSION_USER() AS 'millrace@test.iam.gserviceaccount.com'");
    return new BigQueryStore(instance, main, project);
  }

  close(): void {
    this.#main.closeSync();
    this.#instance.closeSync();
  }

  // ---- data sets and tables

  async datasets(): Promise<string[]> {
    return this.#texts("SELECT schema_name FROM duckdb_schemas() WHERE database_name = $1 AND schema_name NOT IN ('main', 'information_schema', 'pg_catalog') ORDER BY 1", [
      this.#project,
    ]);
  }

  async createDataset(name: string): Promise<void> {
    if ((await this.datasets()).includes(name)) throw new BigQueryFault('duplicate', `Already Exists: Dataset ${this.#project}:${name}`);
    await this.#main.run(`CREATE SCHEMA ${quote(this.#project)}.${quote(name)}`);
  }

  tables(dataset: string): Promise<string[]> {
    return this.#texts('SELECT table_name FROM duckdb_tables() WHERE database_name = $1 AND schema_name = $2 ORDER BY 1', [this.#project, dataset]);
  }

  /** Names are told apart by their case, unlike in DuckDB. */
  async table(dataset: string, table: string): Promise<readonly Field[]> {
    if (!(await this.tables(dataset)).includes(table)) throw new BigQueryFault('notFound', `Not found: Table ${this.#project}:${dataset}.${table}`);
    const where = 'database_name = $1 AND schema_name = $2 AND table_name = $3 AND NOT is_nullable';
    const required = await this.#texts(`SELECT column_name FROM duckdb_columns() WHERE ${where}`, [this.#project, dataset, table]);
    const prepared = await this.#main.prepare(`SELECT * FROM ${this.#sql(dataset, table)}`);
    const fields = fieldsOf(prepared).map((field) => (required.includes(field.name) ? { ...field, mode: 'REQUIRED' } : field));
    prepared.destroySync();
    return fields;
  }

  async createTable(dataset: string, table: string, fields: readonly Field[]): Promise<void> {
    if ((await this.tables(dataset)).includes(table)) throw new BigQueryFault('duplicate', `Already Exists: Table ${this.#project}:${dataset}.${table}`);
    await this.#main.run(`CREATE TABLE ${this.#sql(dataset, table)} (${fields.map((field) => `${quote(field.name)} ${definition(field)}`).join(', ')})`);
  }

  async dropTable(dataset: string, table: string): Promise<void> {
    await this.#main.run(`DROP TABLE IF EXISTS ${this.#sql(dataset, table)}`);
  }

  /** A load job: a JSON object a line. */
  async load(dataset: string, table: string, fields: readonly Field[], lines: string): Promise<Outcome> {
    for (const field of fields) await this.#main.run(`ALTER TABLE ${this.#sql(dataset, table)} ADD COLUMN IF NOT EXISTS ${quote(field.name)} ${definition(field)}`);
    const value = ({ name, type, mode, fields: inner }: Field): string => {
      if (type === 'BYTES' && mode !== 'REPEATED') return `from_base64(j->>'$."${name}"')`;
      const isPart = mode === 'REPEATED' || inner || type === 'JSON';
      return `CAST(j->${isPart ? '' : '>'}'$."${name}"' AS ${definition({ name, type, ...(mode === 'REPEATED' ? { mode } : {}), ...(inner ? { fields: inner } : {}) })})`;
    };
    try {
      await this.#main.run(
        `INSERT INTO ${this.#sql(dataset, table)} (${fields.map(({ name }) => quote(name)).join(', ')}) SELECT ${fields.map(value).join(', ')}
         FROM (SELECT CAST(unnest(string_split(rtrim($1, chr(10)), chr(10))) AS JSON) AS j)`,
        [lines],
      );
    } catch (thrown) {
      throw new BigQueryFault('invalid', `Error while reading data, error message: ${(thrown as Error).message}`);
    }
    return { statementType: 'LOAD' };
  }

  // ---- queries

  /** What a query is, without running it; parameters that are not declared are told with the types that they are used with. */
  async check({ query, queryParameters = [], defaultDataset }: QueryConfiguration): Promise<Outcome & { undeclaredQueryParameters?: unknown }> {
    const session = await this.session(defaultDataset?.datasetId ?? 'main');
    try {
      return await session.check(query, queryParameters);
    } finally {
      session.close();
    }
  }

  async session(dataset: string): Promise<BigQuerySession> {
    const connection = await this.#instance.connect();
    if ([...(await this.datasets()), 'main'].includes(dataset))
      await connection.run(`SET TimeZone = 'UTC'; SET search_path = '${quote(this.#project)}.${quote(dataset)},memory.main'`);
    return new BigQuerySession(connection, this.#project, dataset);
  }

  #sql(dataset: string, table: string): string {
    return [this.#project, dataset, table].map(quote).join('.');
  }

  async #texts(sql: string, values: string[]): Promise<string[]> {
    return (await (await this.#main.run(sql, values)).getRows()).map(([name]) => String(name));
  }
}

/** The connection of one job, which keeps its rows. */
export class BigQuerySession {
  readonly #connection: DuckDBConnection;
  readonly #project: string;
  readonly #dataset: string;
  #fields: readonly Field[] = [];

  constructor(connection: DuckDBConnection, project: string, dataset: string) {
    this.#connection = connection;
    this.#project = project;
    this.#dataset = dataset;
  }

  close(): void {
    this.#connection.interrupt();
    this.#connection.closeSync();
  }

  interrupt(): void {
    this.#connection.interrupt();
  }

  async check(sql: string, given: readonly Parameter[]): Promise<Outcome & { undeclaredQueryParameters?: unknown }> {
    return this.#told(async () => {
      const text = toDuckDB(sql, (name) => place(name, given));
      const statements = await this.#connection.extractStatements(text);
      if (statements.count > 1) return { statementType: /^\s*ALTER/.test(text) ? 'ALTER_TABLE' : 'SCRIPT' };
      const prepared = await statements.prepare(0);
      const names = Array.from({ length: prepared.parameterCount }, (_, index) => [prepared.parameterName(index + 1), prepared.parameterType(index + 1)] as const);
      const undeclaredQueryParameters = names
        .filter(([name]) => !given.some((one) => one.name === name))
        // GoogleSQL takes INT64 where nothing tells.
        .map(([name, type]) => ({ name, parameterType: { type: GOOGLE[fieldOf(name, type).type] ?? fieldOf(name, type).type } }));
      const statementType = KINDS[prepared.statementType] ?? /^\s*(MERGE|CREATE|DROP|ALTER)/i.exec(text)?.[1]?.toUpperCase() ?? 'OTHER';
      return { statementType, ...(statementType === 'SELECT' ? { schema: { fields: fieldsOf(prepared) } } : {}), undeclaredQueryParameters };
    });
  }

  async run(sql: string, given: readonly Parameter[] = []): Promise<Outcome> {
    const { statementType } = await this.check(sql, given);
    return this.#told(async () => {
      const text = toDuckDB(sql, (name) => place(name, given));
      const values = Object.fromEntries(given.map(({ name, parameterValue }) => [name, parameterValue.value]));
      if (statementType === 'SELECT') return this.#select(text, values);
      if (statementType === 'MERGE') return this.#merge(text);
      const result = await this.#connection.run(text, given.length > 0 ? values : undefined);
      return { statementType, numDmlAffectedRows: String(result.rowsChanged) };
    });
  }

  /** Rows of the last query, as the API writes them. */
  async page(from: number, count: number): Promise<Page> {
    if (this.#fields.length === 0 || count === 0) return [];
    const cells = this.#fields.map(cellSql).join(', ');
    const result = await this.#connection.run(`SELECT ${cells} FROM temp.result WHERE rowid >= ${from} AND rowid < ${from + count} ORDER BY rowid`);
    return (await result.getRows()).map((row) => ({ f: row.map((text, index) => ({ v: cell(text as string | null, this.#fields[index]!) })) }));
  }

  async #select(sql: string, values: Record<string, string | null>): Promise<Outcome> {
    await this.#connection.run(`CREATE OR REPLACE TEMP TABLE result AS ${sql}`, values);
    const prepared = await this.#connection.prepare('FROM temp.result');
    this.#fields = fieldsOf(prepared);
    const [[count]] = (await (await this.#connection.run('SELECT count(*) FROM temp.result')).getRows()) as [[bigint]];
    return { statementType: 'SELECT', schema: { fields: this.#fields }, totalRows: Number(count) };
  }

  async #merge(sql: string): Promise<Outcome> {
    const actions = (await (await this.#connection.run(`${sql} RETURNING merge_action`)).getRows()).map(([action]) => action);
    const count = (name: string): string => String(actions.filter((action) => action === name).length);
    return { statementType: 'MERGE', numDmlAffectedRows: String(actions.length), dmlStats: { insertedRowCount: count('INSERT'), updatedRowCount: count('UPDATE') } };
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw faultOf(thrown, this.#project, this.#dataset);
    }
  }
}

/** Parameters are declared in GoogleSQL's words, columns in those of legacy SQL. */
const GOOGLE: Readonly<Record<string, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };

function place(name: string, given: readonly Parameter[]): string {
  const declared = given.find((one) => one.name === name);
  return declared ? `CAST($${name} AS ${duckType(declared.parameterType.type)})` : `$${name}`;
}
