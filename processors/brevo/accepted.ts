import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Contact } from './brevo.ts';

/** What a contact would be for the destination: a new one, a changed one, or just as it was accepted before. */
export type Difference = 'added' | 'changed' | 'same';

/** What is remembered of a contact. */
type Print = Pick<Contact, 'email' | 'print'>;

function printIn(line: string): Print {
  const [email, print] = line.split(' ');
  return { email: email!, print: print! };
}

/** Files of an earlier kind are begun anew: what they knew is sent once more. */
const KIND = 2;
const TABLES = `drop table if exists accepted; drop table if exists under_way; drop table if exists generation;
  create table accepted (email text primary key, print text not null) without rowid;
  create table generation (id text not null);
  create table under_way (process integer primary key, contacts text not null)`;

/**
 * What the destination has accepted last, by contact: a file beside the embedded databases, 60 bytes a contact. It may lag behind
 * the destination (then a contact is sent again, which changes nothing), never run ahead of it. It belongs to one generation of
 * the processor's state: once the state is cleared, nothing counts as accepted. Imports that are under way are noted too, so that
 * who is stopped in the middle asks for their end instead of sending, and paying for, the same contacts again.
 */
export class Accepted {
  readonly #db: Database.Database;
  readonly #known: Database.Statement<[string], string>;
  readonly #insert: Database.Statement<[string, string]>;

  constructor(directory: string, componentId: string) {
    mkdirSync(directory, { recursive: true });
    this.#db = new Database(path.join(directory, `brevo-accepted-${componentId}.db`));
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = NORMAL');
    // The pages that an import of 10,000 touches, and a checkpoint every few of them.
    this.#db.pragma('cache_size = -16000');
    this.#db.pragma('wal_autocheckpoint = 4000');
    if (this.#db.pragma('user_version', { simple: true }) !== KIND) this.#together(() => this.#db.exec(TABLES).pragma(`user_version = ${KIND}`));
    this.#known = this.#db.prepare<[string], string>('select print from accepted where email = ?').pluck();
    this.#insert = this.#db.prepare('insert or replace into accepted values (?, ?)');
  }

  close(): void {
    this.#db.close();
  }

  /** Forgets everything that belongs to another generation. */
  enter(generation: string): void {
    const known = this.#db.prepare('select id from generation').pluck().get();
    if (known === generation) return;
    this.#together(() => {
      this.#db.exec('delete from accepted; delete from under_way; delete from generation');
      this.#db.prepare('insert into generation values (?)').run(generation);
    });
  }

  /** For each contact what it would be. */
  differences(contacts: readonly Print[]): Difference[] {
    const difference = ({ email, print }: Print): Difference => {
      const known = this.#known.get(email);
      return known === undefined ? 'added' : known === print ? 'same' : 'changed';
    };
    return this.#together(() => contacts.map(difference));
  }

  add(contacts: readonly Print[]): void {
    this.#together(() => {
      for (const { email, print } of contacts) this.#insert.run(email, print);
    });
  }

  /** Notes an import that Brevo has taken on, and has not done yet: as one text, as it is read after a stop only. Addresses have no blanks. */
  begin(processId: number, contacts: readonly Print[]): void {
    this.#db.prepare('insert or replace into under_way values (?, ?)').run(processId, contacts.map(({ email, print }) => `${email} ${print}`).join('\n'));
  }

  /** The imports that were begun and whose end was not seen, the oldest first. */
  underWay(): { readonly processId: number; readonly contacts: readonly Print[] }[] {
    const found = this.#db.prepare('select process, contacts from under_way order by process').all() as { process: number; contacts: string }[];
    return found.map(({ process, contacts }) => ({ processId: process, contacts: contacts.split('\n').map(printIn) }));
  }

  /** What was sent by an import counts as accepted, but for the addresses that it left out. */
  end(processId: number, contacts: readonly Print[], refused: Pick<ReadonlySet<string>, 'has'>): void {
    this.#together(() => {
      for (const { email, print } of contacts) if (!refused.has(email)) this.#insert.run(email, print);
      this.forget(processId);
    });
  }

  /** An import that came to nothing. */
  forget(processId: number): void {
    this.#db.prepare('delete from under_way where process = ?').run(processId);
  }

  /** In one transaction: also lookups are ten times as quick as one by one. */
  #together<T>(work: () => T): T {
    return this.#db.transaction(work)();
  }
}
