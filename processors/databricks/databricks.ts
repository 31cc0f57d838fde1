import type { VerificationStep } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { inTurn } from '../../server/extension/turns.ts';
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
import { missingTable, previewStep, requireKeyColumns } from '../../server/extension/warehouse-staging.ts';
import type { DatabricksApi } from './api.ts';
import { Catalog, type FullName, missingVolume } from './catalog.ts';
import { NATIVE_TYPES, quote } from './databricks-types.ts';
import { DatabricksQueryResult } from './query-result.ts';
import { changes, statementsOf } from './sql-text.ts';
import { type Disposition, type StatementSettings, Statements } from './statements.ts';
import { count, sqlName, Upsert } from './upsert.ts';
import { StagingDirectory } from './volume.ts';
import { coldText, type WarmUp } from './warm-up.ts';

export interface DatabricksSettings extends StatementSettings {
  readonly disposition: Disposition;
  /** `/Volumes/catalog/schema/volume`, optionally with directories. */
  readonly volume: string | undefined;
}

const IDENTITY = 'SELECT current_user() AS `user`, current_catalog() AS `catalog`, current_schema() AS `schema`';

/** The warehouse contract on a Databricks SQL warehouse. */
export class Databricks implements Warehouse {
  readonly transitUri: string;
  readonly #api: DatabricksApi;
  readonly #settings: DatabricksSettings;
  readonly #warmUp: WarmUp;
  readonly #statements: Statements;
  readonly #catalog: Catalog;

  constructor(api: DatabricksApi, settings: DatabricksSettings, warmUp: WarmUp) {
    this.#api = api;
    this.#settings = settings;
    this.#warmUp = warmUp;
    this.#statements = new Statements(api, settings, warmUp);
    this.#catalog = new Catalog(api);
    this.transitUri = `databricks://${new URL(api.workspace).host}/${settings.warehouseId}/${settings.catalog}`;
  }

  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    const statements = statementsOf(sql);
    if (statements.length > 1) throw new WarehouseError('syntax', `The query consists of ${statements.length} statements`, { remedy: 'Keep one; others belong elsewhere.' });
    if (changes(sql))
      throw new WarehouseError('syntax', 'The statement returns no rows that could be read', { remedy: 'Write a query, such as SELECT; other statements belong elsewhere.' });
    const work = this.#statements.begin(options);
    try {
      const answer = await this.#statements.run(statements[0] ?? sql, work, { binds: options.binds, disposition: this.#settings.disposition, isRepeatable: true });
      return new DatabricksQueryResult(answer, this.#api, this.#statements, work, options);
    } catch (thrown) {
      const told = this.#statements.told(thrown, work);
      work.end();
      throw told;
    }
  }

  execute(sql: string, options: StatementOptions = {}): Promise<number> {
    return this.#statements.use(options, async (work) => {
      let changed = 0;
      for (const statement of statementsOf(sql)) changed = count(await this.#statements.run(statement, work, { binds: options.binds, isRepeatable: false }), 'num_affected_rows');
      return changed;
    });
  }

  describeTable(table: TableName, options: Pick<StatementOptions, 'signal'> = {}): Promise<TableDescription | undefined> {
    return this.#statements.use(options, ({ signal }) => this.#catalog.table(this.#full(table), signal));
  }

  createTable(table: TableName, columns: readonly ColumnDefinition[], options: Pick<StatementOptions, 'signal'> = {}): Promise<void> {
    const name = this.#full(table);
    const definitions = columns.map((column) => `${quote(column.name)} ${NATIVE_TYPES[column.type]}${column.required ? ' NOT NULL' : ''}`);
    return this.#statements.use(options, async (work) => {
      if (await this.#catalog.table(name, work.signal)) return;
      const run = (sql: string) => this.#statements.run(sql, work, { isRepeatable: true });
      if (!(await this.#catalog.hasSchema(name, work.signal))) await run(`CREATE SCHEMA IF NOT EXISTS ${quote(name.database)}.${quote(name.schema)}`);
      // Columns are mapped by name, so that they may be called anything and may be dropped again.
      await run(`CREATE TABLE IF NOT EXISTS ${sqlName({ name })} (${definitions.join(', ')}) TBLPROPERTIES ('delta.columnMapping.mode' = 'name')`);
    });
  }

  async upsert(table: TableName, batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>, options: UpsertOptions): Promise<UpsertResult> {
    requireKeyColumns(table, options);
    const name = this.#full(table);
    // Upserts of one table take turns, instead of colliding.
    return inTurn(`${this.#api.workspace} ${name.database}.${name.schema}.${name.table}`.toLowerCase(), () =>
      this.#statements.use(options, async (work) => {
        const description = await this.#catalog.table(name, work.signal);
        if (!description) throw missingTable(table, this.transitUri);
        if (!this.#settings.volume) throw missingVolume();
        return new Upsert(this.#statements, work, new StagingDirectory(this.#api, this.#settings.volume), description, options).run(batches);
      }),
    );
  }

  async verify({ sql, binds, signal }: { sql?: string; binds?: StatementOptions['binds']; signal?: AbortSignal } = {}): Promise<VerificationStep[]> {
    const warehouse = await this.#warehouseStep(signal);
    const steps = [warehouse.step];
    if (warehouse.isUp) {
      const schemas = `${quote(this.#settings.catalog)}.information_schema.tables`;
      const tables = `SELECT table_schema AS \`schema\`, table_name AS \`table\` FROM ${schemas} WHERE table_schema <> 'information_schema' ORDER BY 1, 2`;
      steps.push(await previewStep(this, 'Connect', IDENTITY, { signal }), await previewStep(this, 'List the tables', tables, { signal }));
      if (sql) steps.push(await previewStep(this, 'Run the query', sql, { binds, signal }));
    }
    return warehouse.step.outcome === 'FAILED' ? steps : [...steps.slice(0, 1), await this.#volumeStep(signal), ...steps.slice(1)];
  }

  async close(): Promise<void> {
    await this.#statements.close();
    await this.#api.close();
  }

  /** Whether we may in, and whether the warehouse is up; one that is not is started. */
  #warehouseStep(signal: AbortSignal | undefined): Promise<{ step: VerificationStep; isUp: boolean }> {
    const name = 'SQL warehouse';
    return this.#statements.use({ signal }, async (work) => {
      try {
        const state = await this.#warmUp.look(work.signal);
        const isUp = state.state === 'RUNNING';
        if (isUp) return { step: { name, outcome: 'SUCCESSFUL', explanation: `${state.name ?? this.#settings.warehouseId} is running.` }, isUp };
        if (state.state === 'STOPPED') await this.#warmUp.start(work.signal);
        const explanation = `${coldText(this.#settings.warehouseId, state)} The login works; test again then to see its tables.`;
        return { step: { name, outcome: 'SUCCESSFUL', explanation }, isUp };
      } catch (thrown) {
        const explanation = messageOf(this.#statements.told(thrown, work));
        // Who may use a warehouse need not be allowed to look at it.
        const isHidden = thrown instanceof WarehouseError && thrown.kind === 'permission';
        return { step: { name, outcome: isHidden ? 'SKIPPED' : 'FAILED', explanation }, isUp: isHidden };
      }
    });
  }

  async #volumeStep(signal: AbortSignal | undefined): Promise<VerificationStep> {
    const name = 'Staging volume';
    const { volume } = this.#settings;
    if (!volume) return { name, outcome: 'SKIPPED', explanation: 'There is none: the warehouse can be queried, but not written to by PutWarehouse.' };
    try {
      const isThere = await this.#statements.use({ signal }, (work) => this.#catalog.hasVolume(volume, work.signal));
      return { name, outcome: isThere ? 'SUCCESSFUL' : 'FAILED', explanation: isThere ? `${volume} is there.` : `There is no volume ${volume}, or the user may not see it.` };
    } catch (thrown) {
      return { name, outcome: 'FAILED', explanation: messageOf(thrown) };
    }
  }

  #full({ database = this.#settings.catalog, schema = this.#settings.schema, table }: TableName): FullName {
    return { database, schema, table };
  }
}
