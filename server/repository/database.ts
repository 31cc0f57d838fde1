import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { StorageError } from '../engine/repositories.ts';
import { migrations } from './migrations/all.ts';

/** What makes one data directory belong to one process; the operating system lets go of it when the process dies. */
export interface DirectoryLock {
  release(): void;
}

/** Takes the data directory for this process. Throws StorageError where another has it. */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true });
  const owner = path.join(directory, 'millrace.pid');
  // SQLite's exclusive lock is a kernel lock: no stale lock file is left by kill -9.
  const lock = new Database(path.join(directory, 'lock.db'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = delete');
    lock.exec('begin exclusive');
  } catch (cause) {
    lock.close();
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY')
      throw new StorageError(`The data directory ${directory} cannot be locked (${(cause as Error).message}). Check that it may be written and that its disk has room.`, { cause });
    throw new StorageError(`The data directory ${directory} is in use by another Millrace${processOf(owner)}. Stop that one, or start this one with --data and another directory.`);
  }
  writeFileSync(owner, String(process.pid));
  return { release: () => lock.close() };
}

function processOf(owner: string): string {
  try {
    return ` (process ${readFileSync(owner, 'utf8')})`;
  } catch {
    return '';
  }
}

/** Opens the database of a data directory and brings its schema up to date. Throws StorageError. */
export function openDatabase(file: string): Database.Database {
  const db = open(file);
  try {
    db.pragma('journal_mode = wal');
    // WAL with NORMAL: a killed process loses nothing; after a power cut the last turns may be missing, never torn.
    db.pragma('synchronous = normal');
    db.pragma('cache_size = -8000');
    migrate(db, file);
    return db;
  } catch (cause) {
    db.close();
    if (cause instanceof StorageError) throw cause;
    throw new StorageError(
      `The database ${file} cannot be read (${(cause as Error).message}). Restore it from a backup, or start with an empty --data directory; nothing was changed.`,
      { cause },
    );
  }
}

function open(file: string): Database.Database {
  try {
    return new Database(file);
  } catch (cause) {
    throw new StorageError(`The database ${file} cannot be opened (${(cause as Error).message}). Check that the directory exists and may be written.`, { cause });
  }
}

function migrate(db: Database.Database, file: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length) {
    throw new StorageError(
      `The database ${file} was written by a newer Millrace (schema ${version}; this one knows up to ${migrations.length}). Start that version again, or use another --data directory; nothing was changed.`,
    );
  }
  db.transaction(() => {
    for (const sql of migrations.slice(version)) db.exec(sql);
    db.pragma(`user_version = ${migrations.length}`);
  })();
}
