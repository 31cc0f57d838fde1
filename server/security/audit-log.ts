import { closeSync, fdatasync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { messageOf } from '../extension/errors.ts';
import { StorageError } from '../engine/repositories.ts';
import { auditFiles, fullName, lastLines, newlineBefore, readFiles } from './audit-files.ts';
import { GENESIS, hashOf, parsed, sealed } from './audit-line.ts';

/** A file that is larger is closed, and the next one begun. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Lines of JSON that are only ever added, each with the hash of the one before: whoever changes, takes out or puts in a line
 * breaks the chain there. A line is handed to the operating system before `append` returns, so that it outlives kill -9, and is
 * on the disk soon afterwards. A full file is put aside under the number of its last line; the chain goes on in the next one.
 */
export class AuditLog {
  readonly #file: string;
  readonly #now: () => number;
  readonly #most: number;
  #fd: number;
  #size: number;
  #number = 0;
  #head = GENESIS;
  #isSyncing = false;

  /**
   * Opens the file, or makes it, readable by its owner only. A last line that was torn is cut off, and a line says so.
   * `most`: how many bytes make a file full. Throws StorageError.
   */
  constructor(file: string, now: () => number, most = MOST_BYTES) {
    this.#file = file;
    this.#now = now;
    this.#most = most;
    this.#fd = this.#open();
    this.#size = fstatSync(this.#fd).size;
    this.#resume();
  }

  /** Adds a line and returns its number. Throws StorageError; nothing of the line is left then. */
  append(entry: object): number {
    this.#rotateIfFull();
    const text = JSON.stringify({ number: this.#number + 1, time: new Date(this.#now()).toISOString(), ...entry, previous: this.#head });
    const hash = hashOf(text);
    const line = Buffer.from(`${sealed(text, hash)}\n`);
    this.#write(line);
    this.#size += line.length;
    this.#number += 1;
    this.#head = hash;
    this.#sync();
    return this.#number;
  }

  /** The lines up to now. */
  read(): Readable {
    return readFiles(auditFiles(this.#file), this.#size);
  }

  /** The lines up to now, the last one first. */
  latest(): Iterable<string> {
    return lastLines(auditFiles(this.#file));
  }

  #open(): number {
    try {
      return openSync(this.#file, 'a+', 0o600);
    } catch (cause) {
      throw new StorageError(`The audit ${this.#file} cannot be opened (${messageOf(cause)}). Make it writable for the user that Millrace runs as.`, { cause });
    }
  }

  /** Where the file cannot be put aside it grows on: nothing is lost, and the next line tries again. */
  #rotateIfFull(): void {
    if (this.#size < this.#most) return;
    const old = this.#fd;
    try {
      fsyncSync(old);
      renameSync(this.#file, fullName(this.#file, this.#number));
      this.#fd = this.#open();
    } catch {
      return;
    }
    closeSync(old);
    this.#size = 0;
  }

  #write(line: Buffer): void {
    try {
      for (let done = 0; done < line.length; ) done += writeSync(this.#fd, line, done);
    } catch (cause) {
      ftruncateSync(this.#fd, this.#size);
      throw new StorageError(`The audit ${this.#file} cannot be written (${messageOf(cause)}). Free some space on the disk of the data directory.`, { cause });
    }
  }

  /** One sync at a time; what came meanwhile is synced by the next. */
  #sync(): void {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    const [fd, upTo] = [this.#fd, this.#size];
    fdatasync(fd, () => {
      this.#isSyncing = false;
      if (this.#fd !== fd || this.#size > upTo) this.#sync();
    });
  }

  /** Goes on where the last whole line ends. */
  #resume(): void {
    const end = newlineBefore(this.#fd, this.#size);
    const torn = this.#size - end;
    if (torn > 0) ftruncateSync(this.#fd, end);
    this.#size = end;
    for (const text of this.latest()) {
      this.#continueAfter(text);
      break;
    }
    if (torn > 0) this.append({ event: 'repair', message: `The last ${torn} bytes were no whole line, as a crash leaves them, and were cut off.` });
  }

  #continueAfter(text: string): void {
    const last = parsed(text);
    // Opening must not hide what somebody did: the chain goes on from what stands there, and verifying names the line.
    this.#head = last?.hash ?? hashOf(text);
    this.#number = last?.number ?? 0;
  }
}
