/** NiFi's FlowFile Stream, version 3: a mark, the attributes, the length of the content, the content; again for each FlowFile. */
const MARK = Buffer.from('NiFiFF3');
const MAX_TWO_BYTES = 0xffff;
const MAX_TEXT = 64 * 1024 * 1024;
const MAX_ATTRIBUTES = 100_000;

function count(value: number): Buffer {
  const bytes = Buffer.alloc(value < MAX_TWO_BYTES ? 2 : 6, 0xff);
  if (value < MAX_TWO_BYTES) bytes.writeUInt16BE(value);
  else bytes.writeUInt32BE(value, 2);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([count(bytes.length), bytes]);
}

/** What stands before a content of `size` bytes. */
export function flowFileHeader(attributes: ReadonlyMap<string, string>, size: number): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(size));
  return Buffer.concat([MARK, count(attributes.size), ...[...attributes].flatMap(([name, value]) => [text(name), text(value)]), length]);
}

export interface PackedFlowFile {
  readonly attributes: ReadonlyMap<string, string>;
  /** Must be read to its end before the next one. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** The FlowFiles in a stream, one after the other. Throws an Error where it is not such a stream. */
export async function* readFlowFiles(stream: AsyncIterable<Uint8Array>): AsyncGenerator<PackedFlowFile> {
  const reader = new ByteReader(stream);
  while (!(await reader.isAtEnd())) {
    if (!(await reader.take(MARK.length)).equals(MARK)) throw new Error('it is not a FlowFile stream of version 3');
    const attributes = new Map<string, string>();
    const attributeCount = await readCount(reader);
    if (attributeCount > MAX_ATTRIBUTES) throw new Error(`it says that a FlowFile has ${attributeCount} attributes`);
    for (let index = 0; index < attributeCount; index++) attributes.set(await readText(reader), await readText(reader));
    const size = Number((await reader.take(8)).readBigUInt64BE());
    const content = reader.pieces(size);
    yield { attributes, content };
    // Whatever was not read is passed over.
    for await (const _ of content);
  }
}

async function readCount(reader: ByteReader): Promise<number> {
  const value = (await reader.take(2)).readUInt16BE();
  return value < MAX_TWO_BYTES ? value : (await reader.take(4)).readUInt32BE();
}

async function readText(reader: ByteReader): Promise<string> {
  const length = await readCount(reader);
  if (length > MAX_TEXT) throw new Error(`it says that an attribute has ${length} bytes`);
  return (await reader.take(length)).toString();
}

/** Bytes that come piece by piece, so many at a time. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) if (!(await this.#more())) return true;
    return false;
  }

  async take(length: number): Promise<Buffer> {
    while (this.#rest.length < length) if (!(await this.#more())) throw new Error('it ends too early');
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return bytes;
  }

  async *pieces(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (await this.isAtEnd()) throw new Error('it ends too early');
      const piece = await this.take(Math.min(left, this.#rest.length));
      left -= piece.length;
      yield piece;
    }
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, value]) : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return true;
  }
}
