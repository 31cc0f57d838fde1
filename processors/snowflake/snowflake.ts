import type { VerificationStep } from '../../server/extension/component.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import {
  type ColumnDefinition,
  type QueryOptions,
  type QueryResult,
  type StatementOptions,
  type TableDescription,
  type TableName,
  type UpsertOptions,
  type UpsertResult,
  type Warehouse,
  WarehouseError,
} from '../../server/extension/warehouse.ts';
import { missingTable, requireKeyColumns, verifySteps } from '../../server/extension/warehouse-staging.ts';
import { changes } from './changes.ts';
import type { Answer, Client } from './client.ts';
import { fieldType, folded, NATIVE, quote } from './snowflake-types.ts';
import { abandonedBefore, sqlName, STAGE_PREFIX, Upsert } from './upsert.ts';

const IDENTITY =
  'SELECT CURRENT_USER() AS "user", CURRENT_ROLE() AS "role", CURRENT_WAREHOUSE() AS "warehouse", CURRENT_DATABASE() AS "database", CURRENT_SCHEMA() AS "schema", CURRENT_VERSION() AS "version"';
const TABLES = `SELECT table_schema AS "schema", table_name AS "table", row_count AS "rows" FROM information_schema.tables
  WHERE table_schema <> 'INFORMATION_SCHEMA' ORDER BY CASE WHEN table_schema = CURRENT_SCHEMA() THEN 0 ELSE 1 END, 1, 2`;

/** The warehouse contract on Snowflake, whichever way leads there. */
export class Snowflake implements Warehouse {
  readonly transitUri: string;
  readonly #client: Client;
  #isSwept = false;

  constructor(client: Client) {
    this.#client = client;
    this.transitUri = `snowflake://${new URL(client.url).host}/${client.settings.database}`;
  }

  query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    return this.#client.query(sql, options);
  }

  async execute(sql: string, options: StatementOptions = {}): Promise<number> {
    const { inserted, updated, deleted } = changes(await this.#client.runAll(sql, options));
    return inserted + updated + deleted;
  }

  async describeTable(table: TableName, options: Pick<StatementOptions, 'signal'> = {}): Promise<TableDescription | undefined> {
    const plain = this.#placed(table, folded);
    const exact = this.#placed(table, (name) => name);
    for (const name of sqlName(plain) === sqlName(exact) ? [plain] : [plain, exact]) {
      const found = await this.#described(name, options);
      if (found) return found;
    }
    return undefined;
  }

  async createTable(table: TableName, columns: readonly ColumnDefinition[], options: Pick<StatementOptions, 'signal'> = {}): Promise<void> {
    if (await this.describeTable(table, options)) return;
    const name = this.#placed(table, folded);
    const definitions = columns.map(({ name: column, type, required }) => `${quote(folded(column))} ${NATIVE[type]}${required ? ' NOT NULL' : ''}`);
    const create = `CREATE TABLE IF NOT EXISTS ${sqlName(name)} (${definitions.join(', ')})`;
    try {
      await this.#run(create, options);
    } catch (thrown) {
      // A schema is created where it is missing, so that nobody needs the right to create one that is there.
      if (!(thrown instanceof WarehouseError) || thrown.kind !== 'missing object' || table.schema === undefined) throw thrown;
      await this.#run(`CREATE SCHEMA IF NOT EXISTS ${sqlName({ schema: name.database, table: name.schema })}`, options);
      await this.#run(create, options);
    }
  }

  async upsert(table: TableName, batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>, options: UpsertOptions): Promise<UpsertResult> {
    requireKeyColumns(table, options);
    const description = await this.describeTable(table, options);
    if (!description) throw missingTable(table, this.transitUri);
    await this.#sweep(description.name, options);
    return new Upsert(this.#client, description, options).run(batches);
  }

  verify(options: Parameters<Warehouse['verify']>[0] = {}): Promise<VerificationStep[]> {
    return verifySteps(this, { identity: IDENTITY, tables: TABLES }, options);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #run(sql: string, { signal }: Pick<StatementOptions, 'signal'>): Promise<Answer> {
    return this.#client.run(sql, { signal });
  }

  /** The full name; what the service says holds where the name does not. */
  #placed({ database, schema, table }: TableName, spelled: (name: string) => string): Required<TableName> {
    const { settings } = this.#client;
    const part = (name: string | undefined, otherwise: string): string => (name === undefined ? otherwise : spelled(name));
    return { database: part(database, settings.database), schema: part(schema, settings.schema), table: spelled(table) };
  }

  async #described(name: Required<TableName>, options: Pick<StatementOptions, 'signal'>): Promise<TableDescription | undefined> {
    try {
      const { columns: shown, rows } = await this.#run(`DESCRIBE TABLE ${sqlName(name)}`, options);
      const at = (column: string): number => shown.findIndex((one) => one.name.toLowerCase() === column);
      const [names, types, nullable, keys] = ['name', 'type', 'null?', 'primary key'].map(at) as [number, number, number, number];
      const columns = rows.map((row) => ({ name: row[names]!, type: fieldType(row[types]!), nativeType: row[types]!, nullable: row[nullable] === 'Y' }));
      return { name, columns, primaryKey: rows.filter((row) => row[keys] === 'Y').map((row) => row[names]!) };
    } catch (thrown) {
      if (thrown instanceof WarehouseError && thrown.kind === 'missing object') return undefined;
      throw thrown;
    }
  }

  /** Drops the stages that killed processes have left, once for each service; who may not drop them leaves them. */
  async #sweep({ database, schema }: TableName, options: Pick<StatementOptions, 'signal'>): Promise<void> {
    if (this.#isSwept) return;
    this.#isSwept = true;
    const sql = 'SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_name >= ? AND table_name < ?';
    try {
      const { rows } = await this.#client.run(sql, { ...options, binds: [schema!, STAGE_PREFIX, abandonedBefore(Date.now())] });
      for (const [name] of rows) await this.#run(`DROP TABLE IF EXISTS ${sqlName({ database, schema, table: name! })}`, options);
    } catch (thrown) {
      if (options.signal?.aborted) throw thrown;
    }
  }
}
