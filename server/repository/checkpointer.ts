import type Database from 'better-sqlite3';
import type { UnitOfWork } from '../engine/repositories.ts';

/** What may be written between two checkpoints: FlowFiles, and bytes of state and configuration. */
const ROWS = 4000;
const BYTES = 4 * 1024 * 1024;

/**
 * Brings the write-ahead log back into the database in small steps, so that no single commit pays for a long one.
 */
export class Checkpointer {
  readonly #db: Database.Database;
  #rows = 0;
  #bytes = 0;

  constructor(db: Database.Database) {
    this.#db = db;
    db.pragma('wal_autocheckpoint = 0');
  }

  /** Tells what a turn wrote. */
  wrote({ inserted, updated, moved, removed, states, components }: UnitOfWork): void {
    this.#rows += inserted.length + updated.length + moved.length + removed.length + 4;
    for (const { state } of states) for (const [key, value] of state.entries) this.#bytes += key.length + value.length;
    for (const { json } of components) this.#bytes += json.length;
    if (this.#rows < ROWS && this.#bytes < BYTES) return;
    this.#rows = 0;
    this.#bytes = 0;
    this.#db.pragma('wal_checkpoint(passive)');
  }

  close(): void {
    this.#db.pragma('wal_checkpoint(truncate)');
  }
}
