import type { ConnectionOptions } from 'snowflake-sdk';
import { messageOf } from '../../server/extension/errors.ts';
import { connectSnowflake } from '../../server/extension/snowflake-driver.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';
import type { Authorization } from './authorization.ts';
import type { StatementSettings } from './client.ts';
import { driverError } from './driver-errors.ts';
import { DriverSession } from './driver-session.ts';
import { quote } from './snowflake-types.ts';

/** Where the driver logs in. */
export interface DriverPlace {
  readonly url: string;
  /** As logins name it: in capital letters, a locator without its region. */
  readonly account: string;
}

/** A session that nobody has used for so long is left. Milliseconds. */
const IDLE = 15 * 60_000;
/** Logins that another token or key may mend. */
const STALE = /^(390318|390303|390302|390144|394300|394304)$/;
/**
 * Times without a zone are read and written in UTC, times of day with all their digits, whatever the account has set. Chunks of results are as small as Snowflake makes them
 * (CLIENT_RESULT_CHUNK_SIZE, 48 MB at least), since the driver holds a whole one in memory.
 */
const SESSION = "ALTER SESSION SET TIMEZONE = 'UTC', BINARY_OUTPUT_FORMAT = 'HEX', TIME_OUTPUT_FORMAT = 'HH24:MI:SS.FF9', CLIENT_RESULT_CHUNK_SIZE = 48";

/** A name as logins have it: in double quotes where it is no plain word in capital letters. */
const loginName = (name: string | undefined): string | undefined => (name === undefined || /^[A-Z_][A-Z0-9_$]*$/.test(name) ? name : quote(name));

/** Sessions that are used again. */
export class DriverSessions {
  readonly #place: DriverPlace;
  readonly #settings: StatementSettings;
  readonly #authorization: Authorization;
  readonly #idle: { readonly session: DriverSession; readonly since: number }[] = [];
  readonly #leaving = new Set<Promise<void>>();
  #isClosed = false;

  constructor(place: DriverPlace, settings: StatementSettings, authorization: Authorization) {
    this.#place = place;
    this.#settings = settings;
    this.#authorization = authorization;
  }

  /** A session for one statement; a new one where it must be `fresh`. Throws WarehouseError, and the signal's reason. */
  async take(signal: AbortSignal, fresh: boolean): Promise<DriverSession> {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (!fresh && idle.session.isUsable && Date.now() - idle.since < IDLE) return idle.session;
      this.leave(idle.session);
    }
    return this.#opened(signal);
  }

  /** Keeps a session for the next statement. */
  give(session: DriverSession): void {
    if (this.#isClosed || !session.isUsable) this.leave(session);
    else this.#idle.push({ session, since: Date.now() });
  }

  leave(session: DriverSession): void {
    const left = session.close().finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { session } of this.#idle.splice(0)) this.leave(session);
    await Promise.all(this.#leaving);
  }

  /** A login cannot be given up halfway: where nobody waits for it any more, its session is left. */
  async #opened(signal: AbortSignal): Promise<DriverSession> {
    signal.throwIfAborted();
    const opening = this.#loggedIn();
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    try {
      const session = await Promise.race([opening, stopped]);
      await session.prepare(SESSION, signal);
      return session;
    } catch (thrown) {
      opening.then(
        (session) => this.leave(session),
        () => undefined,
      );
      throw thrown;
    }
  }

  async #loggedIn(): Promise<DriverSession> {
    const { database, schema, warehouse, role, queryTag } = this.#settings;
    const { url, account } = this.#place;
    const where = { database: loginName(database), schema: loginName(schema), warehouse: loginName(warehouse), role: loginName(role) };
    const given = Object.fromEntries(Object.entries({ ...where, queryTag }).filter(([, value]) => value !== undefined));
    let refused: unknown;
    for await (const login of this.#authorization.logins()) {
      try {
        return new DriverSession(await connectSnowflake({ accessUrl: url, account, resultPrefetch: 1, ...given, ...login } as ConnectionOptions));
      } catch (thrown) {
        refused = thrown;
        if (!STALE.test(String((thrown as { code?: unknown }).code))) break;
      }
    }
    throw refusedLogin(refused);
  }
}

/** Where the driver itself refuses a setting, its message names it. */
function refusedLogin(thrown: unknown): WarehouseError {
  const { code } = thrown as { code?: unknown };
  return typeof code === 'number' && code >= 404_000 && code < 405_000
    ? new WarehouseError('configuration', `Snowflake's driver: ${messageOf(thrown)} [${code}]`, { cause: thrown })
    : driverError(thrown);
}
