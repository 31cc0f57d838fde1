import { ProcessError } from './errors.ts';

const MAGIC = 'Obj\u0001';
const SYNC = 16;
/** A header of more bytes is none. */
const MAX_HEADER = 16 * 1024 ** 2;

const cutOff = (): ProcessError => new ProcessError('The Avro data file was cut off.');
const broken = (): ProcessError => new ProcessError('The content is not an Avro data file: it has no header.');

/** Bytes of a stream, taken in pieces of known length. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#chunks = content[Symbol.asyncIterator]();
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return true;
      this.#rest = next.value;
    }
    return false;
  }

  async take(length: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for (let left = length; left > 0; ) {
      if (await this.isAtEnd()) throw cutOff();
      const piece = this.#rest.subarray(0, left);
      pieces.push(piece);
      left -= piece.length;
      this.#rest = this.#rest.subarray(piece.length);
    }
    return Buffer.concat(pieces);
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      if (await this.isAtEnd()) throw cutOff();
      const skipped = Math.min(left, this.#rest.length);
      left -= skipped;
      this.#rest = this.#rest.subarray(skipped);
    }
  }

  /** A long as Avro writes it: zigzag, seven bits a byte. */
  async long(): Promise<number> {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt((await this.take(1))[0]!);
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) break;
      if (shift > 56n) throw broken();
    }
    return Number((value >> 1n) ^ -(value & 1n));
  }

  /** Tells what gives the bytes that no more are wanted. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

async function header(source: ByteSource): Promise<Map<string, Buffer>> {
  const metadata = new Map<string, Buffer>();
  const text = async (): Promise<Buffer> => {
    const length = await source.long();
    if (length < 0 || length > MAX_HEADER) throw broken();
    return source.take(length);
  };
  for (let count = await source.long(); count !== 0; count = await source.long()) {
    // A negative count is followed by the length of the entries.
    if (count < 0) await source.long();
    for (let left = Math.abs(count); left > 0; left--) {
      const key = (await text()).toString();
      metadata.set(key, await text());
      if (metadata.size > 10_000) throw broken();
    }
  }
  return metadata;
}

export interface AvroOutline {
  readonly metadata: ReadonlyMap<string, Buffer>;
  /** How many items the file holds; undefined where they were not to be counted. */
  readonly items: number | undefined;
}

/** What an Avro data file of whatever schema tells without decoding what it holds. Throws ProcessError. */
export async function readAvroOutline(content: AsyncIterable<Uint8Array>, counts: boolean): Promise<AvroOutline> {
  const source = new ByteSource(content);
  try {
    if ((await source.isAtEnd()) || (await source.take(MAGIC.length)).toString('latin1') !== MAGIC) throw broken();
    const metadata = await header(source);
    const sync = await source.take(SYNC);
    let items = 0;
    while (counts && !(await source.isAtEnd())) {
      items += await source.long();
      const length = await source.long();
      if (length < 0) throw cutOff();
      await source.skip(length);
      if (Buffer.compare(await source.take(SYNC), sync) !== 0) throw new ProcessError('A block of the Avro data file does not end with its marker.');
    }
    return { metadata, items: counts ? items : undefined };
  } finally {
    await source.close();
  }
}
