import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { StorageError } from '../engine/repositories.ts';
import type { Secrets } from '../engine/runtime.ts';
import { parseKey, secretsWith } from './secrets.ts';

/** The key of a rotation that is under way. */
const NEXT = 'secret.key.next';

export interface RotationOptions {
  readonly directory: string;
  /** The database of the directory, with nobody else in it. */
  readonly db: Database.Database;
  /** The present key, 64 hexadecimal digits, where it is not in secret.key. */
  readonly key?: string;
  /** The next key, where it is given and not made. */
  readonly nextKey?: string;
}

/** Refuses a directory whose values may be under either of two keys. Throws StorageError. */
export function checkNoRotation(directory: string): void {
  if (existsSync(path.join(directory, NEXT)))
    throw new StorageError(`A change of the key of ${directory} was interrupted. Finish it with: millrace key rotate --data ${directory}`);
}

/**
 * Encrypts everything under another key: the sensitive values of all components in one transaction, and the key of login tokens.
 * It may be killed at each `yield`, and in between, and is finished by running it again with the same keys: what is under the
 * next key already is left as it is, and the present key goes last. Returns how many values there were. Throws StorageError.
 */
export function* rotateKey({ directory, db, key, nextKey }: RotationOptions): Generator<string, number> {
  const file = path.join(directory, 'secret.key');
  if (key === undefined && !existsSync(file)) throw new StorageError(`There is no key ${file}. Give the present one as MILLRACE_KEY, as when Millrace is started.`);
  if (key !== undefined && nextKey === undefined) throw new StorageError('The present key comes from outside. Give the next one as MILLRACE_NEW_KEY or MILLRACE_NEW_KEY_COMMAND.');
  const old = secretsWith(key === undefined ? parseKey(readFileSync(file, 'utf8').trim(), file) : parseKey(key, 'MILLRACE_KEY'));
  const next = secretsWith(nextKey === undefined ? yield* madeKey(path.join(directory, NEXT)) : parseKey(nextKey, 'MILLRACE_NEW_KEY'));
  const again = (text: string): string => reencrypted(text, old, next);
  const count = yield* rotateComponents(db, again);
  yield 'the components are under the next key';
  const tokenKey = path.join(directory, 'token.key');
  if (existsSync(tokenKey)) replaceFile(tokenKey, `${again(readFileSync(tokenKey, 'utf8').trim())}\n`);
  yield 'the key of tokens is under the next key';
  if (nextKey === undefined) renameSync(path.join(directory, NEXT), file);
  else rmSync(file, { force: true });
  syncDirectory(directory);
  return count;
}

function* madeKey(file: string): Generator<string, Uint8Array> {
  if (!existsSync(file)) {
    replaceFile(file, `${randomBytes(32).toString('hex')}\n`);
    yield 'the next key is made';
  }
  return parseKey(readFileSync(file, 'utf8').trim(), file);
}

/** What a run before this one has done already stays. */
function reencrypted(text: string, old: Secrets, next: Secrets): string {
  try {
    next.decrypt(text);
    return text;
  } catch {
    return next.encrypt(old.decrypt(text));
  }
}

function* rotateComponents(db: Database.Database, again: (text: string) => string): Generator<string, number> {
  db.pragma('synchronous = full');
  db.pragma('secure_delete = on');
  db.exec('begin immediate');
  let count = 0;
  const counted = (text: string): string => {
    count += 1;
    return again(text);
  };
  try {
    for (const { id, json } of db.prepare<[], { id: string; json: string }>('select id, json from component').all()) {
      const stored: unknown = JSON.parse(json);
      if (!rotateWithin(stored, counted)) continue;
      db.prepare('update component set json = ? where id = ?').run(JSON.stringify(stored), id);
      yield `component ${id} is written`;
    }
    db.exec('commit');
  } catch (failure) {
    db.exec('rollback');
    throw failure;
  }
  // Nothing is left under the old key, not in the log either.
  db.pragma('wal_checkpoint(truncate)');
  return count;
}

/** Sensitive values as components store them: a map called `sensitive`, or a `value` beside `sensitive: true`. Tells whether there were any. */
function rotateWithin(stored: unknown, again: (text: string) => string): boolean {
  if (typeof stored !== 'object' || stored === null) return false;
  const fields = stored as Record<string, unknown>;
  let found = false;
  if (fields.sensitive === true && typeof fields.value === 'string') {
    fields.value = again(fields.value);
    found = true;
  }
  for (const [name, each] of Object.entries(fields)) {
    if (name === 'sensitive' && typeof each === 'object' && each !== null) found = rotateMap(each as Record<string, unknown>, again) || found;
    else found = rotateWithin(each, again) || found;
  }
  return found;
}

function rotateMap(values: Record<string, unknown>, again: (text: string) => string): boolean {
  for (const [name, text] of Object.entries(values)) if (typeof text === 'string') values[name] = again(text);
  return Object.keys(values).length > 0;
}

/** Whole or not at all, and on the disk, readable by its owner only. */
function replaceFile(file: string, text: string): void {
  const fd = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${file}.new`, file);
  syncDirectory(path.dirname(file));
}

function syncDirectory(directory: string): void {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
