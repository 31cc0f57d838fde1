import { type Readable, pipeline, type Transform } from 'node:stream';
import { createBrotliCompress, createBrotliDecompress, createDeflate, createGunzip, createGzip, createInflate, constants } from 'node:zlib';

export type Codec = 'gzip' | 'deflate' | 'brotli';

interface CodecTraits {
  readonly type: string;
  readonly extension: string;
  /** What others call it too. */
  readonly types: readonly string[];
  compress(level: number): Transform;
  decompress(): Transform;
}

const CODECS: Readonly<Record<Codec, CodecTraits>> = {
  gzip: { type: 'application/gzip', extension: '.gz', types: ['application/x-gzip'], compress: (level) => createGzip({ level }), decompress: () => createGunzip() },
  deflate: { type: 'application/deflate', extension: '.zlib', types: ['application/x-deflate'], compress: (level) => createDeflate({ level }), decompress: () => createInflate() },
  brotli: {
    type: 'application/x-brotli',
    extension: '.br',
    types: ['application/brotli'],
    compress: (level) => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: level } }),
    decompress: () => createBrotliDecompress(),
  },
};

export const isCodec = (format: string): format is Codec => Object.hasOwn(CODECS, format);
export const codecTraits = (codec: Codec): CodecTraits => CODECS[codec];

/** The codec that a mime type names. */
export function codecOf(type: string): Codec | undefined {
  return (Object.keys(CODECS) as Codec[]).find((codec) => CODECS[codec].type === type || CODECS[codec].types.includes(type));
}

/** What cannot be done here, a sentence; empty where all can be. */
export function unsupported(property: string, formats: readonly string[]): string[] {
  const missing = formats.filter((format) => !isCodec(format) && format !== 'no compression' && format !== 'use mime.type attribute');
  return missing.map((format) => `${property} '${format}' is not supported by this runtime: choose gzip, deflate or brotli`);
}

/** Beyond so many bytes, what grows by more than this factor is a bomb. */
const BOMB = { bytes: 1024 ** 3, factor: 200 };

/** Throws an Error where so few bytes became so many that somebody means harm. */
export function checkGrowth(from: number, to: number): void {
  if (to > BOMB.bytes && to > from * BOMB.factor) throw new Error(`its ${from} bytes become more than ${BOMB.bytes}, ${BOMB.factor} times as many: this looks like a bomb`);
}

/** What comes out of a transform, which runs on threads of its own; its errors and the source's are thrown. */
export async function* through(source: Readable, transform: Transform): AsyncGenerator<Buffer> {
  pipeline(source, transform, () => undefined);
  yield* transform as AsyncIterable<Buffer>;
}

/** Content of `size` bytes, made larger again. */
export async function* decompressed(source: Readable, codec: Codec, size: number): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const piece of through(source, CODECS[codec].decompress())) {
    length += piece.length;
    checkGrowth(size, length);
    yield piece;
  }
}
