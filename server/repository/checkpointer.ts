import type Database from 'better-sqlite3';

/** Rows written between two checkpoints. */
const ROWS = 4000;

/**
 * Brings the write-ahead log back into the database in small steps, so that no single commit pays for a long one.
 */
export class Checkpointer {
  readonly #db: Database.Database;
  #rows = 0;

  constructor(db: Database.Database) {
    this.#db = db;
    db.pragma('wal_autocheckpoint = 0');
  }

  /** Tells how many rows a turn wrote. */
  wrote(rows: number): void {
    this.#rows += rows;
    if (this.#rows < ROWS) return;
    this.#rows = 0;
    this.#db.pragma('wal_checkpoint(passive)');
  }

  close(): void {
    this.#db.pragma('wal_checkpoint(truncate)');
  }
}
