/**
 * A piece of content: `length` bytes at `offset` of a segment of the content repository. While new, it is bytes in memory
 * without a place; the repository gives it one at commit and drops the bytes once they are stored.
 */
export class ContentClaim {
  static readonly empty = new ContentClaim(0, 0, 0);

  /** 0 for empty content, -1 while it has no place. */
  segment: number;
  offset: number;
  readonly length: number;
  /** Set while the bytes are in memory. */
  held: Uint8Array | null;
  /** The claim that this one is a part of, where it was cut before that had a place. */
  readonly whole: ContentClaim | null;
  readonly #start: number;

  private constructor(segment: number, offset: number, length: number, held: Uint8Array | null = null, whole: ContentClaim | null = null, start = 0) {
    this.segment = segment;
    this.offset = offset;
    this.length = length;
    this.held = held;
    this.whole = whole;
    this.#start = start;
  }

  /** New bytes without a place. */
  static ofBytes(bytes: Uint8Array): ContentClaim {
    return bytes.length === 0 ? ContentClaim.empty : new ContentClaim(-1, 0, bytes.length, bytes);
  }

  static at(segment: number, offset: number, length: number): ContentClaim {
    return length === 0 ? ContentClaim.empty : new ContentClaim(segment, offset, length);
  }

  /** A part of this claim. Throws RangeError where it would reach beyond. */
  slice(start: number, length: number): ContentClaim {
    if (start < 0 || length < 0 || start + length > this.length) {
      throw new RangeError(`${length} bytes at offset ${start} are not within content of ${this.length} bytes`);
    }
    if (length === 0) return ContentClaim.empty;
    if (this.segment >= 0) return new ContentClaim(this.segment, this.offset + start, length, null, this.held ? this : null, start);
    const whole = this.whole ?? this;
    return new ContentClaim(-1, 0, length, null, whole, this.#start + start);
  }

  /** The bytes, if they are in memory. */
  get bytes(): Uint8Array | null {
    if (this.held) return this.held;
    const held = this.whole?.held;
    return held ? held.subarray(this.#start, this.#start + this.length) : null;
  }

  /** Takes the place of the whole, once that has one. */
  followWhole(): void {
    this.segment = this.whole!.segment;
    this.offset = this.whole!.offset + this.#start;
  }
}
