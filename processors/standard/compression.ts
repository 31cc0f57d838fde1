import { type Readable, pipeline, type Transform } from 'node:stream';
import { createBrotliCompress, createBrotliDecompress, createDeflate, createGunzip, createGzip, createInflate, constants } from 'node:zlib';
import { growing } from '../../server/extension/growth.ts';

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

/** What comes out of a transform, which runs on threads of its own; its errors and the source's are thrown. */
export async function* through(source: Readable, transform: Transform): AsyncGenerator<Buffer> {
  pipeline(source, transform, () => undefined);
  yield* transform as AsyncIterable<Buffer>;
}

/** Content of `size` bytes, made larger again. */
export const decompressed = (source: Readable, codec: Codec, size: number): AsyncGenerator<Buffer> => growing(through(source, CODECS[codec].decompress()), size);
