import { closeSync, openSync, writevSync } from 'node:fs';
import { StorageError } from '../engine/repositories.ts';

/** How many buffers one system call takes (Linux allows 1,024). */
const BATCH = 1000;

/**
 * Pieces that are appended to one file. Where each will stand is known when it is given; the bytes are written by `flush`,
 * which may be repeated after it failed because it writes at known places.
 */
export class AppendFile {
  readonly number: number;
  #fd: number;
  #written = 0;
  #size = 0;
  #pending: Uint8Array[] = [];

  constructor(number: number, file: string) {
    this.number = number;
    this.#fd = openSync(file, 'w');
  }

  /** Where the next piece will stand. */
  get size(): number {
    return this.#size;
  }

  /** Up to here the bytes are in the file. */
  get written(): number {
    return this.#written;
  }

  append(bytes: Uint8Array): number {
    const offset = this.#size;
    this.#pending.push(bytes);
    this.#size += bytes.length;
    return offset;
  }

  /** Throws StorageError; nothing given is lost by it. */
  flush(): void {
    while (this.#pending.length > 0) {
      const count = this.#write(this.#pending.slice(0, BATCH));
      if (count === 0) throw new StorageError('Nothing could be written: the disk is full. Free some space on the disk of the data directory; Millrace goes on by itself.');
      this.#written += count;
      this.#drop(count);
    }
  }

  close(): void {
    closeSync(this.#fd);
    // Its number will be another file's.
    this.#fd = -1;
  }

  /** Takes off what was written: whole pieces, and perhaps a part of the next. */
  #drop(count: number): void {
    let left = count;
    let whole = 0;
    while (whole < this.#pending.length && this.#pending[whole]!.length <= left) left -= this.#pending[whole++]!.length;
    this.#pending = this.#pending.slice(whole);
    if (left > 0) this.#pending[0] = this.#pending[0]!.subarray(left);
  }

  #write(batch: Uint8Array[]): number {
    try {
      return writevSync(this.#fd, batch, this.#written);
    } catch (cause) {
      throw new StorageError(
        `Content cannot be written (${(cause as Error).message}). Free some space on the disk of the data directory, or mend it; Millrace goes on by itself.`,
        { cause },
      );
    }
  }
}
