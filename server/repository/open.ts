import path from 'node:path';
import type Database from 'better-sqlite3';
import type { ContentRepository, ProvenanceRepository, Store } from '../engine/repositories.ts';
import { FileContentRepository } from './content.ts';
import type { ArchiveLimits } from './content-archive.ts';
import { lockDirectory, openDatabase } from './database.ts';
import { FileProvenanceRepository, type ProvenanceLimits } from './provenance.ts';
import { SqliteStore } from './store.ts';

/** All that a data directory holds, opened and locked for this process. */
export interface Repositories {
  readonly store: Store;
  readonly content: ContentRepository;
  readonly provenance: ProvenanceRepository;
  /** The connection that the store writes through: for maintenance. */
  readonly database: Database.Database;
  /** Writes nothing more; lets go of the lock. */
  close(): void;
}

export interface RepositoryOptions {
  readonly archive: ArchiveLimits;
  readonly provenance: ProvenanceLimits;
  readonly now: () => number;
  readonly warn: (message: string) => void;
}

export const defaultLimits = {
  archive: { maxBytes: 1024 ** 3, maxAge: 12 * 3_600_000 },
  provenance: { maxBytes: 1024 ** 3, maxAge: 24 * 3_600_000 },
};

/** Opens a data directory, made where it is missing. Throws StorageError with what a person can do. */
export function openRepositories(directory: string, options: RepositoryOptions): Repositories {
  const lock = lockDirectory(directory);
  try {
    const db = openDatabase(path.join(directory, 'millrace.db'));
    const provenance = new FileProvenanceRepository(path.join(directory, 'provenance'), db, options.provenance, options.warn);
    const store = new SqliteStore(db, provenance, options.now, options.warn);
    const content = new FileContentRepository(path.join(directory, 'content'), options.archive, options.now);
    return { store, content, provenance, database: db, close: () => closeAll([() => content.close(), () => store.close(), () => lock.release()]) };
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

function closeAll(closers: (() => void)[]): void {
  for (const close of closers) close();
}
