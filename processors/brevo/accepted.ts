import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Contact } from './brevo.ts';

/** What a contact would be for the destination: a new one, a changed one, or just as it was accepted before. */
export type Difference = 'added' | 'changed' | 'same';

/** A contact's content in 16 bytes, the lists it joins included. The order of attributes does not count. */
export function fingerprint({ attributes }: Contact, listIds: readonly number[]): Buffer {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([sorted, listIds]))
    .digest()
    .subarray(0, 16);
}

/**
 * What the destination has accepted last, by contact: a file beside the embedded databases, 60 bytes a contact. It may lag behind
 * the destination (then a contact is sent again, which changes nothing), never run ahead of it. It belongs to one generation of
 * the processor's state: once the state is cleared, nothing counts as accepted. Imports that are under way are noted too, so that
 * who is stopped in the middle asks for their end instead of sending, and paying for, the same contacts again.
 */
export class Accepted {
  readonly #db: Database.Database;
  readonly #known: Database.Statement;

  constructor(directory: string, componentId: string) {
    mkdirSync(directory, { recursive: true });
    this.#db = new Database(path.join(directory, `brevo-accepted-${componentId}.db`));
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = NORMAL');
    this.#db.exec(`create table if not exists accepted (email text primary key, fingerprint blob not null) without rowid;
      create table if not exists generation (id text not null);
      create table if not exists under_way (process integer, email text, fingerprint blob not null, primary key (process, email)) without rowid`);
    this.#known = this.#db.prepare('select fingerprint from accepted where email = ?').pluck();
  }

  close(): void {
    this.#db.close();
  }

  /** Forgets everything that belongs to another generation. */
  enter(generation: string): void {
    const known = this.#db.prepare('select id from generation').pluck().get();
    if (known === generation) return;
    this.#db.transaction(() => {
      this.#db.exec('delete from accepted; delete from under_way; delete from generation');
      this.#db.prepare('insert into generation values (?)').run(generation);
    })();
  }

  difference(contact: Contact, listIds: readonly number[]): Difference {
    const known = this.#known.get(contact.email) as Buffer | undefined;
    if (!known) return 'added';
    return known.equals(fingerprint(contact, listIds)) ? 'same' : 'changed';
  }

  add(contacts: readonly Contact[], listIds: readonly number[]): void {
    const insert = this.#db.prepare('insert or replace into accepted values (?, ?)');
    this.#db.transaction(() => {
      for (const contact of contacts) insert.run(contact.email, fingerprint(contact, listIds));
    })();
  }

  /** Notes an import that Brevo has taken on, and has not done yet. */
  begin(processId: number, contacts: readonly Contact[], listIds: readonly number[]): void {
    const insert = this.#db.prepare('insert or replace into under_way values (?, ?, ?)');
    this.#db.transaction(() => {
      for (const contact of contacts) insert.run(processId, contact.email, fingerprint(contact, listIds));
    })();
  }

  /** The processes of the imports that were begun and whose end was not seen, the oldest first. */
  underWay(): number[] {
    return this.#db.prepare('select distinct process from under_way order by process').pluck().all() as number[];
  }

  /** What was sent by an import counts as accepted, but for the addresses that it left out. */
  end(processId: number, refused: Pick<ReadonlySet<string>, 'has'>): void {
    const sent = this.#db.prepare('select email, fingerprint from under_way where process = ?').all(processId) as { email: string; fingerprint: Buffer }[];
    const insert = this.#db.prepare('insert or replace into accepted values (?, ?)');
    this.#db.transaction(() => {
      for (const { email, fingerprint: print } of sent) if (!refused.has(email)) insert.run(email, print);
      this.forget(processId);
    })();
  }

  /** An import that came to nothing. */
  forget(processId: number): void {
    this.#db.prepare('delete from under_way where process = ?').run(processId);
  }
}
