import { createHash } from 'node:crypto';
import { createReadStream, fdatasync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { messageOf } from '../extension/errors.ts';
import { StorageError } from '../engine/repositories.ts';

/** What stands before the first line. */
const GENESIS = '0'.repeat(64);
/** How much of the file is read at once in search of its last lines. */
const BLOCK = 64 * 1024;
const NEWLINE = 10;

interface Line {
  readonly number: number;
  /** The hash of the line before. */
  readonly previous: string;
  /** SHA-256 of this line without its hash. */
  readonly hash: string;
}

/** What `verifyAudit` found: all lines, or the first that is not as it was written (lines count from 1). */
export type Verdict = { readonly lines: number; readonly head: string; readonly hasHead: boolean } | { readonly broken: number; readonly reason: string };

/**
 * Lines of JSON that are only ever added, each with the hash of the one before: whoever changes, takes out or puts in a line
 * breaks the chain there. A line is handed to the operating system before `append` returns, so that it outlives kill -9, and is
 * on the disk soon afterwards.
 */
export class AuditLog {
  readonly #file: string;
  readonly #fd: number;
  readonly #now: () => number;
  #size: number;
  #number = 0;
  #head = GENESIS;
  #isSyncing = false;

  /** Opens the file, or makes it, readable by its owner only. A last line that was torn is cut off, and a line says so. Throws StorageError. */
  constructor(file: string, now: () => number) {
    this.#file = file;
    this.#now = now;
    try {
      this.#fd = openSync(file, 'a+', 0o600);
    } catch (cause) {
      throw new StorageError(`The audit ${file} cannot be opened (${messageOf(cause)}). Make it writable for the user that Millrace runs as.`, { cause });
    }
    this.#size = fstatSync(this.#fd).size;
    this.#resume();
  }

  /** Adds a line. Throws StorageError; nothing of the line is left then. */
  append(entry: object): void {
    const text = JSON.stringify({ number: this.#number + 1, time: new Date(this.#now()).toISOString(), ...entry, previous: this.#head });
    const hash = hashOf(text);
    const line = Buffer.from(`${sealed(text, hash)}\n`);
    this.#write(line);
    this.#size += line.length;
    this.#number += 1;
    this.#head = hash;
    this.#sync();
  }

  /** The lines up to now. */
  read(): Readable {
    return createReadStream(this.#file, { start: 0, end: Math.max(0, this.#size - 1) });
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
    const upTo = this.#size;
    fdatasync(this.#fd, () => {
      this.#isSyncing = false;
      if (this.#size > upTo) this.#sync();
    });
  }

  /** Goes on where the last whole line ends. */
  #resume(): void {
    const end = this.#newlineBefore(this.#size);
    const torn = this.#size - end;
    if (torn > 0) ftruncateSync(this.#fd, end);
    this.#size = end;
    if (end > 0) this.#continueAfter(this.#bytes(this.#newlineBefore(end - 1), end - 1).toString('utf8'));
    if (torn > 0) this.append({ event: 'repair', message: `The last ${torn} bytes were no whole line, as a crash leaves them, and were cut off.` });
  }

  #continueAfter(text: string): void {
    const last = parsed(text);
    // Opening must not hide what somebody did: the chain goes on from what stands there, and verifying names the line.
    this.#head = last?.hash ?? hashOf(text);
    this.#number = last?.number ?? 0;
  }

  /** Where the line begins that has the byte before `end` in it. */
  #newlineBefore(end: number): number {
    for (let to = end; to > 0; to -= BLOCK) {
      const from = Math.max(0, to - BLOCK);
      const at = this.#bytes(from, to).lastIndexOf(NEWLINE);
      if (at >= 0) return from + at + 1;
    }
    return 0;
  }

  #bytes(from: number, to: number): Buffer {
    const bytes = Buffer.alloc(to - from);
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, bytes.length, from));
  }
}

/**
 * Checks every line. Lines that were cut off at the end leave no trace in the file: whoever kept the head of an earlier time
 * gives it as `head`, and `hasHead` tells whether it is still there.
 */
export async function verifyAudit(file: string, head = GENESIS): Promise<Verdict> {
  let [lines, previous, hasHead] = [0, GENESIS, head === GENESIS];
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const reason = whatIsWrong(text, lines + 1, previous);
    if (reason !== undefined) return { broken: lines + 1, reason };
    previous = parsed(text)!.hash;
    hasHead ||= previous === head;
    lines += 1;
  }
  return { lines, head: previous, hasHead };
}

function whatIsWrong(text: string, number: number, previous: string): string | undefined {
  const line = parsed(text);
  if (!line) return 'it is not a line of the audit (torn, or written by somebody else)';
  if (text !== sealed(unsealed(text), hashOf(unsealed(text)))) return 'its content does not match its hash: it was changed';
  if (line.previous !== previous || line.number !== number) return 'it does not follow the line before: a line was changed, taken out or put in';
  return undefined;
}

const HASH_FIELD = /,"hash":"[0-9a-f]{64}"\}$/;
const unsealed = (text: string): string => text.replace(HASH_FIELD, '}');
const sealed = (text: string, hash: string): string => `${text.slice(0, -1)},"hash":"${hash}"}`;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function parsed(text: string): Line | undefined {
  if (!HASH_FIELD.test(text)) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
