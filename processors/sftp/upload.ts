import type { FileHandle } from 'node:fs/promises';
import { FINISHED } from './user-folder.ts';
import { Refused } from './refused.ts';

/** What is written ahead of the file's end waits in memory until what is missing has come. */
const MOST_AHEAD = 16 * 1024 ** 2;

export interface UploadRules {
  /** Bytes. */
  readonly maximum: number;
  /** Ends when so many bytes may be taken. */
  slowDown(bytes: number): Promise<void>;
  /** The user's files will have so many more bytes. Throws Refused where that is too much. */
  grow(bytes: number): void;
}

interface Piece {
  readonly offset: number;
  readonly data: Buffer;
  resolve(): void;
  reject(reason: Error): void;
}

/**
 * A file that is written through one handle. Content is written in one piece from the beginning, whatever order it comes in: what an
 * upload that was cut off leaves is a beginning of the file, so that it can be resumed at its length.
 */
export class Upload {
  readonly real: string;
  /** As the user sees it. */
  readonly inside: string;
  readonly appends: boolean;
  readonly #file: FileHandle;
  readonly #rules: UploadRules;
  #size: number;
  #pieces: Piece[] = [];
  #ahead = 0;
  #failure: Error | undefined;
  #running: Promise<void> | undefined;

  constructor(opened: { real: string; file: FileHandle; size: number }, inside: string, appends: boolean, rules: UploadRules) {
    this.real = opened.real;
    this.inside = inside;
    this.appends = appends;
    this.#file = opened.file;
    this.#size = opened.size;
    this.#rules = rules;
  }

  get size(): number {
    return this.#size;
  }

  get file(): FileHandle {
    return this.#file;
  }

  /** Ends once the bytes are written. Rejects with Refused where there may be no more; the upload is unfinished from then on. */
  write(offset: number, data: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pieces.push({ offset: this.appends ? Number.NaN : offset, data, resolve, reject });
      this.#ahead += data.length;
      if (this.#ahead > MOST_AHEAD) this.#failure ??= new Refused('too much was sent ahead of its turn', 'failure', { isNoted: true });
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
      });
    });
  }

  /** Cuts the file off at a length that it has. */
  async truncate(size: number): Promise<void> {
    await this.#running;
    if (size > this.#size) throw new Refused('a file cannot be made longer than what was written', 'failure');
    await this.#file.truncate(size);
    this.#size = size;
  }

  /** The client says that this is all. Throws Refused where something was not written: it stays unfinished. */
  async finish(): Promise<void> {
    await this.#running;
    if (this.#pieces.length > 0) this.#fail(new Refused('a part of the file was never sent', 'failure', { isNoted: true }));
    try {
      if (this.#failure) throw this.#failure;
      await this.#file.datasync();
      await this.#file.chmod(FINISHED);
    } finally {
      await this.#file.close();
    }
  }

  /** The connection is gone. */
  async abort(): Promise<void> {
    this.#fail(new Refused('the connection was lost', 'failure'));
    await this.#running;
    await this.#file.close().catch(() => undefined);
  }

  async #run(): Promise<void> {
    for (let piece = this.#next(); piece; piece = this.#next()) {
      try {
        if (!this.#failure) await this.#rules.slowDown(piece.data.length);
        if (this.#failure) throw this.#failure;
        await this.#put(piece);
        piece.resolve();
      } catch (thrown) {
        this.#failure ??= thrown as Error;
        piece.reject(thrown as Error);
      }
    }
    if (this.#failure) this.#fail(this.#failure);
  }

  #next(): Piece | undefined {
    const at = this.#pieces.findIndex(({ offset }) => !(offset > this.#size) || this.#failure);
    if (at < 0) return undefined;
    const [piece] = this.#pieces.splice(at, 1);
    this.#ahead -= piece!.data.length;
    return piece;
  }

  async #put({ offset, data }: Piece): Promise<void> {
    const from = Number.isNaN(offset) ? this.#size : offset;
    const end = from + data.length;
    if (end > this.#rules.maximum) throw new Refused(`the file has more than ${this.#rules.maximum} bytes`, 'failure', { isNoted: true });
    if (end > this.#size) this.#rules.grow(end - this.#size);
    for (let done = 0; done < data.length; ) done += (await this.#file.write(data, done, data.length - done, from + done)).bytesWritten;
    this.#size = Math.max(this.#size, end);
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    for (const { reject } of this.#pieces.splice(0)) reject(reason);
    this.#ahead = 0;
  }
}
