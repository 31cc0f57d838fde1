import type { Connection, ConnectionConfiguration, Request } from 'tedious';
import { Deadline } from '../../server/extension/deadline.ts';
import { type BindValue, type StatementOptions, WarehouseError } from '../../server/extension/warehouse.ts';
import { synapseError } from './synapse-errors.ts';

type Tedious = typeof import('tedious');

export interface ConnectionSettings {
  /** Asked for each connection, since tokens grow old. */
  readonly configuration: () => Promise<ConnectionConfiguration>;
  readonly maxConnections: number;
}

/** The connections of a warehouse, kept for the next statement. */
export class Connections {
  readonly #settings: ConnectionSettings;
  readonly #idle: Connection[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #sessions = new Set<Session>();
  #open = 0;
  #isClosed = false;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  /** A connection whose statements end when the signal fires or the time is over. Throws WarehouseError. */
  async connect(options: StatementOptions = {}): Promise<Session> {
    const deadline = new Deadline(options.signal, options.timeout);
    try {
      deadline.signal.throwIfAborted();
      const tedious = await import('tedious');
      const session: Session = new Session(await this.#connection(tedious), tedious, deadline, (isSound) => {
        this.#sessions.delete(session);
        this.#return(session.connection, isSound);
      });
      this.#sessions.add(session);
      if (this.#isClosed) session.cancel();
      return session;
    } catch (thrown) {
      deadline.close();
      throw synapseError(thrown, deadline.signal);
    }
  }

  /** Work on one connection. */
  async use<T>(options: StatementOptions, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.connect(options);
    let isSound = false;
    try {
      const result = await work(session);
      isSound = true;
      return result;
    } finally {
      session.release(isSound);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const session of this.#sessions) session.cancel();
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  async #connection(tedious: Tedious): Promise<Connection> {
    while (this.#idle.length === 0 && this.#open >= this.#settings.maxConnections) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const idle = this.#idle.pop();
    if (idle) return idle;
    this.#open++;
    try {
      return await connected(new tedious.Connection(await this.#settings.configuration()), this.#ended);
    } catch (thrown) {
      this.#ended();
      throw thrown;
    }
  }

  readonly #ended = (): void => {
    this.#open--;
    this.#waiting.shift()?.();
  };

  #return(connection: Connection, isSound: boolean): void {
    if (isSound && !this.#isClosed && !(connection as unknown as { closed: boolean }).closed) {
      this.#idle.push(connection);
      this.#waiting.shift()?.();
    } else connection.close();
  }
}

async function connected(connection: Connection, ended: () => void): Promise<Connection> {
  // A connection that is lost while it lies idle must not end the process.
  connection.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  connection.once('end', ended);
  return connection;
}

/** One connection at work. */
export class Session {
  readonly connection: Connection;
  readonly tedious: Tedious;
  readonly #deadline: Deadline;
  readonly #released: (isSound: boolean) => void;

  constructor(connection: Connection, tedious: Tedious, deadline: Deadline, released: (isSound: boolean) => void) {
    this.connection = connection;
    this.tedious = tedious;
    this.#deadline = deadline;
    this.#released = released;
    deadline.signal.addEventListener('abort', this.#end);
  }

  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** A request under way; `done` says how it ended. Values stand for `@p1`, `@p2` and so on. */
  start(sql: string, values: readonly BindValue[], done: (error: Error | null | undefined, count: number) => void): Request {
    const request = new this.tedious.Request(sql, (error, count) => done(error, count ?? 0));
    values.forEach((value, index) => this.#bind(request, `p${index + 1}`, value));
    // Without values a statement is a batch of its own.
    if (values.length > 0) this.connection.execSql(request);
    else this.connection.execSqlBatch(request);
    return request;
  }

  /** Runs a statement; the number of rows that it changed. Throws WarehouseError. */
  run(sql: string, values: readonly BindValue[] = []): Promise<number> {
    return this.guard(() => new Promise<number>((resolve, reject) => this.start(sql, values, (error, count) => (error ? reject(error) : resolve(count)))));
  }

  /** The rows of a statement that gives few. Throws WarehouseError. */
  rows(sql: string, values: readonly BindValue[] = []): Promise<unknown[][]> {
    return this.guard(
      () =>
        new Promise<unknown[][]>((resolve, reject) => {
          const rows: unknown[][] = [];
          const request = this.start(sql, values, (error) => (error ? reject(error) : resolve(rows)));
          request.on('row', (cells: { value: unknown }[]) => rows.push(cells.map(({ value }) => value)));
        }),
    );
  }

  /** Brings rows of texts into a table through the protocol itself. */
  bulk(table: string, columns: readonly string[], rows: readonly (readonly (string | null)[])[]): Promise<number> {
    return this.guard(
      () =>
        new Promise<number>((resolve, reject) => {
          const load = this.connection.newBulkLoad(table, (error, count) => (error ? reject(error) : resolve(count ?? 0)));
          for (const name of columns) load.addColumn(name, this.tedious.TYPES.NVarChar, { length: Number.POSITIVE_INFINITY, nullable: true });
          this.connection.execBulkLoad(load, rows as (string | null)[][]);
        }),
    );
  }

  /** Any work on the connection under the same watch. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.signal.throwIfAborted();
      return await work();
    } catch (thrown) {
      throw synapseError(thrown, this.signal);
    }
  }

  /** All or nothing. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run('BEGIN TRANSACTION');
    try {
      const result = await work();
      await this.run('COMMIT TRANSACTION');
      return result;
    } catch (thrown) {
      await new Promise<void>((resolve) => this.start('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION', [], () => resolve()));
      throw thrown;
    }
  }

  /** Takes a table of ours away, also when the work was stopped; what cannot be taken away stays. */
  drop(table: string): Promise<void> {
    return new Promise<void>((resolve) => this.start(`DROP TABLE ${table}`, [], () => resolve()));
  }

  /** Gives the connection back; one that is not sound, or that was stopped, is closed. */
  release(isSound: boolean): void {
    this.#deadline.signal.removeEventListener('abort', this.#end);
    this.#deadline.close();
    this.#released(isSound && !this.signal.aborted);
  }

  /** Ends the statement in the server. */
  cancel(): void {
    this.#deadline.stop(new WarehouseError('cancelled', 'The warehouse service was disabled'));
  }

  readonly #end = (): void => void this.connection.cancel();

  #bind(request: Request, name: string, value: BindValue): void {
    const { BigInt: Long, Bit, Float, Int, NVarChar } = this.tedious.TYPES;
    if (typeof value === 'boolean') return request.addParameter(name, Bit, value);
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return request.addParameter(name, Long, value);
    if (typeof value !== 'number') return request.addParameter(name, NVarChar, value === null ? null : String(value));
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return request.addParameter(name, Int, value);
    return request.addParameter(name, Number.isSafeInteger(value) ? Long : Float, value);
  }
}
