import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { Client, ClientConfig, Pool, PoolClient, QueryArrayResult } from 'pg';
import { Deadline } from '../../server/extension/deadline.ts';
import { type StatementOptions, WarehouseError } from '../../server/extension/warehouse.ts';
import type { Dialect } from './dialect.ts';
import { postgresError } from './postgres-errors.ts';
import { type ParseArray, quote } from './postgres-types.ts';

export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** False without TLS. */
  readonly ssl: false | ConnectionOptions;
  /** Whether a server without TLS is spoken to in the clear. */
  readonly isTlsOptional: boolean;
  readonly applicationName: string;
  /** Schemas in which unqualified names are looked for; empty for what the server has set. */
  readonly searchPath: readonly string[];
  readonly maxConnections: number;
  /** Milliseconds. */
  readonly connectTimeout: number;
  /** A way to the server other than a socket of its own. */
  readonly stream: (() => Duplex) | undefined;
}

/** A cancellation that comes just before its statement is lost, so it is sent again; after this long the connection is cut. Milliseconds. */
const CANCEL_AGAIN = 250;
const CANCEL_PATIENCE = 10_000;

interface Wire {
  connect(port: number, host: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: unknown): void;
  end(): void;
  on(event: string, listener: () => void): void;
}
type Inside = { readonly processID: number; readonly secretKey: unknown; readonly connection: { readonly stream: Duplex; readonly ssl: false | ConnectionOptions } };

/** The connections of a warehouse, kept for the next statement. */
export class Connections {
  readonly settings: ConnectionSettings;
  readonly dialect: Dialect;
  readonly #sessions = new Set<Session>();
  readonly #ready = new WeakSet<Client>();
  #pool: Promise<Pool> | undefined;
  #isPlain = false;
  #isClosed = false;

  constructor(settings: ConnectionSettings, dialect: Dialect) {
    this.settings = settings;
    this.dialect = dialect;
  }

  /** A connection whose statements end when the signal fires or the time is over. Throws WarehouseError. */
  async connect(options: StatementOptions = {}): Promise<Session> {
    const deadline = new Deadline(options.signal, options.timeout);
    try {
      deadline.signal.throwIfAborted();
      const client = await this.#client();
      const { default: pg } = await import('pg');
      // Who connects while the service is disabled would run on unseen.
      if (this.#isClosed) {
        client.release(true);
        throw new WarehouseError('cancelled', 'The warehouse service was disabled');
      }
      const session: Session = new Session(client, deadline, this, pg.types.getTypeParser(1009 as never, 'text') as ParseArray, () => this.#sessions.delete(session));
      this.#sessions.add(session);
      return session;
    } catch (thrown) {
      deadline.close();
      throw postgresError(thrown, this.dialect.product, deadline.signal);
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

  /** Asks the server, on a connection of its own, to end what another one does. */
  async cancel(client: Client): Promise<void> {
    const { default: pg } = await import('pg');
    const { host, port, stream } = this.settings;
    const { processID, secretKey, connection } = client as unknown as Inside;
    const ssl = connection.ssl;
    const wire = new (pg as unknown as { Connection: new (config: object) => Wire }).Connection({ ssl, ...(stream ? { stream } : {}) });
    const send = (): void => {
      wire.cancel(processID, secretKey);
      wire.end();
    };
    wire.on('error', () => undefined);
    wire.on('connect', () => (ssl ? wire.requestSsl() : send()));
    wire.on('sslconnect', send);
    wire.connect(port, host);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const pool = await this.#pool?.catch(() => undefined);
    for (const session of this.#sessions) session.cancel();
    await pool?.end();
  }

  async #client(): Promise<PoolClient> {
    this.#pool ??= this.#open();
    const client = await this.#checkedOut(await this.#pool);
    if (!this.#ready.has(client)) {
      const path = this.settings.searchPath.map(quote).join(', ');
      await client.query(path ? `${this.dialect.setup}; SET search_path TO ${path}` : this.dialect.setup).catch((thrown: Error) => {
        client.release(thrown);
        throw thrown;
      });
      this.#ready.add(client);
    }
    return client;
  }

  async #checkedOut(pool: Pool): Promise<PoolClient> {
    try {
      return await pool.connect();
    } catch (thrown) {
      if (!this.settings.isTlsOptional || this.#isPlain || !/does not support SSL/.test((thrown as Error).message)) throw thrown;
      this.#isPlain = true;
      this.#pool = this.#open();
      return (await this.#pool).connect();
    }
  }

  async #open(): Promise<Pool> {
    const { default: pg } = await import('pg');
    const { host, port, database, user, password, ssl, applicationName, maxConnections, connectTimeout, stream } = this.settings;
    const config = {
      ...{ host, port, database, user, password, connectionTimeoutMillis: connectTimeout, keepAlive: true },
      ssl: this.#isPlain ? false : ssl,
      application_name: applicationName,
      max: maxConnections,
      idleTimeoutMillis: 30_000,
      types: { getTypeParser: () => (value: string) => value },
      ...(stream ? { stream } : {}),
    };
    const pool = new pg.Pool(config as ClientConfig);
    // A connection that is lost while it lies idle must not end the process.
    pool.on('error', noMatter);
    // Nor one that is lost between its checkout and its first statement.
    pool.on('connect', (client) => client.on('error', noMatter));
    return pool;
  }
}

/** One connection at work. */
export class Session {
  readonly client: PoolClient;
  readonly parseArray: ParseArray;
  readonly #deadline: Deadline;
  readonly #connections: Connections;
  readonly #released: () => void;
  #cancelling: NodeJS.Timeout | undefined;
  #cancellations = 0;

  constructor(client: PoolClient, deadline: Deadline, connections: Connections, parseArray: ParseArray, released: () => void) {
    this.client = client;
    this.parseArray = parseArray;
    this.#deadline = deadline;
    this.#connections = connections;
    this.#released = released;
    deadline.signal.addEventListener('abort', this.cancel);
  }

  /** The rows of a statement as texts. Throws WarehouseError. */
  async run(sql: string, values?: readonly unknown[]): Promise<QueryArrayResult<(string | null)[]>> {
    const result: unknown = await this.guard(() => this.client.query(values ? { text: sql, values: [...values], rowMode: 'array' } : ({ text: sql, rowMode: 'array' } as never)));
    // Of several statements the last one counts.
    return (Array.isArray(result) ? result.at(-1) : result) as QueryArrayResult<(string | null)[]>;
  }

  /** Any work on the connection under the same watch. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.#deadline.signal.throwIfAborted();
      return await work();
    } catch (thrown) {
      throw postgresError(thrown, this.#connections.dialect.product, this.#deadline.signal);
    }
  }

  /** All or nothing. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run('BEGIN');
    try {
      const result = await work();
      await this.run('COMMIT');
      return result;
    } catch (thrown) {
      await this.client.query('ROLLBACK').catch(() => undefined);
      throw thrown;
    }
  }

  /** Gives the connection back; one that is not sound, or whose cancellation may still be on its way, is closed. */
  release(isSound: boolean): void {
    this.#deadline.close();
    clearInterval(this.#cancelling);
    this.#released();
    this.client.release(!isSound || this.#cancellations > 0);
  }

  /** Ends the statement in the server. */
  readonly cancel = (): void => {
    const send = (): void => {
      if (++this.#cancellations * CANCEL_AGAIN > CANCEL_PATIENCE) (this.client as unknown as Inside).connection.stream.destroy();
      else void this.#connections.cancel(this.client).catch(() => undefined);
    };
    send();
    this.#cancelling ??= setInterval(send, CANCEL_AGAIN).unref();
  };
}

const noMatter = (): undefined => undefined;
