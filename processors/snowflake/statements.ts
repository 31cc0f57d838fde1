import { setTimeout as delay } from 'node:timers/promises';
import { Deadline } from '../../server/extension/deadline.ts';
import type { QueryOptions, QueryResult, StatementOptions } from '../../server/extension/warehouse.ts';
import { bound, isSeveral } from './bindings.ts';
import { type Answer, type Client, requireQuery, secondsOf, type StatementSettings } from './client.ts';
import { SnowflakeQueryResult } from './query-result.ts';
import { type Run, Running } from './running.ts';
import type { Row } from './row-stream.ts';
import type { RowType } from './snowflake-types.ts';
import type { SqlApi } from './sql-api.ts';

/** What the API answers of a statement that is done. */
export interface ApiAnswer {
  readonly statementHandle: string;
  /** Of a request of several statements. */
  readonly statementHandles?: readonly string[];
  readonly resultSetMetaData: { readonly numRows: number; readonly rowType: readonly RowType[]; readonly partitionInfo?: readonly { readonly rowCount: number }[] };
  /** The rows of the first partition. */
  readonly data: readonly Row[];
}

const FIRST_LOOK = 20;
const LAST_LOOK = 3000;
const CANCEL_PATIENCE = 10_000;

const answerOf = ({ resultSetMetaData, data }: ApiAnswer): Answer => ({ columns: resultSetMetaData.rowType, rows: data });

/** Statements through the SQL API: submitted, followed to their end, cancelled. */
export class Statements implements Client {
  readonly settings: StatementSettings;
  readonly #api: SqlApi;
  readonly #running: Running;

  constructor(api: SqlApi, settings: StatementSettings) {
    this.#api = api;
    this.settings = settings;
    this.#running = new Running(settings.maxConcurrent);
  }

  get url(): string {
    return this.#api.url;
  }

  async query(sql: string, options: QueryOptions): Promise<QueryResult> {
    requireQuery(sql);
    return new SnowflakeQueryResult(this.#api, await this.#run(sql, options, 1), options.batchSize);
  }

  async run(sql: string, options: StatementOptions): Promise<Answer> {
    const { outcome, end } = await this.#run(sql, options, 1);
    end();
    return answerOf(outcome);
  }

  async runAll(sql: string, options: StatementOptions): Promise<Answer> {
    const { outcome, deadline, end } = await this.#run(sql, options, isSeveral(sql, options) ? 0 : 1);
    try {
      const last = outcome.statementHandles?.at(-1);
      return answerOf(last === undefined ? outcome : (await this.#api.look<ApiAnswer>(last, deadline.signal)).body);
    } finally {
      end();
    }
  }

  async close(): Promise<void> {
    await this.#running.close();
    await this.#api.close();
  }

  /** `count`: how many statements the text has, 0 for any number; only a single one may have binds. */
  #run(sql: string, options: StatementOptions, count: 0 | 1): Promise<Run<ApiAnswer>> {
    return this.#running.start(options, async (signal) => {
      // Not given up while it is on its way: a statement whose id nobody knows could not be cancelled.
      const submitted = await this.#api.submit<ApiAnswer>(this.#body(sql, options, count), new AbortController().signal);
      return submitted.status === 200 && !signal.aborted ? submitted.body : this.#followed(submitted.body.statementHandle, signal);
    });
  }

  async #followed(handle: string, signal: AbortSignal): Promise<ApiAnswer> {
    try {
      for (let pause = FIRST_LOOK; ; pause = Math.min(pause * 1.5, LAST_LOOK)) {
        signal.throwIfAborted();
        const { status, body } = await this.#api.look<ApiAnswer>(handle, signal);
        if (status === 200) return body;
        await delay(pause, undefined, { signal });
      }
    } catch (thrown) {
      if (signal.aborted) await this.#cancel(handle);
      throw thrown;
    }
  }

  async #cancel(handle: string): Promise<void> {
    const patience = new Deadline(undefined, CANCEL_PATIENCE);
    await this.#api.cancel(handle, patience.signal);
    patience.close();
  }

  #body(sql: string, options: StatementOptions, count: 0 | 1): object {
    const { database, schema, warehouse, role, queryTag } = this.settings;
    const { statement, bindings } = bound(sql, options.binds);
    const numbered = Object.fromEntries(bindings.map((binding, index) => [String(index + 1), binding]));
    // Times without a zone are read and written in UTC, bytes as hexadecimal digits, whatever the account has set.
    const parameters = { timezone: 'UTC', binary_output_format: 'HEX', query_tag: queryTag, MULTI_STATEMENT_COUNT: String(count) };
    const where = { database, schema, warehouse, role };
    return { statement, timeout: secondsOf(options, this.settings), ...where, ...(bindings.length > 0 && { bindings: numbered }), parameters };
  }
}
