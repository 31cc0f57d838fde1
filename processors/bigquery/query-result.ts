import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import { type Column, type QueryOptions, type QueryResult, WarehouseError } from '../../server/extension/warehouse.ts';
import { fieldType, nativeType, type Reader, reader, type TableField } from './bigquery-types.ts';
import type { JobReference } from './client.ts';
import { bound, type QueryParameter, parameters } from './parameters.ts';
import type { Job, ResultPage, Task } from './task.ts';

/** Rows asked for at once, at least; BigQuery sends fewer where they are long. */
const PAGE = 10_000;

/** What every query is run with, such as the data set for names without one. */
export type QuerySettings = Readonly<Record<string, unknown>>;

export interface Checked {
  readonly job: Job;
  readonly query: object;
}

/** A query as BigQuery understands it, which it says without running it: its parameters get the types that they are used with. */
export async function checked(task: Task, sql: string, binds: QueryOptions['binds'], settings: QuerySettings): Promise<Checked> {
  const statement = bound(sql, binds);
  const plain = { ...settings, query: statement.sql, useLegacySql: false };
  if (statement.values.size === 0) return { job: await task.dryRun(plain), query: plain };
  const query = { ...plain, parameterMode: 'NAMED', queryParameters: parameters(statement.values, await usedTypes(task, plain)) satisfies QueryParameter[] };
  return { job: await task.dryRun(query), query };
}

async function usedTypes(task: Task, query: object): Promise<ReadonlyMap<string, string>> {
  try {
    const undeclared = (await task.dryRun(query)).statistics?.query?.undeclaredQueryParameters ?? [];
    return new Map(undeclared.map(({ name, parameterType }) => [name, parameterType.type]));
  } catch (thrown) {
    // Without their types a query may not be understood, as where a parameter is used with two of them.
    if (thrown instanceof WarehouseError && !thrown.isPassing && thrown.kind !== 'cancelled') return new Map();
    throw thrown;
  }
}

/** A query's rows, fetched page by page: memory holds two pages, the one in use and the next. */
export class BigQueryResult implements QueryResult {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly queryId: string;
  readonly #task: Task;
  readonly #job: JobReference;
  readonly #batchSize: number;
  readonly #readers: readonly (readonly [string, Reader])[];
  #page: Promise<ResultPage>;
  #isOpen = true;

  private constructor(task: Task, { job, page }: { job: JobReference; page: ResultPage }, batchSize: number) {
    const fields: readonly TableField[] = page.schema?.fields ?? [];
    this.#task = task;
    this.#job = job;
    this.#batchSize = batchSize;
    this.#page = Promise.resolve(page);
    this.#readers = fields.map((field) => [field.name, reader(field)] as const);
    this.columns = fields.map((field) => ({ name: field.name, type: fieldType(field), nativeType: nativeType(field), nullable: field.mode !== 'REQUIRED' }));
    this.rowCount = Number(page.totalRows ?? 0);
    this.queryId = job.jobId;
  }

  /** Runs the statement to its first page. Closes the task when it fails. */
  static async run(task: Task, sql: string, options: QueryOptions, settings: QuerySettings): Promise<BigQueryResult> {
    try {
      const { job, query } = await checked(task, sql, options.binds, settings);
      requireRows(job.statistics?.query?.statementType);
      const batchSize = Math.max(1, options.batchSize ?? 1000);
      return new BigQueryResult(task, await task.query(query, pageSize(batchSize)), batchSize);
    } catch (thrown) {
      task.close();
      throw thrown;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    try {
      let rest: DataRecord[] = [];
      for await (const { rows = [] } of this.#pages()) {
        const records = rows.map(({ f }) => this.#record(f));
        rest = rest.length === 0 ? records : rest.concat(records);
        let at = 0;
        for (; rest.length - at >= this.#batchSize; at += this.#batchSize) yield rest.slice(at, at + this.#batchSize);
        rest = rest.slice(at);
      }
      if (rest.length > 0) yield rest;
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#task.close();
  }

  async *#pages(): AsyncGenerator<ResultPage> {
    while (this.#isOpen) {
      const page = await this.#page;
      if (page.pageToken !== undefined) {
        this.#page = this.#task.page(this.#job, pageSize(this.#batchSize), page.pageToken);
        this.#page.catch(() => undefined);
      }
      yield page;
      if (page.pageToken === undefined) return;
    }
  }

  #record(cells: readonly { readonly v: unknown }[]): DataRecord {
    const record: DataRecord = {};
    for (let index = 0; index < cells.length; index++) {
      const [name, read] = this.#readers[index]!;
      record[name] = read(cells[index]!.v);
    }
    return record;
  }
}

const pageSize = (batchSize: number): number => Math.ceil(PAGE / batchSize) * batchSize;

function requireRows(statementType: string | undefined): void {
  if (statementType === 'SELECT' || statementType === undefined) return;
  if (statementType === 'SCRIPT')
    throw new WarehouseError('syntax', 'The query consists of more than one statement', { remedy: 'Keep one; run the others before it, by their own processor.' });
  throw new WarehouseError('syntax', `The statement (${statementType}) returns no rows that could be read`, {
    remedy: 'Write a query, such as SELECT; other statements belong elsewhere.',
  });
}
