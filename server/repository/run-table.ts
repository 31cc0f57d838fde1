import type Database from 'better-sqlite3';
import { REJECTED_ROWS_KEPT, RUNS_KEPT } from '../engine/repositories.ts';
import type { StoredRejectedRow, StoredRun } from '../engine/run.ts';
import type { RunChanges } from '../engine/run-tracker.ts';

const RUN = 'select id, sync_id as syncId, ended, json from run';
const ROW = 'select id, run, sync_id as syncId, at, component_id as componentId, component_name as componentName, reason, row from rejected_row';

/** Runs of syncs and their rejected rows in SQLite. */
export class RunTable {
  readonly #db: Database.Database;
  readonly #sql;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#sql = {
      put: db.prepare('insert or replace into run (id, sync_id, ended, json) values (?, ?, ?, ?)'),
      prune: db.prepare('delete from run where sync_id = ? and id <= (select id from run where sync_id = ? order by id desc limit 1 offset ?)'),
      remove: db.prepare('delete from run where id = ?'),
      removeOf: db.prepare('delete from run where sync_id = ?'),
      addRow: db.prepare('insert or replace into rejected_row (id, run, sync_id, at, component_id, component_name, reason, row) values (?, ?, ?, ?, ?, ?, ?, ?)'),
      pruneRows: db.prepare('delete from rejected_row where sync_id = ? and id <= (select id from rejected_row where sync_id = ? order by id desc limit 1 offset ?)'),
      removeRowsOf: db.prepare('delete from rejected_row where sync_id = ?'),
      open: db.prepare<[], StoredRun>(`${RUN} where ended is null order by id`),
      one: db.prepare<[number], StoredRun>(`${RUN} where id = ?`),
      of: db.prepare<[string, number, number], StoredRun>(`${RUN} where sync_id = ? and id < ? order by id desc limit ?`),
      rows: db.prepare<[number, number, number], StoredRejectedRow>(`${ROW} where run = ? and id > ? order by id limit ?`),
    };
  }

  /** The next free number of a table. */
  next(table: 'run' | 'rejected_row'): number {
    return ((this.#db.prepare(`select max(id) from ${table}`).pluck().get() as number | null) ?? 0) + 1;
  }

  write({ runs, removed, rejected }: RunChanges): void {
    for (const id of removed) this.#sql.remove.run(id);
    for (const { id, syncId, ended, json } of runs) {
      this.#sql.put.run(id, syncId, ended, json);
      if (ended !== null) this.#sql.prune.run(syncId, syncId, RUNS_KEPT);
    }
    for (const { id, run, syncId, at, componentId, componentName, reason, row } of rejected) this.#sql.addRow.run(id, run, syncId, at, componentId, componentName, reason, row);
    for (const syncId of new Set(rejected.map((each) => each.syncId))) this.#sql.pruneRows.run(syncId, syncId, REJECTED_ROWS_KEPT);
  }

  /** A component was removed; if it was a sync, its runs go with it. */
  forget(id: string): void {
    this.#sql.removeOf.run(id);
    this.#sql.removeRowsOf.run(id);
  }

  open(): StoredRun[] {
    return this.#sql.open.all();
  }

  run(id: number): StoredRun | undefined {
    return this.#sql.one.get(id);
  }

  runs(syncId: string, limit: number, before = Number.MAX_SAFE_INTEGER): StoredRun[] {
    return this.#sql.of.all(syncId, before, limit);
  }

  rejectedRows(run: number, limit: number, after = 0): StoredRejectedRow[] {
    return this.#sql.rows.all(run, after, limit);
  }
}
