import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';

/** What this machine can do at this moment, so that figures of different runs compare as ratios. */
export interface Yardstick {
  /** Bare better-sqlite3 inserts of 100-byte rows, 1,000 a transaction, per CPU second. */
  readonly sqlite_inserts_per_cpu_s: number;
  /** Objects made, put into a Map and taken out again in memory, per CPU second. */
  readonly memory_ops_per_cpu_s: number;
}

/** CPU seconds of this process that `work` takes. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const INSERTS = 100_000;
const OPERATIONS = 1_000_000;

function sqliteLoop(): void {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-yardstick-'));
  const db = new Database(path.join(directory, 'yardstick.db'));
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = normal');
  db.exec('create table t (id integer primary key, a integer, b text)');
  const insert = db.prepare('insert into t values (?, ?, ?)');
  const text = 'x'.repeat(90);
  const thousand = db.transaction((from: number) => {
    for (let i = from; i < from + 1000; i++) insert.run(i, i * 2, text);
  });
  for (let i = 0; i < INSERTS; i += 1000) thousand(i);
  db.close();
  rmSync(directory, { recursive: true });
}

function memoryLoop(): void {
  const map = new Map<number, { id: number; name: string }>();
  for (let i = 0; i < OPERATIONS; i++) {
    map.set(i, { id: i, name: 'x' });
    if (i >= 1000) map.delete(i - 1000);
  }
}

/** Measures it: about half a second. */
export function yardstick(): Yardstick {
  memoryLoop();
  return {
    sqlite_inserts_per_cpu_s: Math.round(INSERTS / cpuSeconds(sqliteLoop)),
    memory_ops_per_cpu_s: Math.round(OPERATIONS / cpuSeconds(memoryLoop)),
  };
}
