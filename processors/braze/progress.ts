import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Refused } from './rows.ts';

/** How far a FlowFile came: rows settled by lane, and what was refused of them. */
export interface Progress {
  readonly settled: ReadonlyMap<number, number>;
  readonly refused: readonly Refused[];
}

/**
 * What Braze has settled of FlowFiles that are not done, in a file beside the embedded databases: after a kill, or an outage in the
 * middle, only what is not sure is sent again. It may lag behind Braze by the requests under way, never run ahead of it.
 */
export class ProgressFile {
  readonly #db: Database.Database;
  readonly #settle: Database.Transaction<ProgressFile['settle']>;

  constructor(directory: string, componentId: string) {
    mkdirSync(directory, { recursive: true });
    this.#db = new Database(path.join(directory, `braze-progress-${componentId}.db`));
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = NORMAL');
    this.#db.exec(`
      create table if not exists settled (flowfile text, plan text, lane integer, rows integer not null, primary key (flowfile, plan, lane)) without rowid;
      create table if not exists refused (flowfile text, plan text, row integer, reason text not null, primary key (flowfile, plan, row)) without rowid`);
    const settled = this.#db.prepare('insert or replace into settled values (?, ?, ?, ?)');
    const refusal = this.#db.prepare('insert or replace into refused values (?, ?, ?, ?)');
    this.#settle = this.#db.transaction((flowFile, plan, lane, rows, refused) => {
      settled.run(flowFile, plan, lane, rows);
      for (const { row, reason } of refused) refusal.run(flowFile, plan, row, reason);
    });
  }

  close(): void {
    this.#db.close();
  }

  /** `plan` says where the FlowFile goes, as what, and how it was cut into lanes: progress of another plan does not count. */
  of(flowFile: string, plan: string): Progress {
    const settled = this.#db.prepare('select lane, rows from settled where flowfile = ? and plan = ?').raw().all(flowFile, plan) as [number, number][];
    const refused = this.#db.prepare('select row, reason from refused where flowfile = ? and plan = ?').all(flowFile, plan) as Refused[];
    return { settled: new Map(settled), refused };
  }

  /** Braze has settled so many rows of the lane, from its begin; some of them it refused. */
  settle(flowFile: string, plan: string, lane: number, rows: number, refused: readonly Refused[]): void {
    this.#settle(flowFile, plan, lane, rows, refused);
  }

  /** The FlowFile is done, and stored as such. */
  forget(flowFile: string): void {
    this.#db.transaction(() => {
      this.#db.prepare('delete from settled where flowfile = ?').run(flowFile);
      this.#db.prepare('delete from refused where flowfile = ?').run(flowFile);
    })();
  }
}
