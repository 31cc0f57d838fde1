import { pipeline, Readable, type Transform } from 'node:stream';
import type { BitReader } from 'unbzip2-stream/lib/bit_iterator.js';

type Content = AsyncIterable<Uint8Array>;

/** What comes out of a transform, which runs on threads of its own; its errors and the source's are thrown. */
export async function* through(source: Content, transform: Transform): AsyncGenerator<Buffer> {
  pipeline(source instanceof Readable ? source : Readable.from(source), transform, () => undefined);
  yield* transform as AsyncIterable<Buffer>;
}

/** In so small pieces that what a piece becomes, however much that is, fits into memory. */
async function* inPieces(content: Content, size: number): AsyncGenerator<Uint8Array> {
  for await (const piece of content) for (let from = 0; from < piece.length; from += size) yield piece.subarray(from, from + size);
}

/** A byte of xz may become 7,000. */
const XZ_PIECE = 1024;
/** A dictionary may take so much memory: what level 9 needs, bytes. */
const XZ_MEMORY = 128 * 1024 ** 2;

export async function* toXz(content: Content, level: number): AsyncGenerator<Buffer> {
  const { createStream } = await import('lzma-native');
  yield* through(content, createStream('easyEncoder', { preset: level as 1 }));
}

export async function* toLzma(content: Content): AsyncGenerator<Buffer> {
  const { createStream } = await import('lzma-native');
  yield* through(content, createStream('aloneEncoder', { preset: 6 }));
}

/** Both of xz and lzma, as they come. */
export async function* fromXz(content: Content): AsyncGenerator<Buffer> {
  const { createDecompressor } = await import('lzma-native');
  yield* through(inPieces(content, XZ_PIECE), createDecompressor({ memlimit: XZ_MEMORY }));
}

export async function* toZstd(content: Content, level: number): AsyncGenerator<Uint8Array> {
  const { Zstd } = await import('@hpcc-js/wasm-zstd');
  // The library has one compressor for all: a second FlowFile waits until the first is through.
  const release = await takeTurn();
  try {
    const zstd = await Zstd.load();
    zstd.reset();
    zstd.setCompressionLevel(level);
    for await (const piece of inPieces(content, 64 * 1024)) yield Buffer.from(zstd.compressChunk(piece));
    yield Buffer.from(zstd.compressEnd());
  } finally {
    release();
  }
}

let turn: Promise<void> = Promise.resolve();

function takeTurn(): Promise<() => void> {
  let release = (): void => undefined;
  const mine = turn;
  turn = new Promise((resolve) => {
    release = resolve;
  });
  return mine.then(() => release);
}

/** A byte of Zstandard may become 30,000. */
const ZSTD_PIECE = 512;

export async function* fromZstd(content: Content): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  const out: Uint8Array[] = [];
  const decompress = new Decompress((bytes) => out.push(bytes));
  for await (const piece of inPieces(content, ZSTD_PIECE)) {
    decompress.push(piece);
    yield* out.splice(0);
  }
  decompress.push(new Uint8Array(), true);
  yield* out.splice(0);
}

/** Block by block: memory stays small whatever a block becomes. */
export async function* fromBzip2(content: Content): AsyncGenerator<Buffer> {
  const { default: bitIterator } = await import('unbzip2-stream/lib/bit_iterator.js');
  const { default: bzip2 } = await import('unbzip2-stream/lib/bzip2.js');
  const pieces: Uint8Array[] = [];
  // It takes the first piece at once.
  let reader: BitReader | undefined;
  let [length, blockSize, checksum] = [0, 0, 0];
  const block = (): Buffer[] => {
    try {
      if (blockSize === 0) {
        blockSize = bzip2.header(reader!);
        checksum = 0;
        return [];
      }
      const bytes = new ByteCollector();
      const next = bzip2.decompress(reader!, bytes.push, new Int32Array(100_000 * blockSize), 100_000 * blockSize, checksum);
      checksum = next ?? 0;
      // Streams may follow on each other.
      if (next === null) blockSize = 0;
      return bytes.parts;
    } catch (cause) {
      throw new Error(blockSize === 0 ? 'it does not begin as bzip2 does' : 'it is broken, or ends in the middle', { cause });
    }
  };
  for await (const piece of content) {
    pieces.push(piece);
    reader ??= bitIterator(() => pieces.shift());
    length += piece.length;
    // A block is read in one go, and so must be there as a whole.
    while (length - reader.bytesRead > 25_000 + 100_000 * blockSize) yield* block();
  }
  while (reader && length > reader.bytesRead) yield* block();
  if (blockSize !== 0) throw new Error('it ends in the middle');
}

/** Bytes that come one by one: a block of bzip2 may become 46 MB. */
class ByteCollector {
  readonly #parts: Buffer[] = [];
  #part = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  readonly push = (byte: number): void => {
    if (this.#length === this.#part.length) {
      this.#parts.push(this.#part);
      this.#part = Buffer.allocUnsafe(1024 ** 2);
      this.#length = 0;
    }
    this.#part[this.#length++] = byte;
  };

  get parts(): Buffer[] {
    return [...this.#parts, this.#part.subarray(0, this.#length)];
  }
}
