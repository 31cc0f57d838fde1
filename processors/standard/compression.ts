import { createBrotliCompress, createBrotliDecompress, createDeflate, createGunzip, createGzip, createInflate, constants } from 'node:zlib';
import { growing } from '../../server/extension/growth.ts';
import { fromBzip2, fromXz, fromZstd, through, toLzma, toXz, toZstd } from './codec-streams.ts';
import { fromSnappy, fromSnappyFramed, toSnappy, toSnappyFramed, toSnappyHadoop } from './snappy-streams.ts';

export type Codec = 'gzip' | 'deflate' | 'brotli' | 'bzip2' | 'xz-lzma2' | 'lzma' | 'zstd' | 'snappy' | 'snappy-hadoop' | 'snappy-framed';
type Content = AsyncIterable<Uint8Array>;

interface CodecTraits {
  readonly type: string;
  readonly extension: string;
  /** What others call it too. */
  readonly types?: readonly string[];
  /** Not there where no kept library of Node can do it. `level`: from 0, fast, to 9, small. */
  compress?(content: Content, level: number): Content;
  decompress?(content: Content): Content;
}

const brotli = (level: number) => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: level } });

const CODECS: Readonly<Record<Codec, CodecTraits>> = {
  gzip: {
    type: 'application/gzip',
    extension: '.gz',
    types: ['application/x-gzip'],
    compress: (content, level) => through(content, createGzip({ level })),
    decompress: (content) => through(content, createGunzip()),
  },
  deflate: {
    type: 'application/deflate',
    extension: '.zlib',
    types: ['application/x-deflate'],
    compress: (content, level) => through(content, createDeflate({ level })),
    decompress: (content) => through(content, createInflate()),
  },
  brotli: {
    type: 'application/x-brotli',
    extension: '.br',
    types: ['application/brotli'],
    compress: (content, level) => through(content, brotli(level)),
    decompress: (content) => through(content, createBrotliDecompress()),
  },
  bzip2: { type: 'application/x-bzip2', extension: '.bz2', types: ['application/bzip2'], decompress: fromBzip2 },
  'xz-lzma2': { type: 'application/x-xz', extension: '.xz', compress: toXz, decompress: fromXz },
  lzma: { type: 'application/x-lzma', extension: '.lzma', compress: toLzma, decompress: fromXz },
  // NiFi doubles the level: Zstandard has more of them.
  zstd: { type: 'application/zstd', extension: '.zst', compress: (content, level) => toZstd(content, level * 2), decompress: fromZstd },
  snappy: { type: 'application/x-snappy', extension: '.snappy', compress: toSnappy, decompress: fromSnappy },
  'snappy-hadoop': { type: 'application/x-snappy-hadoop', extension: '.snappy', compress: toSnappyHadoop },
  'snappy-framed': { type: 'application/x-snappy-framed', extension: '.sz', compress: toSnappyFramed, decompress: fromSnappyFramed },
};

/** CompressContent and ModifyCompression write one of them differently. */
const named = (format: string): string => (format === 'snappy framed' ? 'snappy-framed' : format);

/** The codec that a property names, if there is one. */
export function codecNamed(format: string): Codec | undefined {
  return Object.hasOwn(CODECS, named(format)) ? (named(format) as Codec) : undefined;
}
export const codecTraits = (codec: Codec): CodecTraits => CODECS[codec];

/** The codec that a mime type names. */
export function codecOf(type: string): Codec | undefined {
  return (Object.keys(CODECS) as Codec[]).find((codec) => CODECS[codec].type === type || CODECS[codec].types?.includes(type));
}

/** What cannot be done here, a sentence; empty where all can be. */
export function unsupported(property: string, format: string, way: 'compress' | 'decompress'): string[] {
  const codec = codecNamed(format);
  if (format === 'no compression' || format === 'use mime.type attribute' || (codec && CODECS[codec][way])) return [];
  const others = (Object.keys(CODECS) as Codec[]).filter((each) => CODECS[each][way]);
  return [`${property} '${format}' cannot be ${way}ed by this runtime: choose one of ${others.join(', ')}`];
}

/** Content in the format of a codec. Throws an Error where it cannot be written. */
export function compressed(content: Content, codec: Codec, level: number): Content {
  const { compress } = CODECS[codec];
  if (!compress) throw new Error(`${codec} cannot be written by this runtime`);
  return compress(content, level);
}

/** Content of `size` bytes, made larger again. Throws an Error where it is broken, empty or a bomb. */
export async function* decompressed(content: Content, codec: Codec, size: number): AsyncGenerator<Uint8Array> {
  const { decompress } = CODECS[codec];
  if (!decompress) throw new Error(`${codec} cannot be read by this runtime`);
  if (size === 0) throw new Error('it is empty');
  yield* growing(decompress(content), size);
}
