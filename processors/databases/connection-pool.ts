import { type DatabaseConnection, type DatabasePool, SqlError } from '../../server/extension/database.ts';

/** A connection of the driver itself, without the pool around it. */
export type DriverConnection = Omit<DatabaseConnection, 'release'> & { close(): Promise<void> };

export interface PoolOptions {
  readonly max: number;
  readonly maxIdle: number;
  /** Milliseconds; -1 waits for ever. */
  readonly maxWait: number;
  /** How old a connection may become, milliseconds; -1 has no limit. */
  readonly maxLifetime: number;
  /** Asked before a connection that lay idle is used again. */
  readonly validationQuery: string | undefined;
}

interface Idle {
  readonly connection: DriverConnection;
  readonly born: number;
}
interface Waiting {
  readonly resolve: (idle: Idle | undefined) => void;
  readonly timer: NodeJS.Timeout | undefined;
}

/** Connections that are used again. Behaves as NiFi's pools: at most `max`, a wait with an end, old ones replaced. */
export class ConnectionPool implements DatabasePool {
  readonly #open: () => Promise<DriverConnection>;
  readonly #options: PoolOptions;
  readonly #idle: Idle[] = [];
  readonly #waiting: Waiting[] = [];
  #count = 0;
  #closed = false;

  constructor(open: () => Promise<DriverConnection>, options: PoolOptions) {
    this.#open = open;
    this.#options = options;
  }

  async connect(): Promise<DatabaseConnection> {
    if (this.#closed) throw new SqlError('The connection pool is disabled.', true);
    const found = this.#idle.pop() ?? (this.#count >= this.#options.max ? await this.#wait() : undefined);
    if (found && (await this.#isGood(found))) return this.#lend(found);
    // The place of one that is no good any more is taken by the new one.
    if (!found) this.#count++;
    try {
      return this.#lend({ connection: await this.#open(), born: Date.now() });
    } catch (thrown) {
      this.#count--;
      throw thrown;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#idle.splice(0).map(({ connection }) => connection.close()));
  }

  /** Undefined where a place came free, but no connection. */
  #wait(): Promise<Idle | undefined> {
    const { maxWait, max } = this.#options;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new SqlError(`All ${max} connections were in use for ${maxWait} ms (Max Wait Time). Raise Max Total Connections, or lower the number of concurrent tasks.`, true));
      };
      const waiting: Waiting = { resolve, timer: maxWait < 0 ? undefined : setTimeout(giveUp, maxWait) };
      this.#waiting.push(waiting);
    });
  }

  async #isGood({ connection, born }: Idle): Promise<boolean> {
    const { maxLifetime, validationQuery } = this.#options;
    try {
      if (maxLifetime >= 0 && Date.now() - born > maxLifetime) throw new SqlError('too old', true);
      if (validationQuery) for await (const _ of (await connection.run(validationQuery)).batches);
      return true;
    } catch {
      await connection.close().catch(() => undefined);
      return false;
    }
  }

  #lend(lent: Idle): DatabaseConnection {
    const { connection } = lent;
    let isOut = true;
    return {
      product: connection.product,
      run: (sql, values, fetchSize) => connection.run(sql, values, fetchSize),
      begin: (isolation) => connection.begin(isolation),
      commit: () => connection.commit(),
      rollback: () => connection.rollback(),
      columns: (table) => connection.columns(table),
      tables: () => connection.tables(),
      release: (isBroken = false) => {
        if (isOut) this.#takeBack(lent, isBroken);
        isOut = false;
      },
    };
  }

  #takeBack(returned: Idle, isBroken: boolean): void {
    const waiting = this.#waiting.shift();
    clearTimeout(waiting?.timer);
    const isKept = !isBroken && !this.#closed && (waiting !== undefined || this.#idle.length < this.#options.maxIdle);
    if (!isKept) returned.connection.close().catch(() => undefined);
    if (isKept && !waiting) this.#idle.push(returned);
    if (!isKept) this.#count--;
    // Who gets no connection makes one, and counts it.
    waiting?.resolve(isKept ? returned : undefined);
  }
}

/** What a statement without rows gives. */
export async function* noRows(): AsyncGenerator<never> {}
