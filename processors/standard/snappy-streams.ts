import { loadSnappy } from '../../server/extension/snappy.ts';

/**
 * Snappy as streams, in three formats: snappy-java's own (SnappyOutputStream), Hadoop's, and the framing format of the Snappy
 * project (framing_format.txt). Blocks are small, so memory is too, whatever the length.
 */
type Content = AsyncIterable<Uint8Array>;

/** snappy-java: eight bytes of magic, its version, and the version that reads it. */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00, 0, 0, 0, 1, 0, 0, 0, 1]);
const STREAM_IDENTIFIER = Buffer.from([0xff, 0x06, 0x00, 0x00, ...Buffer.from('sNaPpY')]);
const BLOCK = { snappy: 32 * 1024, hadoop: 256 * 1024, framed: 64 * 1024 };
/** What somebody else may have put into a block, bytes. */
const MAX_BLOCK = 64 * 1024 ** 2;

async function* inBlocks(content: Content, size: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of content) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let from = 0;
    for (; bytes.length - from >= size; from += size) yield bytes.subarray(from, from + size);
    rest = Buffer.from(bytes.subarray(from));
  }
  if (rest.length > 0) yield rest;
}

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

export async function* toSnappy(content: Content): AsyncGenerator<Buffer> {
  const { compress } = await loadSnappy();
  yield MAGIC;
  for await (const block of inBlocks(content, BLOCK.snappy)) {
    const compressed = compress(block);
    yield Buffer.concat([uint32(compressed.length), compressed]);
  }
}

export async function* toSnappyHadoop(content: Content): AsyncGenerator<Buffer> {
  const { compress } = await loadSnappy();
  for await (const block of inBlocks(content, BLOCK.hadoop)) {
    const compressed = compress(block);
    yield Buffer.concat([uint32(block.length, compressed.length), compressed]);
  }
}

export async function* toSnappyFramed(content: Content): AsyncGenerator<Buffer> {
  const { compress } = await loadSnappy();
  yield STREAM_IDENTIFIER;
  for await (const block of inBlocks(content, BLOCK.framed)) {
    const compressed = compress(block);
    const isSmaller = compressed.length < block.length;
    const body = isSmaller ? compressed : block;
    const head = Buffer.alloc(8);
    head.writeUInt8(isSmaller ? 0 : 1, 0);
    head.writeUIntLE(body.length + 4, 1, 3);
    head.writeUInt32LE(maskedChecksum(block), 4);
    yield Buffer.concat([head, body]);
  }
}

export async function* fromSnappy(content: Content): AsyncGenerator<Buffer> {
  const { uncompress } = await loadSnappy();
  const source = new Bytes(content);
  const magic = await source.take(MAGIC.length);
  if (!magic?.subarray(0, 8).equals(MAGIC.subarray(0, 8))) throw new Error('it does not begin as the format snappy does: is it snappy framed?');
  for (let head = await source.take(4); head; head = await source.take(4)) {
    // Streams may follow on each other.
    if (head.equals(MAGIC.subarray(0, 4))) {
      await source.need(MAGIC.length - 4);
      continue;
    }
    yield uncompress(await source.need(head.readUInt32BE()), MAX_BLOCK);
  }
}

export async function* fromSnappyFramed(content: Content): AsyncGenerator<Buffer> {
  const { uncompress } = await loadSnappy();
  const source = new Bytes(content);
  const identifier = await source.take(STREAM_IDENTIFIER.length);
  if (!identifier?.equals(STREAM_IDENTIFIER)) throw new Error('it does not begin as the format snappy framed does');
  for (let head = await source.take(4); head; head = await source.take(4)) {
    const kind = head.readUInt8(0);
    const body = await source.need(head.readUIntLE(1, 3));
    if (kind >= 0x80) continue;
    if (kind > 1 || body.length < 4) throw new Error(`it has a chunk of the kind ${kind}, which nobody knows`);
    const block = kind === 0 ? uncompress(body.subarray(4), MAX_BLOCK) : body.subarray(4);
    if (body.readUInt32LE(0) !== maskedChecksum(block)) throw new Error('a checksum is wrong: it was changed');
    yield block;
  }
}

/** So many bytes at a time of what comes piece by piece. */
class Bytes {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(content: Content) {
    this.#iterator = content[Symbol.asyncIterator]();
  }

  /** Undefined at the end. Throws an Error where the end comes too early. */
  async take(length: number): Promise<Buffer | undefined> {
    if (length > MAX_BLOCK) throw new Error('a block is broken or longer than 64 MB');
    const parts: Uint8Array[] = [this.#rest];
    let have = this.#rest.length;
    while (have < length) {
      const { done, value } = await this.#iterator.next();
      if (done) break;
      parts.push(value);
      have += value.length;
    }
    if (have === 0 && length > 0) return undefined;
    if (have < length) throw new Error('it ends in the middle');
    const bytes = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = bytes.subarray(length);
    return bytes.subarray(0, length);
  }

  async need(length: number): Promise<Buffer> {
    const bytes = await this.take(length);
    if (!bytes) throw new Error('it ends in the middle');
    return bytes;
  }
}

/** CRC-32C (Castagnoli), the polynomial's bits turned round. */
const CRC = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function maskedChecksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC[(crc ^ byte) & 0xff]!;
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
