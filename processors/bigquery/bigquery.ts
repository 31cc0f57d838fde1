import type { VerificationStep } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
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
import { NEW_TYPES, quote } from './bigquery-types.ts';
import type { BigQueryClient } from './client.ts';
import { BigQueryResult, checked, type QuerySettings } from './query-result.ts';
import { datasetNamed, datasetNames, findTable, referenceOf, tableNames, type TableReference } from './tables.ts';
import type { Job, Task } from './task.ts';
import { Upsert } from './upsert.ts';

export interface BigQueryPlaces {
  /** For tables without one. */
  readonly dataset: string | undefined;
  /** Bytes that one statement may be billed for. */
  readonly maximumBytes: number | undefined;
}

/** The warehouse contract on BigQuery's REST API. */
export class BigQueryTables implements Warehouse {
  readonly transitUri: string;
  readonly #client: BigQueryClient;
  readonly #dataset: string | undefined;
  readonly #settings: QuerySettings;

  constructor(client: BigQueryClient, { dataset, maximumBytes }: BigQueryPlaces) {
    const { project } = client.settings;
    this.#client = client;
    this.#dataset = dataset;
    this.#settings = {
      ...(dataset === undefined ? {} : { defaultDataset: { projectId: project, datasetId: dataset } }),
      ...(maximumBytes === undefined ? {} : { maximumBytesBilled: String(maximumBytes) }),
    };
    this.transitUri = `bigquery://${project}${dataset === undefined ? '' : `/${dataset}`}`;
  }

  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    return BigQueryResult.run(this.#client.task(options), sql, options, this.#settings);
  }

  execute(sql: string, options: StatementOptions = {}): Promise<number> {
    return this.#work(options, async (task) => {
      const { query } = await checked(task, sql, options.binds, this.#settings);
      const job = await task.run(query);
      return affected(job.statistics?.query?.statementType === 'SCRIPT' ? await lastOf(task, job) : job);
    });
  }

  describeTable(table: TableName, options: StatementOptions = {}): Promise<TableDescription | undefined> {
    return this.#work(options, async (task) => (await findTable(task, this.#reference(table)))?.description);
  }

  createTable(table: TableName, columns: readonly ColumnDefinition[], options: StatementOptions = {}): Promise<void> {
    return this.#work(options, async (task) => {
      const wanted = this.#reference(table);
      const fields = columns.map(({ name, type, required }) => ({ name: allowed(name), type: NEW_TYPES[type], mode: required ? 'REQUIRED' : 'NULLABLE' }));
      allowed(wanted.tableId);
      if (await findTable(task, wanted)) return;
      const tableReference = { ...wanted, datasetId: await this.#madeDataset(task, wanted) };
      await task.make({ method: 'POST', path: `/datasets/${tableReference.datasetId}/tables`, project: wanted.projectId, body: { tableReference, schema: { fields } } });
    });
  }

  upsert(table: TableName, batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>, options: UpsertOptions): Promise<UpsertResult> {
    requireKeyColumns(table, options);
    return this.#work(options, async (task) => {
      const found = await findTable(task, this.#reference(table));
      if (!found) throw missingTable(table, this.transitUri);
      return new Upsert(this.#client, task, found, options, this.#settings).run(batches);
    });
  }

  async verify({ sql, binds, signal }: { sql?: string; binds?: StatementOptions['binds']; signal?: AbortSignal } = {}): Promise<VerificationStep[]> {
    const steps = [await previewStep(this, 'Connect', 'SELECT SESSION_USER() AS `user`', { signal })];
    if (steps[0]!.outcome !== 'SUCCESSFUL') return steps;
    steps.push(await this.#step('List the tables', { signal }, (task) => this.#listed(task)));
    if (!sql) return steps;
    steps.push(await this.#step('Check the query', { signal }, (task) => this.#estimate(task, sql, binds)));
    return steps.at(-1)!.outcome === 'FAILED' ? steps : [...steps, await previewStep(this, 'Run the query', sql, { binds, signal })];
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  async #work<T>(options: StatementOptions, work: (task: Task) => Promise<T>): Promise<T> {
    const task = this.#client.task(options);
    try {
      return await work(task);
    } finally {
      task.close();
    }
  }

  #reference(table: TableName): TableReference {
    return referenceOf(table, this.#client.settings.project, this.#dataset);
  }

  async #madeDataset(task: Task, wanted: TableReference): Promise<string> {
    const known = await datasetNamed(task, wanted);
    if (known !== undefined) return known;
    const { projectId, datasetId } = wanted;
    const { location } = this.#client.settings;
    const body = { datasetReference: { projectId, datasetId: allowed(datasetId) }, ...(location === undefined ? {} : { location }) };
    await task.make({ method: 'POST', path: '/datasets', project: projectId, body });
    return datasetId;
  }

  async #step(name: string, options: StatementOptions, work: (task: Task) => Promise<Omit<VerificationStep, 'name' | 'outcome'>>): Promise<VerificationStep> {
    try {
      return { name, outcome: 'SUCCESSFUL', ...(await this.#work(options, work)) };
    } catch (thrown) {
      return { name, outcome: 'FAILED', explanation: messageOf(thrown) };
    }
  }

  /** The first tables of the data set, or the first data sets where none is set. */
  async #listed(task: Task): Promise<Omit<VerificationStep, 'name' | 'outcome'>> {
    const { project } = this.#client.settings;
    const dataset = this.#dataset;
    const preview: Record<string, string>[] = [];
    for await (const name of dataset === undefined ? datasetNames(task, project) : tableNames(task, project, dataset)) {
      if (preview.push(dataset === undefined ? { dataset: name } : { dataset, table: name }) === 10) break;
    }
    const kind = dataset === undefined ? 'data sets' : 'tables';
    return { explanation: preview.length < 10 ? `${preview.length} ${kind}.` : `The first ten ${kind}.`, preview };
  }

  async #estimate(task: Task, sql: string, binds: StatementOptions['binds']): Promise<Omit<VerificationStep, 'name' | 'outcome'>> {
    const { job } = await checked(task, sql, binds, this.#settings);
    return { explanation: `BigQuery understands it and would read ${Number(job.statistics?.totalBytesProcessed ?? 0).toLocaleString('en-US')} bytes.` };
  }
}

/** The name, if it can be one. Throws WarehouseError. */
function allowed(name: string): string {
  quote(name);
  return name;
}

const affected = (job: Job | undefined): number => Number(job?.statistics?.query?.numDmlAffectedRows ?? 0);

/** The last statement of a script: its jobs are listed from the newest. */
async function lastOf(task: Task, { jobReference }: Job): Promise<Job | undefined> {
  const { jobs = [] } = await task.call<{ jobs?: readonly Job[] }>({ method: 'GET', path: '/jobs', query: { parentJobId: jobReference.jobId, maxResults: 1, projection: 'full' } });
  return jobs[0];
}
