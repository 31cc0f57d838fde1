/** Writes numbers and texts one after the other into a buffer that grows; ByteReader reads them back. */
export class ByteWriter {
  #bytes: Buffer;
  #at = 0;

  constructor(size = 64 * 1024) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  get size(): number {
    return this.#at;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  /** A whole number from 0 to 2^53 - 1 in as many bytes as it needs (LEB128). */
  number(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) throw new RangeError(`${value} cannot be stored: it is not a whole number from 0 to 2^53 - 1`);
    this.#reserve(8);
    const bytes = this.#bytes;
    let at = this.#at;
    let rest = value;
    // Shifts work on 32 bits only; what is larger is divided down first.
    for (; rest >= 0x8000_0000; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
    for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
    this.#at = at;
  }

  /** Length and UTF-8 bytes. */
  text(text: string): void {
    this.#reserve(text.length * 3 + 8);
    if (text.length < 128) {
      // The length takes one byte unless the text turns out not to be ASCII, which shows in what was written.
      const written = this.#bytes.write(text, this.#at + 1);
      if (written < 128) {
        this.#bytes[this.#at] = written;
        this.#at += written + 1;
        return;
      }
    }
    this.number(Buffer.byteLength(text));
    this.#at += this.#bytes.write(text, this.#at);
  }

  /** Bytes as they are, without their length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A copy of what was written so far; the writer starts anew. For short pieces. */
  copy(): Buffer {
    const copy = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    return copy;
  }

  /** What was written so far; the writer starts anew with another buffer. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#bytes = Buffer.allocUnsafe(Math.min(Math.max(64 * 1024, this.#at), 4 * 1024 * 1024));
    this.#at = 0;
    return taken;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}

/** Reads what ByteWriter wrote. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where it reads next. */
  get position(): number {
    return this.#at;
  }

  /** The bytes from a former position to the present one, shared with the whole. */
  since(position: number): Buffer {
    return this.#bytes.subarray(position, this.#at);
  }

  /** Passes over a text. */
  skip(): void {
    const length = this.number();
    this.#at += length;
  }

  byte(): number {
    return this.#bytes[this.#at++]!;
  }

  number(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('The stored bytes end too early: they are damaged');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }

  text(): string {
    const length = this.number();
    const text = this.#bytes.toString('utf8', this.#at, this.#at + length);
    this.#at += length;
    return text;
  }
}
