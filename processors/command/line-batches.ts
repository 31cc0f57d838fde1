import type { Readable } from 'node:stream';

/** A line that is longer than this is cut. */
const LONGEST_LINE = 8 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** The output of a command that runs for long, as batches of whole lines. Between batches nothing is read, so that the command waits. */
export class LineBatches {
  readonly #output: Readable;
  #pending: Buffer = Buffer.alloc(0);
  #hasEnded = false;

  constructor(output: Readable) {
    this.#output = output;
    output.once('end', () => {
      this.#hasEnded = true;
    });
  }

  /** Whether there is nothing more. */
  get isDone(): boolean {
    return this.#hasEnded && this.#pending.length === 0;
  }

  /** What comes within so many milliseconds, or until the signal fires, or the command ends. */
  async *next(millis: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const deadline = performance.now() + millis;
    while (!this.isDone) {
      const lines = this.#lines();
      if (lines) yield lines;
      const left = deadline - performance.now();
      if (left <= 0 || signal.aborted) return;
      if (!lines) await this.#more(left, signal);
    }
  }

  #lines(): Uint8Array | undefined {
    const piece = this.#output.read() as Buffer | null;
    if (piece) this.#pending = this.#pending.length === 0 ? piece : Buffer.concat([this.#pending, piece]);
    const end = this.#pending.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) return this.#take(end);
    if (this.#pending.length > LONGEST_LINE) return this.#take(this.#pending.length);
    // The last line may have no end.
    return this.#hasEnded && this.#pending.length > 0 ? Buffer.concat([this.#take(this.#pending.length), Buffer.from('\n')]) : undefined;
  }

  #take(length: number): Uint8Array {
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }

  #more(millis: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#output.off('readable', done).off('end', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, millis);
      this.#output.on('readable', done).on('end', done);
      signal.addEventListener('abort', done);
    });
  }
}
