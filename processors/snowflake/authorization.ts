import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { AccessTokenProvider } from '../../server/extension/http-services.ts';

/** What a request shows, and of which kind it is (`X-Snowflake-Authorization-Token-Type`). */
export interface Authorization {
  readonly type: 'KEYPAIR_JWT' | 'OAUTH' | 'PROGRAMMATIC_ACCESS_TOKEN';
  token(): Promise<string>;
  /** A new token after this one was refused; undefined where there is no other. */
  renew(refused: string): Promise<string | undefined>;
  /** What Snowflake's driver logs in with, and what instead where that is refused. */
  logins(): AsyncIterable<DriverLogin>;
}

/** Options of snowflake-sdk (https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-authenticate). */
export type DriverLogin =
  | { readonly authenticator: 'SNOWFLAKE_JWT'; readonly username: string; readonly privateKey: string }
  | { readonly authenticator: 'OAUTH' | 'PROGRAMMATIC_ACCESS_TOKEN'; readonly token: string };

/** Snowflake takes no token that is good for longer than an hour. Seconds. */
const LIFETIME = 3540;
/** How old a token is used at most: the rest is for clocks that differ and requests that take long. Seconds. */
const USED = 3000;

/** `SHA256:` and the digest of the public key, as DESCRIBE USER shows it. */
export function fingerprintOf(key: KeyObject): string {
  const der = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64')}`;
}

/**
 * Tokens that a private key signs, each made before the one before it ends. While Snowflake does not know the first key yet, as after a
 * new one was made, the others are used: each token that is made tries the first key first. `now` in milliseconds.
 */
export class KeyPairAuthorization implements Authorization {
  readonly type = 'KEYPAIR_JWT';
  readonly #keys: readonly KeyObject[];
  readonly #user: string;
  readonly #subject: string;
  readonly #now: () => number;
  #token: { readonly text: string; readonly made: number; readonly key: number } | undefined;

  constructor(keys: readonly KeyObject[], account: string, user: string, now: () => number) {
    this.#keys = keys;
    this.#user = user;
    this.#subject = `${account}.${user.toUpperCase()}`;
    this.#now = now;
  }

  async token(): Promise<string> {
    const age = Math.floor(this.#now() / 1000) - (this.#token?.made ?? Number.NEGATIVE_INFINITY);
    return age >= 0 && age < USED ? this.#token!.text : this.#made(0);
  }

  /** A token of the next key, where there is one; of the present key where another request has gone on to it already. */
  async renew(refused: string): Promise<string | undefined> {
    if (this.#token && this.#token.text !== refused) return this.#token.text;
    const next = (this.#token?.key ?? 0) + 1;
    return next < this.#keys.length ? this.#made(next) : undefined;
  }

  async *logins(): AsyncGenerator<DriverLogin> {
    for (const key of this.#keys) yield { authenticator: 'SNOWFLAKE_JWT', username: this.#user, privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  async #made(at: number): Promise<string> {
    const { SignJWT } = await import('jose');
    const key = this.#keys[at]!;
    const made = Math.floor(this.#now() / 1000);
    const claims = { iss: `${this.#subject}.${fingerprintOf(key)}`, sub: this.#subject, iat: made, exp: made + LIFETIME };
    const text = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(key);
    this.#token = { text, made, key: at };
    return text;
  }
}

/** Tokens of an authorization server. */
export function oauth(provider: AccessTokenProvider): Authorization {
  return {
    type: 'OAUTH',
    token: () => provider.token(),
    renew: () => provider.renew(),
    async *logins() {
      yield { authenticator: 'OAUTH', token: await provider.token() };
      yield { authenticator: 'OAUTH', token: await provider.renew() };
    },
  };
}

/** A token that a person has made in Snowflake. */
export function programmaticToken(token: string): Authorization {
  return {
    type: 'PROGRAMMATIC_ACCESS_TOKEN',
    token: () => Promise.resolve(token),
    renew: () => Promise.resolve(undefined),
    async *logins() {
      yield { authenticator: 'PROGRAMMATIC_ACCESS_TOKEN', token };
    },
  };
}
