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

/** A fold under way: turns up to `upTo` can go once all of it has rows. */
interface Fold {
  readonly upTo: number;
  readonly recovered: Rows;
  readonly changed: ReadonlySet<FlowFileRecord>;
  /** What is left; each step returns whether it touched a row. */
  readonly steps: Iterator<() => boolean>;
  readonly rows: number;
  /** All of it has rows: over once the transaction is committed. */
  ended: boolean;
}

/**
 * FlowFiles as a log with rows. A turn is one packed row of `turn`, which costs a fifth of a row for each FlowFile. When the
 * log has grown, it is folded: whatever it speaks of and still exists gets a row of its own as it is now, a few hundred with
 * each turn, and then the old part of the log is deleted. FlowFiles that came and went in between never cost a row.
 *
 * After a kill the log is replayed over the rows, in memory: the next fold writes what came of it. Entries say what is so, not
 * what to add, and the log is kept until the fold is whole, so it does not matter that some rows are ahead of it.
 */
export class FlowFileLog {
  readonly #sql: Statements;
  readonly #writer = new ByteWriter();
  #seq = 0;
  #bytes = 0;
  /** What the log of a former process says, as far as nothing has happened to it since. */
  #recovered: Rows = new Map();
  /** What the log says has changed since the last fold began. */
  #changed = new Set<FlowFileRecord>();
  #fold: Fold | null = null;

  constructor(sql: Statements) {
    this.#sql = sql;
    for (const { seq, bytes } of sql.turns.all()) {
      replayTurn(bytes, this.#recovered, (id) => this.#row(id));
      this.#seq = seq;
      this.#bytes += bytes.length;
    }
  }

  /** All queued FlowFiles in order of position. Within a transaction. */
  flowFiles(): StoredFlowFile[] {
    if (this.#changed.size > 0 || this.#fold) this.foldAll();
    const rows: StoredFlowFile[] = [];
    for (const [id, bytes] of this.#sql.flowFiles.raw().iterate() as IterableIterator<[number, Buffer]>) if (!this.#recovered.has(id)) rows.push(readRow(id, bytes));
    for (const row of this.#recovered.values()) if (row) rows.push(row);
    return rows.sort((a, b) => a.position - b.position);
  }

  /** Within the turn's transaction. */
  write(unit: UnitOfWork): void {
    const { inserted, updated, moved, removed } = unit;
    for (const records of [inserted, updated, moved, removed]) for (const record of records) this.#change(record);
    if (inserted.length + updated.length + moved.length + removed.length > 0) {
      const bytes = encodeTurn(unit, this.#writer);
      this.#bytes += bytes.length;
      this.#sql.addTurn.run(++this.#seq, bytes);
    }
    if (this.#fold) this.#foldSome(this.#fold, this.#fold.rows);
    else if (this.#bytes >= FOLD_BYTES) this.#beginFold();
  }

  /** The transaction is stored for good. */
  committed(): void {
    if (this.#fold?.ended) this.#fold = null;
  }

  /** The transaction was rolled back, and with it what was folded in it, to its very end perhaps. */
  rolledBack(): void {
    if (!this.#fold) return;
    const { recovered, changed } = this.#fold;
    for (const record of changed) this.#changed.add(record);
    for (const [id, row] of recovered) this.#recovered.set(id, row);
    for (const { id } of this.#changed) this.#recovered.delete(id);
    this.#bytes = FOLD_BYTES;
    this.#fold = null;
  }

  /** Folds all of it: nothing is left to replay. Within a transaction. */
  foldAll(): void {
    // A fold under way begins anew: to fold a FlowFile twice does no harm.
    this.rolledBack();
    this.#foldSome(this.#beginFold(), Number.POSITIVE_INFINITY);
  }

  #change(record: FlowFileRecord): void {
    this.#changed.add(record);
    if (this.#recovered.size > 0) this.#recovered.delete(record.id);
  }

  #row(id: number): StoredFlowFile | undefined {
    const row = this.#sql.row.get(id);
    return row && readRow(id, row.bytes);
  }

  #beginFold(): Fold {
    const [recovered, changed] = [this.#recovered, this.#changed];
    const rows = Math.max(FOLD_ROWS, Math.ceil((recovered.size + changed.size) / FOLD_TURNS));
    this.#fold = { upTo: this.#seq, recovered, changed, rows, steps: this.#steps(recovered, changed), ended: false };
    this.#recovered = new Map();
    this.#changed = new Set();
    this.#bytes = 0;
    return this.#fold;
  }

  *#steps(recovered: Rows, changed: ReadonlySet<FlowFileRecord>): Generator<() => boolean> {
    for (const [id, row] of recovered) yield () => this.#foldRecovered(id, row);
    for (const record of changed) yield () => this.#foldRecord(record);
  }

  #foldSome(fold: Fold, rows: number): void {
    for (let left = rows; left > 0; ) {
      const { done, value } = fold.steps.next();
      if (done) {
        this.#sql.removeTurns.run(fold.upTo);
        fold.ended = true;
        return;
      }
      if (value()) left--;
    }
  }

  #foldRecovered(id: number, row: StoredFlowFile | null): boolean {
    if (!row) {
      this.#sql.removeRow.run(id);
      return true;
    }
    writeStoredRow(this.#writer, row);
    this.#sql.putRow.run(id, this.#writer.copy());
    return true;
  }

  #foldRecord(record: FlowFileRecord): boolean {
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
