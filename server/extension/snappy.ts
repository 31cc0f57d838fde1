/** Blocks of Snappy, as Avro and the stream formats hold them. */
export interface Snappy {
  compress(block: Uint8Array): Buffer;
  /** Throws an Error where the block is broken, or holds more than `longest` bytes. */
  uncompress(block: Uint8Array, longest: number): Buffer;
}

/** Loads the library. */
export async function loadSnappy(): Promise<Snappy> {
  const { snappyUncompress } = await import('hyparquet');
  const { snappyCompress } = await import('hyparquet-writer/src/snappy.js');
  return {
    compress: (block) => Buffer.from(snappyCompress(block)),
    uncompress(block, longest) {
      const output = Buffer.alloc(lengthOf(block, longest));
      snappyUncompress(block, output);
      return output;
    },
  };
}

/** The length that a block has uncompressed stands at its beginning, seven bits a byte. */
function lengthOf(block: Uint8Array, longest: number): number {
  let length = 0;
  for (let at = 0; at < 5 && block[at] !== undefined; at++) {
    length += (block[at]! & 0x7f) * 2 ** (7 * at);
    if (block[at]! >= 0x80) continue;
    if (length > longest) throw new Error(`a block of Snappy is larger than ${longest / 1024 ** 2} MB`);
    return length;
  }
  throw new Error('a block of Snappy is broken');
}
