import { ByteWriter } from '../engine/byte-writer.ts';
import type { FlowFileRecord } from '../engine/flowfile-record.ts';
import type { StoredFlowFile, UnitOfWork } from '../engine/repositories.ts';
import type { Statements } from './statements.ts';
import { encodeTurn, readRow, replayTurn, type Rows, writeRow, writeStoredRow } from './turn-codec.ts';

/** The log is folded when it has grown by so much. */
const FOLD_BYTES = 8 * 1024 * 1024;
/** How many rows a turn folds at least while a fold is under way, and in how many turns a fold should be done. */
const FOLD_ROWS = 300;
const FOLD_TURNS = 100;

/**
 * FlowFiles as a log with rows. A turn is one packed row of `turn`, which costs a fifth of a row for each FlowFile. When the
 * log has grown, it is folded: whatever it speaks of and still exists gets a row of its own as it is now, a few hundred with
 * each turn, and then the old part of the log is deleted. FlowFiles that came and went in between never cost a row.
 *
 * After a kill the log is replayed over the rows. Entries say what is so, not what to add, and the log is kept until the fold
 * is whole, so it does not matter that some rows are ahead of it.
 */
export class FlowFileLog {
  readonly #sql: Statements;
  readonly #writer = new ByteWriter();
  #seq = 0;
  #bytes = 0;
  /** What the log says has changed since the last fold began. */
  #changed = new Set<FlowFileRecord>();
  #fold: { readonly upTo: number; readonly records: Set<FlowFileRecord>; readonly next: Iterator<FlowFileRecord>; readonly rows: number } | null = null;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** Folds what a process that was killed left. Within a transaction. */
  recover(): void {
    const rows: Rows = new Map();
    const stored = (id: number): StoredFlowFile | undefined => {
      const row = this.#sql.row.get(id);
      return row && readRow(id, row.bytes);
    };
    for (const { seq, bytes } of this.#sql.turns.all()) {
      replayTurn(bytes, rows, stored);
      this.#seq = seq;
    }
    for (const [id, row] of rows) {
      if (row) writeStoredRow(this.#writer, row);
      if (row) this.#sql.putRow.run(id, this.#writer.copy());
      else this.#sql.removeRow.run(id);
    }
    this.#sql.removeTurns.run(this.#seq);
  }

  /** Within the turn's transaction. */
  write(unit: UnitOfWork): void {
    for (const records of [unit.inserted, unit.updated, unit.moved, unit.removed]) for (const record of records) this.#changed.add(record);
    if (unit.inserted.length + unit.updated.length + unit.moved.length + unit.removed.length > 0) {
      const bytes = encodeTurn(unit, this.#writer);
      this.#bytes += bytes.length;
      this.#sql.addTurn.run(++this.#seq, bytes);
    }
    if (this.#fold) this.#foldSome(this.#fold.rows);
    else if (this.#bytes >= FOLD_BYTES) this.#beginFold();
  }

  /** The transaction was rolled back, and with it what was folded in it. */
  rolledBack(): void {
    if (!this.#fold) return;
    for (const record of this.#fold.records) this.#changed.add(record);
    this.#bytes = FOLD_BYTES;
    this.#fold = null;
  }

  /** Folds all of it: nothing is left to replay. Within a transaction. */
  foldAll(): void {
    if (this.#fold) this.#foldSome(Number.POSITIVE_INFINITY);
    this.#beginFold();
    this.#foldSome(Number.POSITIVE_INFINITY);
  }

  #beginFold(): void {
    const rows = Math.max(FOLD_ROWS, Math.ceil(this.#changed.size / FOLD_TURNS));
    this.#fold = { upTo: this.#seq, records: this.#changed, next: this.#changed.values(), rows };
    this.#changed = new Set();
    this.#bytes = 0;
  }

  #foldSome(rows: number): void {
    const { next, upTo } = this.#fold!;
    for (let left = rows; left > 0; ) {
      const { done, value } = next.next();
      if (done) {
        this.#sql.removeTurns.run(upTo);
        this.#fold = null;
        return;
      }
      if (this.#foldOne(value)) left--;
    }
  }

  /** Returns whether a row was touched. */
  #foldOne(record: FlowFileRecord): boolean {
    if (record.queue) {
      writeRow(this.#writer, record);
      this.#sql.putRow.run(record.id, this.#writer.copy());
      record.folded = true;
      return true;
    }
    if (!record.folded) return false;
    this.#sql.removeRow.run(record.id);
    return true;
  }
}
