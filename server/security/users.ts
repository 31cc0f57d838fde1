import { chmodSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { InvalidRequestError } from '../engine/errors.ts';
import { StorageError } from '../engine/repositories.ts';
import { checkPassword, hashPassword } from './passwords.ts';

export interface User {
  readonly identity: string;
  /** As `hashPassword` wrote it. */
  readonly password: string;
  /** Grows with each new password. */
  readonly version: number;
}

const MOST_CHARACTERS = 100;
/** Who nobody is: what NiFi calls those who did not log in. */
const NOBODY = 'anonymous';

/**
 * The users of a data directory. Another process (`millrace user set-password`) may change them while the server runs, so
 * nothing is remembered: what counts is what the table says.
 */
export class Users {
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #find: Database.Statement<[string], User>;

  /** `db` has the tables of migration 0002. */
  constructor(db: Database.Database, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.#find = db.prepare<[string], User>('select identity, password, version from user where identity = ?');
  }

  get isEmpty(): boolean {
    return this.#db.prepare('select 1 from user limit 1').get() === undefined;
  }

  find(identity: string): User | undefined {
    return this.#find.get(identity);
  }

  /** Makes the user where there is none; a new password ends all tokens of the user. Throws InvalidRequestError. */
  async setPassword(identity: string, password: string): Promise<'created' | 'changed'> {
    checkIdentity(identity);
    checkPassword(identity, password);
    const hash = await hashPassword(password);
    const { version } = this.#db
      .prepare<[string, string, number], { version: number }>(
        `insert into user (identity, password, version, changed_at) values (?, ?, 1, ?)
         on conflict (identity) do update set password = excluded.password, version = version + 1, changed_at = excluded.changed_at
         returning version`,
      )
      .get(identity, hash, this.#now())!;
    return version === 1 ? 'created' : 'changed';
  }
}

function checkIdentity(identity: string): void {
  if (identity === NOBODY) throw new InvalidRequestError(`${NOBODY} means that nobody has logged in. Choose another name.`);
  const right = identity.length > 0 && identity.length <= MOST_CHARACTERS && identity === identity.trim() && !/\p{C}/u.test(identity);
  if (!right) throw new InvalidRequestError(`The name of a user has 1 to ${MOST_CHARACTERS} characters, none of them invisible, and no space at its ends.`);
}

/**
 * A connection of its own to the database of a data directory, beside the one that FlowFiles are written through: what is
 * said about users is on the disk before anybody is told (synchronous = full), and SQLite lets one process write after
 * the other. From now on only the owner may read the files: hashes of passwords are in them. Throws StorageError.
 */
export function openUserDatabase(file: string): Database.Database {
  if (!existsSync(file)) throw new StorageError(`There is no database ${file}. Start Millrace with --data and this directory once.`);
  const db = new Database(file);
  try {
    for (const each of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(each)) chmodSync(each, 0o600);
    db.pragma('synchronous = full');
    const known = db.prepare("select 1 from sqlite_master where type = 'table' and name = 'revoked_token'").get();
    if (!known) throw new StorageError(`The database ${file} is in use by an older Millrace, which knows no users. Stop that one first.`);
    return db;
  } catch (failure) {
    db.close();
    throw failure;
  }
}
