import { createReadStream, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { RejectedRow } from '../../server/extension/file-imports.ts';

/** The contents of imports, and their rejected rows, by the import's id. */
export class ImportFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    for (const each of ['content', 'rejected']) mkdirSync(path.join(folder, each), { recursive: true, mode: 0o700 });
  }

  /** Takes a file out of the user's folder. */
  take(id: string, from: string): void {
    renameSync(from, this.#content(id));
  }

  /** The same content under another id; no bytes are copied. */
  share(id: string, from: string): void {
    rmSync(this.#content(id), { force: true });
    linkSync(this.#content(from), this.#content(id));
  }

  has(id: string): boolean {
    return existsSync(this.#content(id));
  }

  read(id: string): Readable {
    return createReadStream(this.#content(id));
  }

  remove(id: string): void {
    rmSync(this.#content(id), { force: true });
  }

  /** Each portion's rows are a file of their own, whole or not there at all. */
  reject(id: string, portion: string, rows: readonly RejectedRow[]): void {
    const folder = path.join(this.#folder, 'rejected', id);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, `${Buffer.from(portion).toString('base64url')}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(rows), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  /** All rejected rows as CSV: the reason, then the columns of the file and whatever else the rows have. */
  rejected(id: string, columns: readonly string[]): Readable {
    return Readable.from(this.#csv(id, columns));
  }

  async *#csv(id: string, columns: readonly string[]): AsyncGenerator<string> {
    const folder = path.join(this.#folder, 'rejected', id);
    const files = existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.json'))
          .map((name) => ({ file: path.join(folder, name), portion: Buffer.from(name.slice(0, -5), 'base64url').toString() }))
          .sort((a, b) => a.portion.localeCompare(b.portion, 'en', { numeric: true }))
      : [];
    const names = new Set(columns);
    for await (const rows of portions(files)) for (const { record } of rows) for (const name of Object.keys(record)) names.add(name);
    yield stringify([['reason', ...names]]);
    for await (const rows of portions(files)) yield stringify(rows.map(({ reason, record }) => [reason, ...[...names].map((name) => cell(record[name]))]));
  }

  #content(id: string): string {
    return path.join(this.#folder, 'content', id);
  }
}

async function* portions(files: readonly { readonly file: string }[]): AsyncGenerator<RejectedRow[]> {
  for (const { file } of files) yield JSON.parse(await readFile(file, 'utf8')) as RejectedRow[];
}

const cell = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
