import { readFile, stat } from 'node:fs/promises';
import { ProcessError } from '../../server/extension/errors.ts';

/** How often the file is looked at again, milliseconds. */
const LOOK = 10_000;

/** What a file says, read again when the file has changed. */
export class WatchedFile<T> {
  readonly #file: string;
  readonly #parse: (content: Buffer) => T;
  #value: T | undefined;
  #changed = 0;
  #looked = Number.NEGATIVE_INFINITY;
  readonly #interval: number;

  /** `interval`, in milliseconds, is how long the file is not looked at. */
  constructor(file: string, parse: (content: Buffer) => T, interval = LOOK) {
    this.#file = file;
    this.#parse = parse;
    this.#interval = interval;
  }

  /** Throws ProcessError where the file cannot be read. */
  async value(now: number): Promise<T> {
    if (this.#value !== undefined && now - this.#looked < this.#interval) return this.#value;
    try {
      const { mtimeMs } = await stat(this.#file);
      if (this.#value === undefined || mtimeMs !== this.#changed) this.#value = this.#parse(await readFile(this.#file));
      this.#changed = mtimeMs;
    } catch (cause) {
      throw new ProcessError(`The file ${this.#file} cannot be read: ${(cause as Error).message}. Check that it exists and may be read.`, { cause });
    }
    this.#looked = now;
    return this.#value!;
  }
}

/** The lines of a text that hold something. */
export const linesIn = (content: Buffer): string[] =>
  content
    .toString()
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '');
