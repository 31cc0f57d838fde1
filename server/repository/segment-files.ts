import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

const OPEN_FILES = 64;

/** Numbered files of a folder, opened for reading as needed. */
export class NumberedFiles {
  readonly #directory: string;
  readonly #suffix: string;
  readonly #open = new Map<number, number>();

  constructor(directory: string, suffix: string) {
    this.#directory = directory;
    this.#suffix = suffix;
  }

  path(number: number): string {
    return path.join(this.#directory, `${number}${this.#suffix}`);
  }

  /** The numbers and sizes of the files that exist. */
  list(): { number: number; size: number; modified: number }[] {
    return readdirSync(this.#directory)
      .filter((name) => name.endsWith(this.#suffix))
      .map((name) => ({ number: Number.parseInt(name, 10), stat: statSync(path.join(this.#directory, name)) }))
      .map(({ number, stat }) => ({ number, size: stat.size, modified: stat.mtimeMs }));
  }

  /** Fills the buffer from the file; returns how many bytes there were. Throws where the file is not there. */
  read(number: number, target: Uint8Array, offset: number): number {
    const fd = this.#descriptor(number);
    let done = 0;
    while (done < target.length) {
      const count = readSync(fd, target, done, target.length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  remove(number: number): void {
    this.#forget(number);
    // Somebody may have removed it already.
    rmSync(this.path(number), { force: true });
  }

  close(): void {
    for (const number of [...this.#open.keys()]) this.#forget(number);
  }

  #descriptor(number: number): number {
    const known = this.#open.get(number);
    if (known !== undefined) return known;
    if (this.#open.size >= OPEN_FILES) this.#forget(this.#open.keys().next().value!);
    const fd = openSync(this.path(number), 'r');
    this.#open.set(number, fd);
    return fd;
  }

  #forget(number: number): void {
    const fd = this.#open.get(number);
    if (fd === undefined) return;
    this.#open.delete(number);
    closeSync(fd);
  }
}
