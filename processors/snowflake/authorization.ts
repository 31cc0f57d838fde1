import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { AccessTokenProvider } from '../../server/extension/http-services.ts';

/** What a request shows, and of which kind it is (`X-Snowflake-Authorization-Token-Type`). */
export interface Authorization {
  readonly type: 'KEYPAIR_JWT' | 'OAUTH' | 'PROGRAMMATIC_ACCESS_TOKEN';
  token(): Promise<string>;
  /** A new token after the present one was refused; undefined where there is no other. */
  renew(): Promise<string | undefined>;
}

/** Snowflake takes no token that is good for longer than an hour. Seconds. */
const LIFETIME = 3540;
/** How old a token is used at most: the rest is for clocks that differ and requests that take long. Seconds. */
const USED = 3000;

/** `SHA256:` and the digest of the public key, as DESCRIBE USER shows it. */
export function fingerprintOf(key: KeyObject): string {
  const der = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64')}`;
}

/** Tokens that a private key signs, each made before the one before it ends. `now` in milliseconds. */
export class KeyPairAuthorization implements Authorization {
  readonly type = 'KEYPAIR_JWT';
  readonly #key: KeyObject;
  readonly #subject: string;
  readonly #now: () => number;
  #token: { readonly text: string; readonly made: number } | undefined;

  constructor(key: KeyObject, account: string, user: string, now: () => number) {
    this.#key = key;
    this.#subject = `${account}.${user.toUpperCase()}`;
    this.#now = now;
  }

  async token(): Promise<string> {
    const seconds = Math.floor(this.#now() / 1000);
    const isGood = this.#token !== undefined && seconds >= this.#token.made && seconds - this.#token.made < USED;
    if (!isGood) this.#token = { text: await this.#sign(seconds), made: seconds };
    return this.#token!.text;
  }

  async #sign(seconds: number): Promise<string> {
    const { SignJWT } = await import('jose');
    const claims = { iss: `${this.#subject}.${fingerprintOf(this.#key)}`, sub: this.#subject, iat: seconds, exp: seconds + LIFETIME };
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(this.#key);
  }

  renew(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

/** Tokens of an authorization server. */
export function oauth(provider: AccessTokenProvider): Authorization {
  return { type: 'OAUTH', token: () => provider.token(), renew: () => provider.renew() };
}

/** A token that a person has made in Snowflake. */
export function programmaticToken(token: string): Authorization {
  return { type: 'PROGRAMMATIC_ACCESS_TOKEN', token: () => Promise.resolve(token), renew: () => Promise.resolve(undefined) };
}
