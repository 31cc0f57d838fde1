/** What unbzip2-stream is made of: block by block, so that memory stays small. */
declare module 'unbzip2-stream/lib/bit_iterator.js' {
  export interface BitReader {
    readonly bytesRead: number;
  }
  /** `next` gives the following bytes, or undefined where there are none. */
  export default function bitIterator(next: () => Uint8Array | undefined): BitReader;
}

declare module 'unbzip2-stream/lib/bzip2.js' {
  import type { BitReader } from 'unbzip2-stream/lib/bit_iterator.js';
  const bzip2: {
    /** The size of blocks in units of 100,000 bytes. */
    header(reader: BitReader): number;
    /** Gives each byte of a block to `push`; null where the stream has ended. */
    decompress(reader: BitReader, push: (byte: number) => void, buffer: Int32Array, size: number, checksum: number): number | null;
  };
  export default bzip2;
}
