import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A refused login: HTTP status, code and message of Snowflake. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Who may log in, and by what. */
export interface SnowflakeUser {
  readonly name: string;
  /** RSA_PUBLIC_KEY and RSA_PUBLIC_KEY_2, PEM. */
  publicKeys: string[];
  readonly programmaticToken: string;
}

/** `SHA256:` and the fingerprint of a public key, as DESCRIBE USER shows it. */
export function fingerprint(key: KeyObject): string {
  return `SHA256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64')}`;
}

const INVALID_JWT: Refusal = { status: 401, code: '390144', message: 'JWT token is invalid. [0ce9eb56-821d-4ca9-a774-04ae89a0cf5a]' };

function part(text: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The driver's tokens have milliseconds where others have seconds; Snowflake takes both. */
const seconds = (at: number | undefined): number => (at === undefined ? Number.NaN : at > 1e11 ? at / 1000 : at);

/** The gate of an account: tokens of three kinds, and what is wrong with them. */
export class SnowflakeLogin {
  readonly account: string;
  readonly user: SnowflakeUser;
  /** Access tokens that were handed out, and until when they are good, milliseconds. */
  readonly tokens = new Map<string, number>();
  /** Set, requests come from an address that is not let in. */
  isBlocked = false;
  readonly #now: () => number;

  constructor(account: string, user: SnowflakeUser, now: () => number) {
    this.account = account;
    this.user = user;
    this.#now = now;
  }

  /** Why a request is not let in; undefined where it is. */
  refusal(headers: IncomingMessage['headers']): Refusal | undefined {
    if (this.isBlocked)
      return { status: 403, code: '390422', message: 'Incoming request with IP/Token 203.0.113.7 is not allowed to access Snowflake. Contact your account administrator.' };
    const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) return { status: 401, code: '390101', message: 'Authorization header not found in the request data.' };
    switch (headers['x-snowflake-authorization-token-type'] ?? 'OAUTH') {
      case 'KEYPAIR_JWT':
        return this.#jwt(token);
      case 'PROGRAMMATIC_ACCESS_TOKEN':
        return token === this.user.programmaticToken ? undefined : { status: 401, code: '394400', message: 'Programmatic access token is invalid.' };
      default:
        return this.#oauth(token);
    }
  }

  /** A new access token for a client, good for so many seconds. */
  grant(seconds: number): string {
    const token = `access-${this.tokens.size + 1}`;
    this.tokens.set(token, this.#now() + seconds * 1000);
    return token;
  }

  #oauth(token: string): Refusal | undefined {
    const until = this.tokens.get(token);
    if (until === undefined) return { status: 401, code: '390303', message: 'Invalid OAuth access token.' };
    return until > this.#now() ? undefined : { status: 401, code: '390318', message: 'OAuth access token expired. [0ce9eb56-821d-4ca9-a774-04ae89a0cf5b]' };
  }

  /** Signed by one of the user's keys, issued for it by its fingerprint, and good for an hour at most. */
  #jwt(token: string): Refusal | undefined {
    const [head, body, signature] = token.split('.');
    const { alg } = part(head);
    const { iss, sub, iat, exp } = part(body) as { iss?: string; sub?: string; iat?: number; exp?: number };
    const subject = `${this.account}.${this.user.name}`;
    const key = this.user.publicKeys.map((pem) => createPublicKey(pem)).find((one) => iss === `${subject}.${fingerprint(one)}`);
    const now = this.#now() / 1000;
    const [made, ends] = [seconds(iat), seconds(exp)];
    if (!key || alg !== 'RS256' || sub !== subject || !(ends - made <= 3600) || ends <= now || made > now + 60) return INVALID_JWT;
    return verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature ?? '', 'base64url')) ? undefined : INVALID_JWT;
  }
}
