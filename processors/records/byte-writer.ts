/**
 * Bytes with a view for reading four of them at once: short runs are copied four times as fast as byte by byte, and the native
 * copy costs more than it saves below some hundred bytes.
 */
export class Bytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly length: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.length = bytes.length;
  }

  /** Bytes that are read over and over; the slack behind them keeps every reading within bounds. */
  static literal(text: string): Literal {
    const bytes = Buffer.from(text);
    return { source: new Bytes(Buffer.concat([bytes, Buffer.alloc(4)])), length: bytes.length };
  }
}

export interface Literal {
  readonly source: Bytes;
  /** Without the slack. */
  readonly length: number;
}

/** Whether the literal stands at `at`. */
export function standsAt(source: Bytes, at: number, { source: literal, length }: Literal): boolean {
  if (at + length + 4 > source.length) return Buffer.compare(source.bytes.subarray(at, at + length), literal.bytes.subarray(0, length)) === 0;
  let index = 0;
  for (; index + 4 <= length; index += 4) if (source.view.getUint32(at + index) !== literal.view.getUint32(index)) return false;
  for (; index < length; index++) if (source.bytes[at + index] !== literal.bytes[index]) return false;
  return true;
}

/** Beyond this the native copy is quicker. */
const LONG = 256;

/** Bytes that grow at the end. `reserve` comes first; the writing itself checks nothing. */
export class ByteWriter {
  length = 0;
  private bytes: Buffer;
  private view: DataView;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for so many more bytes, and the few that a copy may write too much. */
  reserve(more: number): void {
    if (this.length + more + 4 <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.length + more + 4, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  literal({ source, length }: Literal): void {
    const { view } = this;
    const at = this.length;
    for (let index = 0; index < length; index += 4) view.setUint32(at + index, source.view.getUint32(index));
    this.length = at + length;
  }

  copy(source: Bytes, from: number, to: number): void {
    const { view } = this;
    const at = this.length;
    this.length = at + to - from;
    if (to - from > LONG || to + 4 > source.length) {
      this.bytes.set(source.bytes.subarray(from, to), at);
      return;
    }
    // Up to three bytes too many are written; the next writing covers them.
    for (let read = from, write = at; read < to; read += 4, write += 4) view.setUint32(write, source.view.getUint32(read));
  }

  quoted(source: Bytes, from: number, to: number): void {
    this.byte(0x22);
    this.copy(source, from, to);
    this.byte(0x22);
  }

  /** Copies ASCII with each letter between `first` and `first + 25` shifted into the other case. */
  copyShifted(source: Bytes, from: number, to: number, first: number): void {
    const { bytes } = this;
    let at = this.length;
    for (let index = from; index < to; index++) {
      const byte = source.bytes[index]!;
      bytes[at++] = byte >= first && byte < first + 26 ? byte ^ 0x20 : byte;
    }
    this.length = at;
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.reserve(size);
    this.length += this.bytes.write(value, this.length);
  }

  /** What was written. The writer must not be used afterwards. */
  take(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}
