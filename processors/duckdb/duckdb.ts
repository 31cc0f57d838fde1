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
import { missingTable, previewStep, requireKeyColumns } from '../../server/extension/warehouse-staging.ts';
import { bound, type Database, type Session } from './database.ts';
import { fieldType, nativeType, quote } from './duckdb-types.ts';
import { DuckDBQueryResult } from './query-result.ts';
import { sqlName, Upsert } from './upsert.ts';

/** The warehouse contract on an open DuckDB database. */
export class DuckDB implements Warehouse {
  readonly transitUri: string;
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
    this.transitUri = `duckdb://${database.path}`;
  }

  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    return DuckDBQueryResult.run(await this.database.connect(options), sql, options);
  }

  execute(sql: string, options: StatementOptions = {}): Promise<number> {
    const statement = bound(sql, options.binds);
    return this.database.write(() => this.database.use(options, async (session) => (await session.run(statement.sql, statement.values)).rowsChanged));
  }

  describeTable(table: TableName, options: StatementOptions = {}): Promise<TableDescription | undefined> {
    return this.database.use(options, (session) => describe(session, table));
  }

  async createTable(table: TableName, columns: readonly ColumnDefinition[], options: StatementOptions = {}): Promise<void> {
    const definitions = columns.map(({ name, type, required }) => `${quote(name)} ${nativeType(type)}${required ? ' NOT NULL' : ''}`);
    const schema = table.schema
      ? `CREATE SCHEMA IF NOT EXISTS ${[table.database, table.schema]
          .filter((part) => part !== undefined)
          .map(quote)
          .join('.')}; `
      : '';
    await this.execute(`${schema}CREATE TABLE IF NOT EXISTS ${sqlName({ name: table })} (${definitions.join(', ')})`, options);
  }

  upsert(table: TableName, batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>, options: UpsertOptions): Promise<UpsertResult> {
    requireKeyColumns(table, options);
    return this.database.write(() =>
      this.database.use(options, async (session) => {
        const description = await describe(session, table);
        if (!description) throw missingTable(table, this.transitUri);
        return new Upsert(session, description, options).run(batches);
      }),
    );
  }

  async verify({ sql, binds, signal }: { sql?: string; binds?: StatementOptions['binds']; signal?: AbortSignal } = {}): Promise<VerificationStep[]> {
    const tables = 'SELECT schema_name AS schema, table_name AS "table", estimated_size AS rows FROM duckdb_tables() WHERE NOT temporary ORDER BY 1, 2';
    const steps = [await previewStep(this, 'List the tables', tables, { signal })];
    if (sql) steps.push(await previewStep(this, 'Run the query', sql, { binds, signal }));
    return steps;
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

async function describe(session: Session, { database, schema, table }: TableName): Promise<TableDescription | undefined> {
  const where = `lower(table_name) = lower($table) AND lower(schema_name) = lower(coalesce($schema, current_schema())) AND lower(database_name) = lower(coalesce($database, current_database()))`;
  const names = { table, schema: schema ?? null, database: database ?? null };
  const found = await session.run(
    `SELECT database_name, schema_name, table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE ${where} ORDER BY column_index`,
    names,
  );
  const rows = (await found.getRows()).map((row) => row.map((value) => (typeof value === 'boolean' ? value : String(value))));
  if (rows.length === 0) return undefined;
  const keys = await session.run(`SELECT unnest(constraint_column_names) FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' AND ${where}`, names);
  const [databaseName, schemaName, tableName] = rows[0] as string[];
  return {
    name: { database: databaseName!, schema: schemaName!, table: tableName! },
    columns: (rows as [string, string, string, string, string, boolean][]).map(([, , , name, native, nullable]) => ({
      name,
      type: fieldType(native),
      nativeType: native,
      nullable,
    })),
    primaryKey: (await keys.getRows()).map(([name]) => String(name)),
  };
}
