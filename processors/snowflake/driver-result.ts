import { addAbortSignal } from 'node:stream';
import type { RowStatement } from 'snowflake-sdk';
import type { RecordBatch } from '../../server/extension/record.ts';
import { type Column, type QueryResult, stoppedError } from '../../server/extension/warehouse.ts';
import { driverError } from './driver-errors.ts';
import { RowReader } from './records.ts';
import type { Run } from './running.ts';
import type { Row } from './row-stream.ts';
import type { RowType } from './snowflake-types.ts';

/** What the driver gives for moments (https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-consume): a Date that knows more than a Date. */
interface Moment extends Date {
  getEpochSeconds(): number;
  getNanoSeconds(): number;
}

/** The columns of a statement that is done. */
export function rowTypes(statement: RowStatement): RowType[] {
  return (statement.getColumns() ?? []).map((column) => ({
    name: column.getName(),
    type: column.getType(),
    precision: column.getPrecision(),
    scale: column.getScale(),
    nullable: column.isNullable(),
  }));
}

const fraction = (nanos: number): string => (nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`);

/** Seconds since 1970 and a fraction that counts upwards, as ISO 8601. */
const written = (seconds: number, nanos: number): string => new Date(seconds * 1000).toISOString().slice(0, -5) + fraction(nanos);

const TEXTS: Readonly<Record<string, (cell: unknown) => string>> = {
  boolean: (cell) => String(cell),
  date: (cell) => (cell as Date).toISOString().replace(/T.*/, ''),
  time: (cell) => String(cell).replace(/\.?0+$/, ''),
  timestamp_ntz: (cell) => written((cell as Moment).getEpochSeconds(), (cell as Moment).getNanoSeconds()),
  timestamp_ltz: (cell) => `${written((cell as Moment).getEpochSeconds(), (cell as Moment).getNanoSeconds())}Z`,
  timestamp_tz: (cell) => `${written((cell as Moment).getEpochSeconds(), (cell as Moment).getNanoSeconds())}Z`,
  binary: (cell) => Buffer.from(cell as Uint8Array).toString('hex'),
};

/** The rows of a statement, a few at a time. Throws WarehouseError, and the signal's reason. */
export async function* rowsOfStatement(statement: RowStatement, signal: AbortSignal): AsyncGenerator<Row[]> {
  const texts = rowTypes(statement).map(({ type }) => TEXTS[type.toLowerCase()] ?? String);
  const rows = addAbortSignal(signal, statement.streamRows());
  // What fails after nobody reads any more would end the process.
  rows.on('error', () => undefined);
  try {
    for await (const row of rows as AsyncIterable<readonly unknown[]>) yield [row.map((cell, index) => (cell === null || cell === undefined ? null : texts[index]!(cell)))];
  } catch (thrown) {
    throw signal.aborted ? stoppedError('Snowflake', signal.reason) : driverError(thrown);
  } finally {
    rows.destroy();
  }
}

/** A query's rows, chunk by chunk: of the driver's chunks memory holds the one that is read and the next. */
export class DriverQueryResult implements QueryResult {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly queryId: string;
  readonly #run: Run<RowStatement>;
  readonly #batchSize: number | undefined;
  readonly #reader: RowReader;
  #isOpen = true;

  constructor(run: Run<RowStatement>, batchSize: number | undefined) {
    this.#run = run;
    this.#batchSize = batchSize;
    this.#reader = new RowReader(rowTypes(run.outcome));
    this.columns = this.#reader.columns;
    this.rowCount = run.outcome.getNumRows();
    this.queryId = run.outcome.getQueryId();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    try {
      yield* this.#reader.batches(rowsOfStatement(this.#run.outcome, this.#run.deadline.signal), this.#batchSize, () => this.#isOpen);
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
}
