import type { FieldDef } from 'pg';
import type { DataRecord, RecordBatch, RecordValue } from '../../server/extension/record.ts';
import { type Column, type QueryOptions, type QueryResult, WarehouseError } from '../../server/extension/warehouse.ts';
import type { Session } from './connections.ts';
import { bound } from './dialect.ts';
import { fieldType, nativeName, reader } from './postgres-types.ts';

/** Rows asked for at once, at least. */
const PAGE = 1000;

interface Cursor {
  close(): Promise<void>;
  once(event: 'error', listener: (error: Error) => void): void;
  off(event: 'error', listener: (error: Error) => void): void;
  read(count: number, done: (error: Error | null | undefined, rows: unknown[]) => void): void;
  readonly _result: { readonly fields: readonly FieldDef[] };
}
type Row = (string | null)[];
interface Wire {
  once(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/** A query's rows, read page by page through a portal of the server: memory holds two pages, the one in use and the next. */
export class PostgresQueryResult implements QueryResult {
  readonly columns: readonly Column[];
  readonly #session: Session;
  readonly #cursor: Cursor;
  readonly #batchSize: number;
  readonly #readers: readonly ((text: string) => RecordValue)[];
  #coming: Promise<Row[]> | undefined;
  #isReading = false;
  #isOpen = true;

  private constructor(session: Session, cursor: Cursor, batchSize: number) {
    this.#session = session;
    this.#cursor = cursor;
    this.#batchSize = batchSize;
    this.columns = cursor._result.fields.map(({ name, dataTypeID, dataTypeModifier }) => {
      const nativeType = nativeName(dataTypeID, dataTypeModifier);
      return { name, nativeType, type: fieldType(nativeType), nullable: true };
    });
    this.#readers = this.columns.map(({ nativeType }) => reader(nativeType, session.parseArray));
  }

  /** Runs the statement to its first rows. Releases the session when it fails. */
  static async run(session: Session, sql: string, options: QueryOptions): Promise<PostgresQueryResult> {
    try {
      const statement = bound(sql, options.binds);
      const { default: Cursor } = await import('pg-cursor');
      const cursor = new Cursor(statement.sql, statement.values, { rowMode: 'array' }) as unknown as Cursor;
      await session.guard(() => described(session, cursor));
      const result = new PostgresQueryResult(session, cursor, Math.max(1, options.batchSize ?? PAGE));
      result.#fetch();
      await result.#coming;
      return result;
    } catch (thrown) {
      session.release(false);
      throw thrown;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    try {
      while (this.#isOpen) {
        const rows = (await this.#coming)!;
        if (rows.length === 0) return;
        this.#fetch();
        for (let at = 0; at < rows.length; at += this.#batchSize) yield rows.slice(at, at + this.#batchSize).map((row) => this.#record(row));
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#isReading) this.#session.cancel();
    await this.#coming?.catch(() => undefined);
    const isSound = await this.#cursor.close().then(
      () => true,
      () => false,
    );
    this.#session.release(isSound);
  }

  #record(row: Row): DataRecord {
    const record: DataRecord = {};
    for (let index = 0; index < row.length; index++) record[this.columns[index]!.name] = row[index] === null ? null : this.#readers[index]!(row[index]!);
    return record;
  }

  /** Asks for the next rows while the reader is busy with those before. */
  #fetch(): void {
    const size = Math.ceil(PAGE / this.#batchSize) * this.#batchSize;
    this.#isReading = true;
    this.#coming = this.#session
      .guard(() => new Promise<Row[]>((resolve, reject) => this.#cursor.read(size, (error, rows) => (error ? reject(error) : resolve(rows as Row[])))))
      .finally(() => {
        this.#isReading = false;
      });
    this.#coming.catch(() => undefined);
  }
}

/** Sends the statement and waits for its columns: one that returns no rows is refused before it runs. */
function described(session: Session, cursor: Cursor): Promise<void> {
  const wire = (session.client as unknown as { connection: Wire }).connection;
  return new Promise<void>((resolve, reject) => {
    const settle = (then: () => void): void => {
      cursor.off('error', failed);
      wire.off('rowDescription', hasRows);
      wire.off('noData', hasNone);
      then();
    };
    const failed = (error: Error): void => settle(() => reject(error));
    const hasRows = (): void => settle(resolve);
    const hasNone = (): void =>
      settle(() =>
        reject(new WarehouseError('syntax', 'The statement returns no rows that could be read', { remedy: 'Write a query, such as SELECT; other statements belong elsewhere.' })),
      );
    cursor.once('error', failed);
    wire.once('rowDescription', hasRows);
    wire.once('noData', hasNone);
    session.client.query(cursor as never);
  });
}
