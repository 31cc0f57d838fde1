import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { StorageError } from '../engine/repositories.ts';
import { checkIdentity, normalIdentity } from './identity.ts';
import { checkPassword, hashPassword } from './passwords.ts';

export interface User {
  readonly id: string;
  readonly identity: string;
  /** As `hashPassword` wrote it; null for who cannot log in yet. */
  readonly password: string | null;
  /** Grows with each new password. */
  readonly version: number;
}

/**
 * Who may log in to a data directory. Another process (`millrace user set-password`) may change them while the server runs, so
 * nothing is remembered: what counts is what the table says.
 */
export class Users {
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #find: Database.Statement<[string], User>;

  /** `db` has the tables of migration 0003. */
  constructor(db: Database.Database, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.#find = db.prepare<[string], User>('select id, identity, password, version from user where identity = ?');
  }

  get isEmpty(): boolean {
    return this.#db.prepare('select 1 from user limit 1').get() === undefined;
  }

  find(identity: string): User | undefined {
    return this.#find.get(normalIdentity(identity));
  }

  /** Makes the user where there is none; a new password ends all tokens of the user. Throws InvalidRequestError. */
  async setPassword(name: string, password: string): Promise<'created' | 'changed'> {
    const identity = normalIdentity(name);
    checkIdentity(identity);
    checkPassword(identity, password);
    const hash = await hashPassword(password);
    const id = randomUUID();
    const user = this.#db
      .prepare<[string, string, string, number], { id: string }>(
        `insert into user (id, identity, password, version, changed_at) values (?, ?, ?, 1, ?)
         on conflict (identity) do update set password = excluded.password, version = version + 1, changed_at = excluded.changed_at
         returning id`,
      )
      .get(id, identity, hash, this.#now())!;
    return user.id === id ? 'created' : 'changed';
  }
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
    const known = db.prepare("select 1 from sqlite_master where type = 'table' and name = 'access_policy'").get();
    if (!known) throw new StorageError(`The database ${file} is in use by an older Millrace, which knows no users. Stop that one first.`);
    return db;
  } catch (failure) {
    db.close();
    throw failure;
  }
}
