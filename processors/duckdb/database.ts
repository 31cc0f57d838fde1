import { mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { Deadline } from '../../server/extension/deadline.ts';
import { type BindValue, bindSites, type StatementOptions, WarehouseError } from '../../server/extension/warehouse.ts';
import { duckdbError } from './duckdb-errors.ts';

export interface DatabaseSettings {
  /** Absolute, or `:memory:`. */
  readonly path: string;
  readonly temporaryDirectory: string;
  readonly readOnly: boolean;
  readonly memoryLimit: number;
  readonly threads: number;
}

/** DuckDB locks a file for one instance: services on the same file share it. */
const opened = new Map<string, Database>();

/** The path as the service means it: relative ones lie under the data directory. */
export function databasePath(path: string, dataDirectory: string): string {
  if (path === ':memory:') return path;
  return isAbsolute(path) ? resolve(path) : join(resolve(dataDirectory), path);
}

/** An open database file with the number of services that use it. */
export class Database {
  readonly path: string;
  private readonly readOnly: boolean;
  private readonly instance: Promise<DuckDBInstance>;
  private readonly sessions = new Set<Session>();
  private users = 0;
  private lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(settings: DatabaseSettings) {
    this.path = settings.path;
    this.readOnly = settings.readOnly;
    this.instance = create(settings);
  }

  /** Opens the file, or joins those who have it open. */
  static async open(settings: DatabaseSettings): Promise<Database> {
    const database = opened.get(settings.path) ?? new Database(settings);
    if (database.readOnly !== settings.readOnly) {
      throw new WarehouseError('configuration', `Another warehouse service has ${settings.path} open with Read Only ${database.readOnly}`, {
        remedy: 'Give both services the same value of Read Only.',
      });
    }
    if (settings.path !== ':memory:') opened.set(settings.path, database);
    database.users++;
    try {
      await database.limit(settings);
    } catch (thrown) {
      await database.close();
      throw duckdbError(thrown);
    }
    return database;
  }

  /** Ends one service's use; the last one closes the file and ends what still runs on it, which would otherwise keep the process alive. */
  async close(): Promise<void> {
    if (--this.users > 0) return;
    if (opened.get(this.path) === this) opened.delete(this.path);
    for (const session of this.sessions) session.interrupt();
    await this.instance.then(
      (instance) => instance.closeSync(),
      () => {},
    );
  }

  /** One connection, whose statements end when the signal fires or the time is over. */
  async connect(options: StatementOptions = {}): Promise<Session> {
    const connection = await (await this.instance).connect();
    const session: Session = new Session(connection, options, () => this.sessions.delete(session));
    this.sessions.add(session);
    return session;
  }

  /** Work on one connection, with DuckDB's failures in the common words. */
  async use<T>(options: StatementOptions, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.connect(options);
    try {
      return await work(session);
    } finally {
      session.close();
    }
  }

  /** Writers take turns: DuckDB would refuse the second of two that touch the same rows. */
  write<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastWrite.then(work);
    this.lastWrite = turn.catch(() => {});
    return turn;
  }

  private async limit({ memoryLimit, threads }: DatabaseSettings): Promise<void> {
    const connection = await (await this.instance).connect();
    try {
      await connection.run(`SET memory_limit = '${memoryLimit}B'; SET threads = ${threads}; SET GLOBAL TimeZone = 'UTC'`);
    } finally {
      connection.closeSync();
    }
  }
}

async function create({ path, temporaryDirectory, readOnly }: DatabaseSettings): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  if (path !== ':memory:' && !readOnly) mkdirSync(dirname(path), { recursive: true });
  const options: Record<string, string> = { temp_directory: temporaryDirectory };
  if (readOnly && path !== ':memory:') options.access_mode = 'READ_ONLY';
  return DuckDBInstance.create(path, options);
}

/** A connection whose statements can be cancelled. */
export class Session {
  readonly connection: DuckDBConnection;
  private readonly deadline: Deadline;
  private readonly closed: () => void;
  private interrupting: NodeJS.Timeout | undefined;

  constructor(connection: DuckDBConnection, { signal, timeout }: StatementOptions, closed: () => void) {
    this.connection = connection;
    this.closed = closed;
    this.deadline = new Deadline(signal, timeout);
    this.deadline.signal.addEventListener('abort', this.interrupt);
  }

  /** Runs a statement; a cancelled one fails with cause `cancelled` or `timeout`. */
  run(sql: string, values?: Record<string, DuckDBValue>) {
    return this.guard(() => this.connection.run(sql, values));
  }

  /** Runs any work on the connection under the same watch. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.deadline.signal.throwIfAborted();
      return await work();
    } catch (thrown) {
      throw duckdbError(thrown, this.deadline.signal);
    }
  }

  close(): void {
    this.deadline.close();
    clearInterval(this.interrupting);
    this.connection.closeSync();
    this.closed();
  }

  /** An interrupt that comes just before a statement begins is lost, so it is repeated until the session closes. */
  readonly interrupt = (): void => {
    this.connection.interrupt();
    this.interrupting ??= setInterval(() => this.connection.interrupt(), 20).unref();
  };
}

/** A statement in DuckDB's way of writing binds, with those values that it uses. */
export function bound(sql: string, binds: StatementOptions['binds'] = {}): { sql: string; values?: Record<string, DuckDBValue> } {
  const given: Readonly<Record<string, BindValue>> = Array.isArray(binds) ? Object.fromEntries(binds.entries()) : (binds as Record<string, BindValue>);
  const { texts, names } = bindSites(sql);
  const values: Record<string, DuckDBValue> = {};
  let out = texts[0]!;
  names.forEach((name, index) => {
    const known = Object.hasOwn(given, name);
    if (known) values[`b_${name}`] = typeof given[name] === 'number' && Number.isSafeInteger(given[name]) ? BigInt(given[name]) : given[name]!;
    const asWritten = /^\d/.test(name) ? '?' : `:${name}`;
    out += (known ? `$b_${name}` : asWritten) + texts[index + 1]!;
  });
  return { sql: out, values: Object.keys(values).length > 0 ? values : undefined };
}
