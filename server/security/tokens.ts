import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Secrets } from '../engine/runtime.ts';
import type { User, Users } from './users.ts';

const ISSUER = 'millrace';
/** The only algorithm that is read: a token that names another one, or none, is refused (RFC 8725, 3.1 and 3.2). */
const ALGORITHM = 'HS256';
/** NiFi's default too. */
export const TOKEN_SECONDS = 8 * 3600;
/** As long as the hash is (RFC 7518, 3.2). */
const KEY_BYTES = 32;

/** Who shows a token that counts. */
export interface Identified {
  readonly id: string;
  readonly identity: string;
}

interface Claims {
  readonly sub: string;
  readonly jti: string;
  readonly exp: number;
  /** A user who is made anew under the same name is another one. */
  readonly userId: string;
  /** Which of the user's passwords it was given for. */
  readonly passwordVersion: number;
}

export interface TokenOptions {
  readonly db: Database.Database;
  readonly users: Users;
  readonly key: KeyObject;
  readonly now: () => number;
}

/**
 * What a user shows after logging in: a JSON Web Token (RFC 7519). It counts until it expires, is revoked, or the user gets
 * another password.
 */
export class Tokens {
  readonly #options: TokenOptions;
  readonly #isRevoked: Database.Statement<[string]>;

  constructor(options: TokenOptions) {
    this.#options = options;
    this.#isRevoked = options.db.prepare<[string]>('select 1 from revoked_token where id = ?');
  }

  issue({ id, identity, version }: User): Promise<string> {
    const now = Math.floor(this.#options.now() / 1000);
    return new SignJWT({ preferred_username: identity, userId: id, passwordVersion: version })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setSubject(identity)
      .setIssuedAt(now)
      .setExpirationTime(now + TOKEN_SECONDS)
      .setJti(randomUUID())
      .sign(this.#options.key);
  }

  /** Whose token it is; undefined where it does not count (any more). */
  async identify(token: string): Promise<Identified | undefined> {
    const claims = await this.#read(token);
    return claims && { id: claims.userId, identity: claims.sub };
  }

  /** From now on the token does not count. Those that have expired since are forgotten: they need no entry. */
  async revoke(token: string): Promise<void> {
    const claims = await this.#read(token);
    if (!claims) return;
    const { db, now } = this.#options;
    db.transaction(() => {
      db.prepare('delete from revoked_token where expires_at <= ?').run(Math.floor(now() / 1000));
      db.prepare('insert or ignore into revoked_token (id, expires_at) values (?, ?)').run(claims.jti, claims.exp);
    })();
  }

  async #read(token: string): Promise<Claims | undefined> {
    const { key, now, users } = this.#options;
    const claims = await verified(token, key, now());
    if (!claims || this.#isRevoked.get(claims.jti)) return undefined;
    const user = users.find(claims.sub);
    return user?.id === claims.userId && user.version === claims.passwordVersion ? claims : undefined;
  }
}

async function verified(token: string, key: KeyObject, now: number): Promise<Claims | undefined> {
  const checks = { algorithms: [ALGORITHM], issuer: ISSUER, audience: ISSUER, requiredClaims: ['exp', 'sub', 'jti'], currentDate: new Date(now) };
  try {
    return (await jwtVerify<Claims>(token, key, checks)).payload;
  } catch (failure) {
    if (failure instanceof errors.JOSEError) return undefined;
    throw failure;
  }
}

/** The key that tokens are signed with: made once for a data directory, encrypted, readable by its owner only. Throws StorageError. */
export function loadTokenKey(file: string, secrets: Secrets): KeyObject {
  if (!existsSync(file)) writeFileSync(file, `${secrets.encrypt(randomBytes(KEY_BYTES).toString('hex'))}\n`, { mode: 0o600, flag: 'wx' });
  return createSecretKey(secrets.decrypt(readFileSync(file, 'utf8').trim()), 'hex');
}
