import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../server/extension/errors.ts';
import { NoAnswer } from '../../server/extension/json-api.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { type Column, type QueryResult, stoppedError, WarehouseError } from '../../server/extension/warehouse.ts';
import { RowReader } from './records.ts';
import { type Row, rowsOf } from './row-stream.ts';
import type { Run } from './running.ts';
import type { SqlApi } from './sql-api.ts';
import type { ApiAnswer } from './statements.ts';

const ATTEMPTS = 6;
const FIRST_PAUSE = 200;

/** A query's rows, partition by partition: of the one that is read memory holds what has come in one piece from the network. */
export class SnowflakeQueryResult implements QueryResult {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly queryId: string;
  readonly #api: SqlApi;
  readonly #run: Run<ApiAnswer>;
  readonly #batchSize: number | undefined;
  readonly #reader: RowReader;
  #isOpen = true;

  constructor(api: SqlApi, run: Run<ApiAnswer>, batchSize: number | undefined) {
    const { resultSetMetaData, statementHandle } = run.outcome;
    this.#api = api;
    this.#run = run;
    this.#batchSize = batchSize;
    this.#reader = new RowReader(resultSetMetaData.rowType);
    this.queryId = statementHandle;
    this.rowCount = resultSetMetaData.numRows;
    this.columns = this.#reader.columns;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    try {
      yield* this.#reader.batches(this.#rows(), this.#batchSize, () => this.#isOpen);
    } finally {
      await this.close();
    }
  }

  /** The statement is done: nothing runs in Snowflake any more. */
  close(): Promise<void> {
    this.#isOpen = false;
    this.#run.end();
    return Promise.resolve();
  }

  async *#rows(): AsyncGenerator<readonly Row[]> {
    const { data, resultSetMetaData } = this.#run.outcome;
    yield data;
    const count = resultSetMetaData.partitionInfo?.length ?? 1;
    for (let number = 1; number < count && this.#isOpen; number++) yield* this.#partition(number);
  }

  /** A partition whose connection breaks is read again from where it broke. */
  async *#partition(number: number): AsyncGenerator<readonly Row[]> {
    let read = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        let skip = read;
        for await (const rows of await this.#opened(number)) {
          const fresh = skip > 0 ? rows.slice(skip) : rows;
          skip = Math.max(0, skip - rows.length);
          read += fresh.length;
          if (fresh.length > 0) yield fresh;
        }
        return;
      } catch (thrown) {
        await this.#pause(thrown, attempt);
      }
    }
  }

  async #opened(number: number): Promise<AsyncGenerator<Row[]>> {
    const { body } = await this.#api.partition(this.queryId, number, this.#run.deadline.signal);
    return rowsOf(body as AsyncIterable<Uint8Array>);
  }

  /** Waits before another attempt, or throws where there is none to be made. */
  async #pause(thrown: unknown, attempt: number): Promise<void> {
    const { signal } = this.#run.deadline;
    if (signal.aborted) throw stoppedError('Snowflake', signal.reason);
    if (thrown instanceof WarehouseError) throw thrown;
    if (attempt >= ATTEMPTS) {
      const message = thrown instanceof NoAnswer ? thrown.message : `${this.#api.url} broke off a result (${messageOf(thrown)})`;
      throw new WarehouseError('connection', message, { cause: thrown });
    }
    await delay(FIRST_PAUSE * 2 ** (attempt - 1));
  }
}
