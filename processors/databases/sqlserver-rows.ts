import type { Request } from 'tedious';
import type { SqlError, SqlResult } from '../../server/extension/database.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import { field, type SchemaField } from '../../server/extension/record-schema.ts';
import { noRows } from './connection-pool.ts';
import { cellOf, type SqlServerColumn, typeOfColumn } from './sqlserver-values.ts';

/** Rows that wait for whoever reads them; beyond it the server is told to wait. */
const WAITING = 1000;

/** The rows of one request, as events of the driver, made a stream that can make the server wait. Of several results the first counts. */
export class SqlServerRows {
  readonly #cancel: () => void;
  readonly #started: Promise<void>;
  #start = (): void => undefined;
  #fields: { readonly column: SqlServerColumn; readonly field: SchemaField }[] | undefined;
  #waiting: DataRecord[] = [];
  #request: Request | undefined;
  #results = 0;
  #ended = false;
  #error: SqlError | undefined;
  #count = -1;
  #wake = (): void => undefined;

  /** `cancel` ends the request at the server. */
  constructor(cancel: () => void) {
    this.#cancel = cancel;
    this.#started = new Promise((resolve) => {
      this.#start = resolve;
    });
  }

  listenTo(request: Request): void {
    this.#request = request;
    request.on('columnMetadata', (columns) => {
      if (this.#results++ > 0) return;
      this.#fields = (columns as unknown as SqlServerColumn[]).map((column) => ({ column, field: field(column.colName, typeOfColumn(column)) }));
      this.#start();
    });
    request.on('row', (cells: { value: unknown }[]) => {
      if (this.#results > 1) return;
      this.#waiting.push(Object.fromEntries(this.#fields!.map(({ column, field: one }, index) => [one.name, cellOf(cells[index]!.value, one.type, column)])));
      if (this.#waiting.length >= WAITING) request.pause();
      this.#wake();
    });
  }

  /** The request is over. */
  end(error: SqlError | undefined, count: number): void {
    this.#ended = true;
    this.#error = error;
    this.#count = count;
    this.#start();
    this.#wake();
  }

  /** Waits for the columns, or for the end where there are none. Throws SqlError. */
  async result(): Promise<SqlResult> {
    await this.#started;
    if (!this.#fields) {
      if (this.#error) throw this.#error;
      return { schema: undefined, batches: noRows(), updateCount: this.#count };
    }
    return { schema: { fields: this.#fields.map((one) => one.field) }, updateCount: -1, batches: this.#batches() };
  }

  async *#batches(): AsyncGenerator<RecordBatch> {
    try {
      for (;;) {
        if (this.#waiting.length > 0) {
          yield this.#waiting.splice(0);
          this.#request!.resume();
        } else if (this.#ended) break;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
      if (this.#error) throw this.#error;
    } finally {
      await this.#leave();
    }
  }

  /** Whoever leaves early ends the request: the connection can do nothing else before. */
  async #leave(): Promise<void> {
    if (this.#ended) return;
    this.#results++;
    this.#request!.resume();
    this.#cancel();
    while (!this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }
}
