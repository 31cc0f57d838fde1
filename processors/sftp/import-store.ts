import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type FileImport, type ImportStatus, UserProblem } from '../../server/extension/file-imports.ts';

const SCHEMA = `
  create table if not exists user (name text primary key, keys text not null, revision integer not null, last_login integer) without rowid;
  create table if not exists import (
    sequence integer primary key autoincrement, id text not null unique, user text not null, file text not null, bytes integer not null, sha256 text not null,
    received_at integer not null, status text not null, duplicate_of text, total integer, columns text, message text
  );
  create index if not exists import_status on import (status);
  create index if not exists import_content on import (user, sha256);
  create table if not exists portion (import text not null, portion text not null, processed integer not null, rejected integer not null, primary key (import, portion)) without rowid;
`;

/** `accepting`: decided, but the file may still be in the user's folder. */
type StoredStatus = Exclude<ImportStatus, 'unfinished'> | 'accepting';

interface ImportRow {
  id: string;
  user: string;
  file: string;
  bytes: number;
  sha256: string;
  received_at: number;
  status: StoredStatus;
  duplicate_of: string | null;
  total: number | null;
  columns: string | null;
  message: string | null;
  processed: number;
  rejected: number;
}

export interface UserRow {
  readonly name: string;
  readonly keys: string;
  readonly revision: number;
  readonly lastLogin: number | null;
}

export interface Accepted {
  readonly user: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly receivedAt: number;
}

const IMPORT = `select import.*,
  (select coalesce(sum(processed), 0) from portion where import = import.id) as processed,
  (select coalesce(sum(rejected), 0) from portion where import = import.id) as rejected from import`;

const importOf = (row: ImportRow): FileImport => ({
  id: row.id,
  user: row.user,
  file: row.file,
  bytes: row.bytes,
  sha256: row.sha256,
  receivedAt: row.received_at,
  status: row.status === 'accepting' ? 'waiting' : row.status,
  processed: row.processed,
  rejected: row.rejected,
  ...(row.duplicate_of !== null && { duplicateOf: row.duplicate_of }),
  ...(row.total !== null && { total: row.total }),
  ...(row.message !== null && { message: row.message }),
});

/** Users and imports of one endpoint, in an SQLite file; each change is on the disk before the call returns. */
export class ImportStore {
  readonly #db: Database.Database;

  /** Readable by its owner only. */
  constructor(file: string) {
    this.#db = new Database(file);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.exec(SCHEMA);
    for (const each of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(each)) chmodSync(each, 0o600);
  }

  close(): void {
    this.#db.close();
  }

  get isOpen(): boolean {
    return this.#db.open;
  }

  // ---- users

  users(): UserRow[] {
    return this.#db.prepare<[], UserRow>('select name, keys, revision, last_login as lastLogin from user order by name').all();
  }

  user(name: string): UserRow | undefined {
    return this.#db.prepare<[string], UserRow>('select name, keys, revision, last_login as lastLogin from user where name = ?').get(name);
  }

  createUser(name: string, keys: string): void {
    const { changes } = this.#db.prepare('insert into user values (?, ?, 1, null) on conflict do nothing').run(name, keys);
    if (changes === 0) throw new UserProblem('conflict', `There is a user ${name} already. Choose another name, or add the key to that user.`);
  }

  updateUser(name: string, keys: string, revision: number): void {
    const { changes } = this.#db.prepare('update user set keys = ?, revision = revision + 1 where name = ? and revision = ?').run(keys, name, revision);
    if (changes === 0) this.#refuse(name);
  }

  removeUser(name: string, revision: number): void {
    if (this.#db.prepare('delete from user where name = ? and revision = ?').run(name, revision).changes === 0) this.#refuse(name);
  }

  loggedIn(name: string, at: number): void {
    this.#db.prepare('update user set last_login = ? where name = ?').run(at, name);
  }

  #refuse(name: string): never {
    if (!this.user(name)) throw new UserProblem('missing', `There is no user ${name} at this endpoint.`);
    throw new UserProblem('conflict', `Somebody else has changed the user ${name} meanwhile. Look at it again, and then repeat your change.`);
  }

  // ---- imports

  /** Decides that a file becomes an import; `settle` follows once it has left the user's folder. */
  accept({ user, file, bytes, sha256, receivedAt }: Accepted): string {
    const id = randomUUID();
    this.#db
      .prepare("insert into import (id, user, file, bytes, sha256, received_at, status) values (?, ?, ?, ?, ?, ?, 'accepting')")
      .run(id, user, file, bytes, sha256, receivedAt);
    return id;
  }

  /** It waits for a flow, or is a duplicate of the first import of that user which had the same content. */
  settle(id: string, allowsDuplicates: boolean): FileImport {
    const earlier = this.#db
      .prepare<[string], { id: string }>(
        `select other.id from import as other join import as this on this.id = ? and other.user = this.user and other.sha256 = this.sha256
         where other.sequence < this.sequence and other.status not in ('accepting', 'failed') order by other.sequence limit 1`,
      )
      .get(id);
    const isDuplicate = earlier !== undefined && !allowsDuplicates;
    this.#db.prepare('update import set status = ?, duplicate_of = ? where id = ?').run(isDuplicate ? 'duplicate' : 'waiting', earlier?.id ?? null, id);
    return this.find(id)!;
  }

  forget(id: string): void {
    this.#db.prepare('delete from import where id = ?').run(id);
  }

  accepting(): FileImport[] {
    return this.#db.prepare<[], ImportRow>(`${IMPORT} where status = 'accepting' order by sequence`).all().map(importOf);
  }

  waiting(): FileImport[] {
    return this.#db.prepare<[], ImportRow>(`${IMPORT} where status = 'waiting' order by sequence`).all().map(importOf);
  }

  /** Bytes of the user's files that no flow has taken yet. */
  waitingBytes(user: string): number {
    return this.#db.prepare<[string], { bytes: number }>("select coalesce(sum(bytes), 0) as bytes from import where user = ? and status in ('accepting', 'waiting')").get(user)!
      .bytes;
  }

  latest(limit: number): FileImport[] {
    return this.#db.prepare<[number], ImportRow>(`${IMPORT} order by sequence desc limit ?`).all(limit).map(importOf);
  }

  find(id: string): FileImport | undefined {
    const row = this.#db.prepare<[string], ImportRow>(`${IMPORT} where id = ?`).get(id);
    return row && importOf(row);
  }

  columns(id: string): string[] {
    const row = this.#db.prepare<[string], { columns: string | null }>('select columns from import where id = ?').get(id);
    return row?.columns ? (JSON.parse(row.columns) as string[]) : [];
  }

  confirm(ids: readonly string[]): void {
    const statement = this.#db.prepare("update import set status = 'processing' where id = ? and status = 'waiting'");
    for (const id of ids) statement.run(id);
  }

  begin(id: string, columns: readonly string[], total: number): void {
    this.#db.prepare('update import set total = ?, columns = ?, message = null where id = ?').run(total, JSON.stringify(columns), id);
    this.#complete(id);
  }

  /** Returns whether it was news. */
  record(id: string, portion: string, processed: number, rejected: number): boolean {
    const { changes } = this.#db.prepare('insert into portion values (?, ?, ?, ?) on conflict do nothing').run(id, portion, processed, rejected);
    this.#complete(id);
    return changes > 0;
  }

  fail(id: string, message: string): void {
    this.#db.prepare("update import set status = 'failed', message = ? where id = ?").run(message, id);
  }

  #complete(id: string): void {
    const { total, processed, rejected, status } = this.find(id) ?? { processed: 0, rejected: 0, status: 'failed' };
    const isDone = total !== undefined && processed + rejected >= total && status !== 'failed';
    if (isDone) this.#db.prepare("update import set status = 'completed' where id = ?").run(id);
  }

  /** Imports whose content is not needed any more: received before then, and in no queue of the endpoint. */
  outdated(before: number): string[] {
    return this.#db
      .prepare<[number], { id: string }>("select id from import where received_at < ? and status not in ('accepting', 'waiting')")
      .all(before)
      .map(({ id }) => id);
  }
}
