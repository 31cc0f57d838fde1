import { mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { Deadline } from '../../server/extension/deadline.ts';
import { forbiddenSql, sandboxStatements } from '../../server/extension/duckdb-sandbox.ts';
import { type StatementOptions, WarehouseError, withBinds } from '../../server/extension/warehouse.ts';
import { duckdbError } from './duckdb-errors.ts';

export interface DatabaseSettings {
  /** Absolute, or `:memory:`. */
  readonly path: string;
  readonly temporaryDirectory: string;
  readonly readOnly: boolean;
  readonly memoryLimit: number;
  readonly threads: number;
  /** The folders whose files SQL may read and write. */
  readonly directories: readonly string[];
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
  private readonly directories: string;
  private readonly instance: Promise<DuckDBInstance>;
  private readonly sessions = new Set<Session>();
  private users = 0;
  private lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(settings: DatabaseSettings) {
    this.path = settings.path;
    this.readOnly = settings.readOnly;
    this.directories = settings.directories.join('\n');
    this.instance = create(settings);
  }

  /** Opens the file, or joins those who have it open. */
  static async open(settings: DatabaseSettings): Promise<Database> {
    const database = opened.get(settings.path) ?? new Database(settings);
    database.requireSame(settings);
    if (settings.path !== ':memory:') opened.set(settings.path, database);
    database.users++;
    try {
      await database.instance;
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

  /** What SQL may reach belongs to the file, not to a service: nobody gets more by opening it as well. */
  private requireSame({ path, readOnly, directories }: DatabaseSettings): void {
    const differs = this.readOnly !== readOnly ? 'Read Only' : this.directories !== directories.join('\n') ? 'Allowed Directories' : undefined;
    if (differs)
      throw new WarehouseError('configuration', `Another warehouse service has ${path} open with another value of ${differs}`, {
        remedy: `Give both services the same value of ${differs}.`,
      });
  }
}

async function create({ path, temporaryDirectory, readOnly, memoryLimit, threads, directories }: DatabaseSettings): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  if (path !== ':memory:' && !readOnly) mkdirSync(dirname(path), { recursive: true });
  const options: Record<string, string> = { temp_directory: temporaryDirectory };
  if (readOnly && path !== ':memory:') options.access_mode = 'READ_ONLY';
  const instance = await DuckDBInstance.create(path, options);
  try {
    const connection = await instance.connect();
    await connection.run(`SET memory_limit = '${memoryLimit}B'; SET threads = ${threads}; SET GLOBAL TimeZone = 'UTC'; ${sandboxStatements(directories)}`);
    connection.closeSync();
    return instance;
  } catch (thrown) {
    instance.closeSync();
    throw thrown;
  }
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

/** A statement in DuckDB's way of writing binds, with those values that it uses. Throws WarehouseError where no SQL may say this. */
export function bound(sql: string, binds: StatementOptions['binds']): { sql: string; values?: Record<string, DuckDBValue> } {
  const forbidden = forbiddenSql(sql);
  if (forbidden) throw new WarehouseError('permission', forbidden, { remedy: 'Leave it out.' });
  const values: Record<string, DuckDBValue> = {};
  const out = withBinds(sql, binds, (name, value) => {
    values[`b_${name}`] = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
    return `$b_${name}`;
  });
  return { sql: out, values: Object.keys(values).length > 0 ? values : undefined };
}
