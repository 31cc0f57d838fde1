import type { Request } from 'tedious';
import type { DataRecord, RecordBatch, RecordValue } from '../../server/extension/record.ts';
import { type BindValue, type Column, type QueryOptions, type QueryResult, type StatementOptions, WarehouseError, withBinds } from '../../server/extension/warehouse.ts';
import type { Session } from './connections.ts';
import { readExactly } from './exact-decimals.ts';
import { synapseError } from './synapse-errors.ts';
import { fieldType, nativeType, reader, type ResultColumn } from './synapse-types.ts';

/** Rows that wait for whoever reads them, at least; beyond it the server is told to wait. */
const WAITING = 1000;

/** A statement with `@p1` for each of its binds; names and positions that nobody gives a value for stay as they are. */
export function bound(sql: string, binds: StatementOptions['binds']): { sql: string; values: BindValue[] } {
  const values: BindValue[] = [];
  return { sql: withBinds(sql, binds, (_, value) => `@p${values.push(value)}`), values };
}

/** A query's rows as the server sends them: it waits while nobody reads. */
export class SynapseResult implements QueryResult {
  columns: readonly Column[] = [];
  readonly #session: Session;
  readonly #batchSize: number;
  #readers: readonly (readonly [string, (value: unknown) => RecordValue])[] = [];
  #request!: Request;
  #rows: DataRecord[] = [];
  #results = 0;
  #isOver = false;
  #isOpen = true;
  #error: Error | undefined;
  #wake = (): void => undefined;

  private constructor(session: Session, batchSize: number) {
    this.#session = session;
    this.#batchSize = batchSize;
  }

  /** Runs the statement to its columns. Releases the session when it fails. */
  static async run(session: Session, sql: string, options: QueryOptions): Promise<SynapseResult> {
    const result = new SynapseResult(session, Math.max(1, options.batchSize ?? WAITING));
    try {
      requireQuery(sql);
      await session.guard(() => result.#start(bound(sql, options.binds)));
      return result;
    } catch (thrown) {
      await result.close();
      throw thrown;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    try {
      while (this.#isOpen) {
        if (this.#rows.length >= this.#batchSize || (this.#isOver && this.#rows.length > 0)) yield this.#rows.splice(0, this.#batchSize);
        else if (this.#isOver) break;
        else await this.#next();
      }
      if (this.#error && this.#isOpen) throw synapseError(this.#error, this.#session.signal);
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#request && !this.#isOver) {
      // A request that waits would never see its end.
      this.#request.resume();
      this.#session.connection.cancel();
      while (!this.#isOver) await this.#woken();
    }
    this.#session.release(this.#error === undefined);
  }

  async #start({ sql, values }: { sql: string; values: readonly BindValue[] }): Promise<void> {
    this.#request = this.#session.start(sql, values, (error) => {
      this.#isOver = true;
      this.#error ??= error ?? undefined;
      this.#wake();
    });
    this.#request.on('columnMetadata', (columns) => this.#describe(columns as unknown as ResultColumn[]));
    this.#request.on('row', (cells: { value: unknown }[]) => this.#take(cells));
    while (this.#results === 0 && !this.#isOver) await this.#woken();
    if (this.#error) throw this.#error;
    if (this.#results === 0) throw noRows();
  }

  #describe(columns: readonly ResultColumn[]): void {
    if (this.#results++ > 0) {
      this.#error = new WarehouseError('syntax', 'The query consists of more than one statement', { remedy: 'Keep one; run the others before it, by their own processor.' });
      return void this.#session.connection.cancel();
    }
    readExactly(columns);
    this.columns = columns.map((column) => {
      const native = nativeType(column);
      return { name: column.colName, type: fieldType(native), nativeType: native, nullable: true };
    });
    this.#readers = this.columns.map(({ name, type }) => [name, reader(type)] as const);
    this.#wake();
  }

  #take(cells: readonly { readonly value: unknown }[]): void {
    if (this.#results > 1 || !this.#isOpen) return;
    const record: DataRecord = {};
    for (let index = 0; index < cells.length; index++) {
      const [name, read] = this.#readers[index]!;
      const { value } = cells[index]!;
      record[name] = value === null || value === undefined ? null : read(value);
    }
    if (this.#rows.push(record) >= Math.max(WAITING, this.#batchSize)) this.#request.pause();
    this.#wake();
  }

  #next(): Promise<void> {
    this.#request.resume();
    return this.#woken();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

const noRows = (): WarehouseError =>
  new WarehouseError('syntax', 'The statement returns no rows that could be read', { remedy: 'Write a query, such as SELECT; other statements belong elsewhere.' });

/** What plainly is no query is refused before it does anything. */
function requireQuery(sql: string): void {
  const [first] = /^[A-Za-z]+/.exec(sql.replace(/^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '')) ?? [];
  if (first !== undefined && /^(insert|update|delete|merge|truncate|create|drop|alter|grant|revoke|deny|copy|rename)$/i.test(first)) throw noRows();
}
