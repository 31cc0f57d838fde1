import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { ProcessError } from '../../server/extension/errors.ts';
import type { CacheEntry } from '../../server/extension/map-cache.ts';

export interface CacheRules {
  readonly file: string;
  readonly maximum: number;
  readonly eviction: 'Least Frequently Used' | 'Least Recently Used' | 'First In, First Out';
  /** Of a value, bytes. */
  readonly maximumSize: number;
}

/** What is evicted first: `used` counts reads, `touched` and `sequence` number accesses and entries. */
const ORDERS: Readonly<Record<CacheRules['eviction'], string>> = {
  'Least Frequently Used': 'used, touched',
  'Least Recently Used': 'touched',
  'First In, First Out': 'sequence',
};

const SCHEMA = `CREATE TABLE IF NOT EXISTS entry (
  key TEXT PRIMARY KEY, value TEXT NOT NULL, revision INTEGER NOT NULL, sequence INTEGER NOT NULL, touched INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID`;

/** Entries in an SQLite file; each change is written before the call returns. Synchronous, so that nobody comes in between. */
export class MapCacheStore {
  readonly #rules: CacheRules;
  readonly #database: Database.Database;
  readonly #find: Database.Statement;
  readonly #touch: Database.Statement;
  readonly #put: Database.Statement;
  readonly #evict: Database.Statement;
  readonly #remove: Database.Statement;
  #count: number;
  #clock: number;

  constructor(rules: CacheRules) {
    mkdirSync(path.dirname(rules.file), { recursive: true });
    this.#rules = rules;
    const database = new Database(rules.file);
    this.#database = database;
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.exec(SCHEMA);
    const seen = database.prepare('SELECT count(*) AS count, coalesce(max(max(touched, sequence)), 0) AS clock FROM entry').get() as { count: number; clock: number };
    this.#count = seen.count;
    this.#clock = seen.clock;
    this.#find = database.prepare('SELECT value, revision FROM entry WHERE key = ?');
    this.#touch = database.prepare('UPDATE entry SET touched = ?, used = used + 1 WHERE key = ?');
    this.#put = database.prepare(
      'INSERT INTO entry VALUES (@key, @value, 1, @now, @now, 0) ON CONFLICT (key) DO UPDATE SET value = excluded.value, revision = revision + 1, touched = excluded.touched, used = used + 1',
    );
    this.#remove = database.prepare('DELETE FROM entry WHERE key = @key AND revision = coalesce(@revision, revision)');
    this.#evict = database.prepare(`DELETE FROM entry WHERE key IN (SELECT key FROM entry WHERE key <> ? ORDER BY ${ORDERS[rules.eviction]} LIMIT ?)`);
  }

  get(key: string): CacheEntry | undefined {
    const entry = this.#find.get(key) as CacheEntry | undefined;
    if (entry && this.#rules.eviction !== 'First In, First Out') this.#touch.run(++this.#clock, key);
    return entry;
  }

  /** Throws ProcessError where the value is too large. */
  put(key: string, value: string): void {
    const size = Buffer.byteLength(value);
    if (size > this.#rules.maximumSize)
      throw new ProcessError(`The value for '${key}' has ${size} bytes, the cache takes ${this.#rules.maximumSize}: raise its Maximum Read Size.`);
    const isNew = this.#find.get(key) === undefined;
    this.#put.run({ key, value, now: ++this.#clock });
    if (isNew) this.#count++;
    if (this.#count > this.#rules.maximum) this.#count -= this.#evict.run(key, this.#count - this.#rules.maximum).changes;
  }

  putIfAbsent(key: string, value: string): CacheEntry | undefined {
    const present = this.get(key);
    if (!present) this.put(key, value);
    return present;
  }

  replace(key: string, value: string, revision: number | undefined): boolean {
    const present = this.#find.get(key) as CacheEntry | undefined;
    if (present?.revision !== revision) return false;
    this.put(key, value);
    return true;
  }

  remove(key: string, revision?: number): boolean {
    const { changes } = this.#remove.run({ key, revision: revision ?? null });
    this.#count -= changes;
    return changes > 0;
  }

  keys(): string[] {
    return this.#database.prepare('SELECT key FROM entry').pluck().all() as string[];
  }

  close(): void {
    this.#database.close();
  }
}
