import path from 'node:path';
import type { Secrets } from '../engine/runtime.ts';
import { AccessControl } from './access-control.ts';
import { generatePassword, hashPassword, isPassword } from './passwords.ts';
import { networkOf, Throttle } from '../extension/throttle.ts';
import { type Identified, loadTokenKey, Tokens } from './tokens.ts';
import { openUserDatabase, Users } from './users.ts';

/** What comes of a name and a password: a token, a no, or the number of seconds after which to try again. */
export type Admission = { readonly token: string } | 'refused' | { readonly retryAfter: number };

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** So many logins wait for their turn; more are sent away. */
const MOST_WAITING = 100;
const BUSY: Admission = { retryAfter: 1 };

export interface LoginParts {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly throttle: Throttle;
}

/**
 * Lets users in, one after the other: a hash takes 32 MiB and a thread that file access needs too, and a throttle that is
 * asked before the failures under way are counted could be overrun by asking many times at once.
 */
export class Login {
  readonly #parts: LoginParts;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  /** Takes the time of a hash for users that do not exist, so that the time does not tell them apart. */
  #nobody: Promise<string> | undefined;

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  /** `address`: where the request comes from. */
  async enter(credentials: Credentials, address: string): Promise<Admission> {
    const keys = keysOf(credentials, address);
    const sentAway = this.#sentAway(keys) ?? (this.#waiting >= MOST_WAITING ? BUSY : undefined);
    if (sentAway) return sentAway;
    this.#waiting += 1;
    const admission = this.#turn.then(() => this.#sentAway(keys) ?? this.#check(credentials, keys)).finally(() => (this.#waiting -= 1));
    this.#turn = admission.catch(() => undefined);
    return admission;
  }

  /** Whose token it is; undefined where it does not count (any more). */
  identify(token: string): Promise<Identified | undefined> {
    return this.#parts.tokens.identify(token);
  }

  /** From now on the token does not count. */
  leave(token: string): Promise<void> {
    return this.#parts.tokens.revoke(token);
  }

  #sentAway(keys: readonly string[]): Admission | undefined {
    const millis = this.#parts.throttle.wait(keys);
    return millis > 0 ? { retryAfter: Math.ceil(millis / 1000) } : undefined;
  }

  async #check({ username, password }: Credentials, keys: readonly [string, string]): Promise<Admission> {
    const { users, tokens, throttle } = this.#parts;
    const user = users.find(username);
    this.#nobody ??= hashPassword(generatePassword());
    const isRight = await isPassword(password, user?.password ?? (await this.#nobody));
    if (!user?.password || !isRight) {
      throttle.fail(keys);
      return 'refused';
    }
    // The address keeps its count: who has one account must not win free tries for the others with it.
    throttle.forgive(keys[0]);
    return { token: await tokens.issue(user) };
  }
}

const LONGEST_KEY = 100;

function keysOf({ username }: Credentials, address: string): [user: string, address: string] {
  return [`user ${username.slice(0, LONGEST_KEY)}`, `address ${networkOf(address)}`];
}

export interface OpenLogin {
  readonly login: Login;
  readonly users: Users;
  readonly control: AccessControl;
  close(): void;
}

/** Opens the users of a data directory whose schema is up to date. Throws StorageError. */
export function openLogin(directory: string, secrets: Secrets, now: () => number): OpenLogin {
  const key = loadTokenKey(path.join(directory, 'token.key'), secrets);
  const db = openUserDatabase(path.join(directory, 'millrace.db'));
  const users = new Users(db, now);
  const tokens = new Tokens({ db, users, key, now });
  return { users, control: new AccessControl(db), login: new Login({ users, tokens, throttle: new Throttle(now) }), close: () => db.close() };
}

/** Makes the first user where there is none; returns the password, which is kept nowhere else. */
export async function firstPassword(users: Users, identity: string): Promise<string | undefined> {
  if (!users.isEmpty) return undefined;
  const password = generatePassword();
  await users.setPassword(identity, password);
  return password;
}
