import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { type Copies, sortable } from './watermark.ts';

/** Fingerprints kept at most, about 60 bytes each in the file. */
export const MAX_SENT_ROWS = 1_000_000;
const TRIM_EVERY = 50_000;

/**
 * Fingerprints of the rows that were sent, in a file beside the embedded databases; memory holds none of them. Each row of the file
 * carries the number of the run that sent it: a run whose FlowFiles were not stored is forgotten by the next one, so that the file is
 * never ahead of the state.
 */
export class SentRows {
  /** Set when a run let go of fingerprints for want of room. */
  overflowed = false;
  readonly #db: Database.Database;
  readonly #meet: Database.Statement;
  readonly #add: Database.Statement;
  readonly #most: number;
  #run = 0;
  #added = 0;

  constructor(directory: string, componentId: string, most = MAX_SENT_ROWS) {
    mkdirSync(directory, { recursive: true });
    this.#most = most;
    this.#db = new Database(path.join(directory, `sent-rows-${componentId}.db`));
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = NORMAL');
    this.#db.exec(`
      create table if not exists sent (print text, copy integer, mark text not null, run integer not null, primary key (print, copy)) without rowid;
      create index if not exists sent_by_mark on sent (mark);
      create table if not exists floor (mark text not null);
      create temp table met (print text primary key, copies integer not null) without rowid`);
    this.#meet = this.#db.prepare('insert into met values (?, 1) on conflict do update set copies = copies + 1 returning copies').pluck();
    this.#add = this.#db.prepare('insert or ignore into sent values (?, ?, ?, ?)');
  }

  close(): void {
    this.#db.close();
  }

  /** Begins a run after the last one that was stored; what others have written is forgotten. */
  begin(stored: number): void {
    this.rollback();
    this.#db.exec('begin');
    this.#db.exec('delete from met');
    this.#db.prepare('delete from sent where run > ?').run(stored);
    [this.#run, this.#added, this.overflowed] = [stored + 1, 0, false];
  }

  /** The mark below which fingerprints are gone, without its zone; undefined where none was let go. */
  get floor(): string | undefined {
    return this.#db.prepare('select mark from floor').pluck().get() as string | undefined;
  }

  /** Starts anew at a mark with what was sent there. */
  restart(mark: string, copies: Copies): void {
    this.#db.exec('delete from sent');
    for (const [print, count] of copies) for (let copy = 1; copy <= count; copy++) this.#add.run(print, copy, sortable(mark), this.#run - 1);
    this.#raise(mark);
  }

  /** What was sent at a mark. */
  at(mark: string, most: number): Copies {
    const rows = this.#db.prepare('select print, count(*) from sent where mark = ? group by print limit ?').raw().all(sortable(mark), most);
    return new Map(rows as [string, number][]);
  }

  /** Forgets what stands below a mark. */
  forgetBelow(mark: string): void {
    if (this.#db.prepare('delete from sent where mark < ?').run(sortable(mark)).changes > 0) this.#raise(mark);
  }

  /** Notes a row; false where it was sent before. `low` is the mark that need not be remembered below. */
  add(print: string, mark: string, low: string): boolean {
    const isNew = this.#add.run(print, this.#meet.get(print), sortable(mark), this.#run).changes > 0;
    if (isNew && ++this.#added % TRIM_EVERY === 0) this.trim(low);
    return isNew;
  }

  /** Keeps the file within its bound: first goes what this run need not have kept, then the oldest. */
  trim(low: string): void {
    this.#db.prepare('delete from sent where run = ? and mark < ?').run(this.#run, sortable(low));
    const beyond = (this.#db.prepare('select count(*) from sent').pluck().get() as number) - this.#most;
    if (beyond <= 0) return;
    this.overflowed = true;
    this.#db.prepare('delete from sent where (print, copy) in (select print, copy from sent order by mark limit ?)').run(beyond);
    this.#raise(this.#db.prepare('select min(mark) from sent').pluck().get() as string);
  }

  commit(): void {
    this.#db.exec('commit');
  }

  rollback(): void {
    if (this.#db.inTransaction) this.#db.exec('rollback');
  }

  #raise(mark: string): void {
    this.#db.exec('delete from floor');
    this.#db.prepare('insert into floor values (?)').run(sortable(mark));
  }
}
