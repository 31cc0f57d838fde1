import type { VerificationStep } from '../../server/extension/component.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import type {
  ColumnDefinition,
  QueryOptions,
  QueryResult,
  StatementOptions,
  TableDescription,
  TableName,
  UpsertOptions,
  UpsertResult,
  Warehouse,
} from '../../server/extension/warehouse.ts';
import { missingTable, requireKeyColumns, requireOwnDatabase, verifySteps } from '../../server/extension/warehouse-staging.ts';
import { describe, schemaName } from './catalog.ts';
import type { Connections, Session } from './connections.ts';
import { bound, named } from './dialect.ts';
import { quote } from './postgres-types.ts';
import { PostgresQueryResult } from './query-result.ts';
import { type Loader, Upsert } from './upsert.ts';

const IDENTITY = 'SELECT current_user AS "user", current_database() AS "database", current_schema() AS "schema", version() AS "version"';
const TABLES = `SELECT table_schema AS "schema", table_name AS "table" FROM information_schema.tables
  WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY CASE WHEN table_schema = current_schema() THEN 0 ELSE 1 END, 1, 2`;

/** The warehouse contract on PostgreSQL's protocol. */
export class PostgreSQL implements Warehouse {
  readonly transitUri: string;
  readonly #connections: Connections;
  readonly #load: Loader;
  readonly #release: () => Promise<void>;

  /** `load` brings rows into the stage; `release` frees what the connections go through. */
  constructor(connections: Connections, load: Loader, release: () => Promise<void> = () => Promise.resolve()) {
    const { host, port, database } = connections.settings;
    this.transitUri = `${connections.dialect.scheme}://${host}:${port}/${database}`;
    this.#connections = connections;
    this.#load = load;
    this.#release = release;
  }

  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    return PostgresQueryResult.run(await this.#connections.connect(options), sql, options);
  }

  execute(sql: string, options: StatementOptions = {}): Promise<number> {
    const statement = bound(sql, options.binds);
    return this.#connections.use(options, async (session) => (await session.run(statement.sql, statement.values.length > 0 ? statement.values : undefined)).rowCount ?? 0);
  }

  describeTable(table: TableName, options: StatementOptions = {}): Promise<TableDescription | undefined> {
    return this.#connections.use(options, (session) => describe(session, table));
  }

  createTable(table: TableName, columns: readonly ColumnDefinition[], options: StatementOptions = {}): Promise<void> {
    const { dialect, settings } = this.#connections;
    requireOwnDatabase(table, settings.database, this.transitUri);
    const definitions = columns.map(({ name, type, required }) => `${named(dialect, name)} ${dialect.types[type]}${required ? ' NOT NULL' : ''}`);
    return this.#connections.use(options, async (session) => {
      if (await describe(session, table)) return;
      const schema = table.schema === undefined ? '' : `${await this.#schema(session, table.schema)}.`;
      await session.run(`CREATE TABLE IF NOT EXISTS ${schema}${named(dialect, table.table)} (${definitions.join(', ')})`);
    });
  }

  async upsert(table: TableName, batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>, options: UpsertOptions): Promise<UpsertResult> {
    requireKeyColumns(table, options);
    const { dialect } = this.#connections;
    return this.#connections.use(options, async (session) => {
      const description = await describe(session, table);
      if (!description) throw missingTable(table, this.transitUri);
      return new Upsert(session, dialect, this.#load, description, options).run(batches);
    });
  }

  verify(options: Parameters<Warehouse['verify']>[0] = {}): Promise<VerificationStep[]> {
    return verifySteps(this, { identity: IDENTITY, tables: TABLES }, options);
  }

  async close(): Promise<void> {
    await this.#connections.close();
    await this.#release();
  }

  /** The schema as SQL, created where it is missing. */
  async #schema(session: Session, schema: string): Promise<string> {
    const known = await schemaName(session, schema);
    if (known !== undefined) return quote(known);
    const name = named(this.#connections.dialect, schema);
    await session.run(`CREATE SCHEMA IF NOT EXISTS ${name}`);
    return name;
  }
}
