/** How much of a content may wait in memory to be read, bytes. */
const HIGH_WATER_MARK = 64 * 1024;
/** What is thrown away is read to its end up to so many bytes, so that the connection can be used again. */
const DUMPED = 128 * 1024;

export interface BodyControl {
  /** Lets more come, after `push` has said to wait. */
  resume(): void;
  /** Gives the rest up. */
  abort(reason: Error): void;
}

/** Content of an answer that comes piece by piece and is read once: as a whole, or piece by piece. */
export class ResponseBody implements AsyncIterable<Uint8Array> {
  readonly #control: BodyControl;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #hasEnded = false;
  #error: Error | undefined;
  /** Whether all of it is wanted, however long. */
  #isWhole = false;
  #isDumped = false;
  #wake: (() => void) | undefined;

  constructor(control: BodyControl) {
    this.#control = control;
  }

  /** The next piece; returns whether more may come at once. */
  push(piece: Uint8Array): boolean {
    this.#size += piece.length;
    if (this.#isDumped) return this.#size <= DUMPED || this.#giveUp();
    this.#pieces.push(piece);
    this.#wake?.();
    return this.#isWhole || this.#size < HIGH_WATER_MARK;
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake?.();
  }

  fail(reason: Error): void {
    this.#error ??= reason;
    this.#hasEnded = true;
    this.#wake?.();
  }

  /** All bytes. Throws what keeps the rest from coming. */
  async bytes(): Promise<Uint8Array> {
    this.#isWhole = true;
    if (!this.#hasEnded) {
      this.#control.resume();
      while (!this.#hasEnded) await this.#more();
    }
    if (this.#error) throw this.#error;
    const pieces = this.#taken();
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  async text(): Promise<string> {
    return Buffer.from(await this.bytes()).toString();
  }

  /** Throws the rest away. */
  async dump(): Promise<void> {
    this.#isDumped = true;
    this.#taken();
    if (!this.#hasEnded) this.#control.resume();
    while (!this.#hasEnded) await this.#more();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        yield* this.#taken();
        if (this.#error) throw this.#error;
        if (this.#pieces.length > 0) continue;
        if (this.#hasEnded) return;
        this.#control.resume();
        await this.#more();
      }
    } finally {
      if (!this.#hasEnded) this.#giveUp();
    }
  }

  #taken(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#size = 0;
    return pieces;
  }

  /** Nobody wants the rest: the connection is closed, which is no failure. */
  #giveUp(): false {
    this.end();
    this.#control.abort(new Error('The rest of the answer is not wanted'));
    return false;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
