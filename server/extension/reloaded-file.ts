import { stat } from 'node:fs/promises';
import { messageOf, ProcessError } from './errors.ts';

/** What is made of a file, and made again when the file has changed. */
export class ReloadedFile<T> {
  readonly #file: string;
  readonly #load: (file: string) => Promise<T>;
  readonly #every: number;
  #made: Promise<T> | undefined;
  #stamp = '';
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `every` is how often the file is looked at, milliseconds; `load` throws whatever is wrong with it. */
  constructor(file: string, load: (file: string) => Promise<T>, every = 30_000) {
    this.#file = file;
    this.#load = load;
    this.#every = every;
  }

  /** What the file says. Throws ProcessError where it cannot be read. */
  async get(now: number): Promise<T> {
    try {
      if (now - this.#lookedAt >= this.#every) {
        const { mtimeMs, size } = await stat(this.#file);
        const stamp = `${mtimeMs} ${size}`;
        if (stamp !== this.#stamp) this.#made = this.#load(this.#file);
        this.#stamp = stamp;
        this.#lookedAt = now;
      }
      return await this.#made!;
    } catch (thrown) {
      // It is looked at again with the next question.
      this.#lookedAt = Number.NEGATIVE_INFINITY;
      this.#stamp = '';
      throw new ProcessError(`The file ${this.#file} cannot be used: ${messageOf(thrown)}`, { cause: thrown });
    }
  }
}
