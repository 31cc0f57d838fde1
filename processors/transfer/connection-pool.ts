import { faultOf, type RemoteAddress, type RemoteConnection } from './remote-files.ts';

/** How long a connection stays open that nobody uses, milliseconds. NiFi has the same. */
const IDLE = 10_000;

export type Connect = (address: RemoteAddress, signal: AbortSignal) => Promise<RemoteConnection>;

interface Kept {
  readonly connection: RemoteConnection;
  uses: number;
  timer?: NodeJS.Timeout;
}

/** Connections of one processor: one task at a time has each, and who comes next with the same address takes it over. */
export class ConnectionPool {
  readonly #connect: Connect;
  readonly #maxUses: number;
  readonly #idle = new Map<string, Kept[]>();
  readonly #working = new Set<Promise<unknown>>();
  #isClosed = false;

  /** `maxUses`: after so many a connection is closed, and a new one is made. */
  constructor(connect: Connect, maxUses = Number.POSITIVE_INFINITY) {
    this.#connect = connect;
    this.#maxUses = maxUses;
  }

  /** Does work with a connection. Aborting cuts it off, and the work fails. */
  async use<T>(address: RemoteAddress, signal: AbortSignal, work: (connection: RemoteConnection) => Promise<T>): Promise<T> {
    const working = this.#use(address, signal, work);
    this.#working.add(working);
    try {
      return await working;
    } finally {
      this.#working.delete(working);
    }
  }

  /** Waits for work that has begun. Work that comes later still is done, each on a connection of its own. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#working);
    for (const { connection, timer } of [...this.#idle.values()].flat()) {
      clearTimeout(timer);
      connection.close();
    }
    this.#idle.clear();
  }

  async #use<T>(address: RemoteAddress, signal: AbortSignal, work: (connection: RemoteConnection) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const key = JSON.stringify(address);
    const kept = this.#take(key) ?? { connection: await this.#connect(address, signal), uses: 0 };
    const cut = (): void => kept.connection.close();
    signal.addEventListener('abort', cut, { once: true });
    try {
      if (signal.aborted) cut();
      return await work(kept.connection);
    } catch (thrown) {
      if (faultOf(thrown) === 'lost' || faultOf(thrown) === undefined) kept.connection.close();
      throw thrown;
    } finally {
      signal.removeEventListener('abort', cut);
      this.#giveBack(key, kept);
    }
  }

  #take(key: string): Kept | undefined {
    for (let kept = this.#idle.get(key)?.pop(); kept; kept = this.#idle.get(key)?.pop()) {
      clearTimeout(kept.timer);
      if (kept.connection.isOpen) return kept;
    }
    return undefined;
  }

  #giveBack(key: string, kept: Kept): void {
    const { connection } = kept;
    kept.uses++;
    if (this.#isClosed || kept.uses >= this.#maxUses || !connection.isOpen) return connection.close();
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, [...idle, kept]);
    kept.timer = setTimeout(() => {
      const others = (this.#idle.get(key) ?? []).filter((other) => other !== kept);
      if (others.length > 0) this.#idle.set(key, others);
      else this.#idle.delete(key);
      connection.close();
    }, IDLE).unref();
  }
}
