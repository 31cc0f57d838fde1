const LF = 0x0a,
  CR = 0x0d;

/** A line of some content, by its bytes. */
export interface Line {
  readonly start: number;
  /** With its line break. */
  readonly length: number;
  /** Of the line break. */
  readonly breakLength: number;
}

/** Finds lines in bytes that come piece by piece. Lines end with LF, CR LF or CR, the last one perhaps with nothing. */
export class LineScanner {
  readonly #emit: (line: Line) => void;
  #start = 0;
  #position = 0;
  #afterCR = false;

  constructor(emit: (line: Line) => void) {
    this.#emit = emit;
  }

  take(bytes: Uint8Array): void {
    for (const byte of bytes) this.#byte(byte);
  }

  end(): void {
    if (this.#afterCR) this.#cut(1);
    else if (this.#position > this.#start) this.#cut(0);
  }

  #byte(byte: number): void {
    if (this.#afterCR) {
      this.#afterCR = false;
      if (byte === LF) {
        this.#position++;
        return this.#cut(2);
      }
      this.#cut(1);
    }
    this.#position++;
    if (byte === LF) this.#cut(1);
    else if (byte === CR) this.#afterCR = true;
  }

  #cut(breakLength: number): void {
    this.#emit({ start: this.#start, length: this.#position - this.#start, breakLength });
    this.#start = this.#position;
  }
}
