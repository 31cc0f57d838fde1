import { once } from 'node:events';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import type { Type } from 'avsc';
import { avroSchemaText, parseAvroSchema } from './avro-schema.ts';
import { AvroCodecs } from './avro-values.ts';
import { messageOf, ProcessError } from './errors.ts';
import type { DataRecord, RecordBatch } from './record.ts';
import type { RecordSet } from './record-io.ts';
import type { RecordSchema } from './record-schema.ts';
import { loadSnappy } from './snappy.ts';

export type AvroCompression = 'null' | 'deflate' | 'snappy';

type Avsc = typeof import('avsc');
type Done = (error: Error | null, result?: Uint8Array) => void;

const BATCH = 1000;
const MAX_FIELDS = 10_000;
const MAX_SCHEMA = 4 * 1024 ** 2;
const MAGIC = 'Obj\u0001';

/** 64-bit integers come as bigint: a JavaScript number rounds beyond 2^53. */
function longs({ types }: Avsc): Type {
  return types.LongType.__with({
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
    toBuffer(value: bigint) {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(value);
      return bytes;
    },
    fromJSON: BigInt,
    toJSON: Number,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
  }) as Type;
}

async function load(): Promise<{ avsc: Avsc; typeOf: (schema: unknown) => Type }> {
  const { default: avsc } = await import('avsc');
  const long = longs(avsc);
  // With a logical type, long stands inside an object, where the registry is not asked.
  const typeHook = (schema: unknown): Type | undefined => ((schema as { type?: unknown }).type === 'long' ? long : undefined);
  return { avsc, typeOf: (schema) => avsc.Type.forSchema(schema as never, { registry: { long } as never, typeHook: typeHook as never, wrapUnions: true }) };
}

/** Writers make blocks of some kilobytes; one that becomes larger than this is most likely an attack on memory. */
const MAX_BLOCK = 64 * 1024 ** 2;

/** Snappy blocks of Avro end with the checksum of what they hold. */
async function snappyCodec(): Promise<{ inflate: (data: Buffer, done: Done) => void; deflate: (data: Buffer, done: Done) => void }> {
  const snappy = await loadSnappy();
  const checksum = (data: Uint8Array): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(zlib.crc32(data));
    return bytes;
  };
  return {
    inflate: (data, done) => done(null, snappy.uncompress(data.subarray(0, -4), MAX_BLOCK)),
    deflate: (data, done) => done(null, Buffer.concat([snappy.compress(data), checksum(data)])),
  };
}

/** Deflate without zlib's header, within the limit. */
function inflateBlock(data: Buffer, done: Done): void {
  zlib.inflateRaw(data, { maxOutputLength: MAX_BLOCK }, done);
}

const broken = (thrown: unknown): ProcessError =>
  thrown instanceof ProcessError ? thrown : new ProcessError(`The content is not Avro as the reader expects it: ${messageOf(thrown)}.`);

/** An Avro data file: its schema and metadata, and the records as they come. */
export interface AvroFile {
  readonly schema: RecordSchema;
  readonly metadata: ReadonlyMap<string, Buffer>;
  readonly batches: AsyncIterable<RecordBatch>;
}

/** Groups what a stream of avsc gives into batches. */
async function* decoded(values: AsyncIterator<unknown>, decode: (value: unknown) => DataRecord, checkEnd?: () => void): AsyncGenerator<RecordBatch> {
  try {
    for (let batch: DataRecord[] = []; ; ) {
      const next = await values.next();
      if (!next.done) batch.push(decode(next.value));
      if (batch.length > 0 && (next.done || batch.length >= BATCH)) {
        yield batch;
        batch = [];
      }
      if (next.done) return checkEnd?.();
    }
  } catch (thrown) {
    throw broken(thrown);
  }
}

/** Passes content on and remembers its last bytes: a data file that does not end with its marker was cut off. */
class Ending {
  #last = Buffer.alloc(0);
  readonly #content: AsyncIterable<Uint8Array>;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#content = content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#content) {
      this.#last = Buffer.concat([this.#last, chunk.subarray(-16)]).subarray(-16);
      yield chunk;
    }
  }

  check(sync: Uint8Array): void {
    if (Buffer.compare(this.#last, sync) !== 0) throw new ProcessError('The Avro data file was cut off: it does not end with its marker.');
  }
}

/** Reads an Avro data file piece by piece. Throws ProcessError. */
export async function readAvroFile(content: AsyncIterable<Uint8Array>): Promise<AvroFile> {
  const { avsc, typeOf } = await load();
  const snappy = await snappyCodec();
  const codecs = { ...avsc.streams.BlockDecoder.defaultCodecs(), deflate: inflateBlock, snappy: snappy.inflate };
  let text = '';
  const parseHook = (schema: unknown): Type => {
    text = JSON.stringify(schema);
    if (text.length > MAX_SCHEMA) throw new ProcessError(`The Avro schema is longer than ${MAX_SCHEMA} characters.`);
    const { fields } = parseAvroSchema(text);
    // avsc makes a function with a parameter a field, which V8 refuses, or takes very long over.
    if (fields.length > MAX_FIELDS) throw new ProcessError(`The Avro schema has ${fields.length} fields; at most ${MAX_FIELDS} are read.`);
    return typeOf(schema);
  };
  const decoder = new avsc.streams.BlockDecoder({ codecs, parseHook } as never);
  const end = new Ending(content);
  const source = Readable.from(end);
  source.on('error', (error) => decoder.destroy(error));
  const header = once(decoder, 'metadata') as Promise<[Type, string, { meta: Record<string, Buffer>; sync: Buffer }]>;
  source.pipe(decoder);
  const ended = once(decoder, 'finish').then(() => Promise.reject(new ProcessError('The content is not an Avro data file: it has no header.')));
  // Whichever loses the race must not be an unhandled rejection.
  ended.catch(() => undefined);
  try {
    const [, , { meta, sync }] = await Promise.race([header, ended]);
    const values = decoder[Symbol.asyncIterator]();
    const decode = new AvroCodecs().codec(JSON.parse(text)).decode as (value: unknown) => DataRecord;
    return { schema: parseAvroSchema(text), metadata: new Map(Object.entries(meta)), batches: decoded(values, decode, () => end.check(sync)) };
  } catch (thrown) {
    source.destroy();
    throw broken(thrown);
  }
}

/** Whether content begins as an Avro data file does. */
export async function isAvroFile(content: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const chunk of content) if (chunk.length > 0) return Buffer.from(chunk.subarray(0, 4)).toString('latin1') === MAGIC;
  return false;
}

/** Reads records that follow one another without a header. Throws ProcessError. */
export async function* readAvroDatums(content: AsyncIterable<Uint8Array>, text: string): AsyncGenerator<RecordBatch> {
  const { avsc, typeOf } = await load();
  const schema = JSON.parse(text);
  const decoder = new avsc.streams.RawDecoder(typeOf(schema) as never);
  const source = Readable.from(content);
  source.on('error', (error) => decoder.destroy(error));
  source.pipe(decoder);
  yield* decoded(decoder[Symbol.asyncIterator](), new AvroCodecs().codec(schema).decode as (value: unknown) => DataRecord);
}

const HEADER = {
  type: 'record',
  name: 'Header',
  fields: [
    { name: 'magic', type: { type: 'fixed', name: 'Magic', size: 4 } },
    { name: 'meta', type: { type: 'map', values: 'bytes' } },
    { name: 'sync', type: { type: 'fixed', name: 'Sync', size: 16 } },
  ],
};

function reject(path: readonly string[], expected: Type): never {
  throw new ProcessError(`The value of field '${path.filter((part) => !part.includes('.')).join('.')}' does not fit its Avro type ${expected.typeName}.`);
}

async function* encoded(batches: AsyncIterable<RecordBatch>, encode: (value: DataRecord) => unknown, type: Type): AsyncGenerator<unknown> {
  for await (const batch of batches) {
    for (const record of batch) {
      const value = encode(record);
      type.isValid(value, { errorHook: (path: readonly string[], _: unknown, expected: Type) => reject(path, expected) } as never);
      yield value;
    }
  }
}

export interface AvroOptions {
  readonly compression?: AvroCompression;
  /** Further entries of the header. */
  readonly metadata?: ReadonlyMap<string, Uint8Array>;
  /** Leaves out the header: records follow one another. */
  readonly bare?: boolean;
}

/** Writes records as an Avro data file, piece by piece. Throws ProcessError where a record does not fit the schema. */
export async function* writeAvro({ schema, batches }: RecordSet, { compression = 'null', metadata = new Map(), bare = false }: AvroOptions = {}): AsyncGenerator<Uint8Array> {
  const { avsc, typeOf } = await load();
  const text = avroSchemaText(schema);
  const type = typeOf(JSON.parse(text));
  const { randomBytes } = await import('node:crypto');
  const sync = randomBytes(16);
  const codecs = { ...avsc.streams.BlockEncoder.defaultCodecs(), snappy: (await snappyCodec()).deflate };
  const meta = { ...Object.fromEntries(metadata), 'avro.schema': Buffer.from(text), 'avro.codec': Buffer.from(compression) };
  if (!bare) yield avsc.Type.forSchema(HEADER as never).toBuffer({ magic: Buffer.from(MAGIC, 'latin1'), meta, sync });
  const encoder = bare
    ? new avsc.streams.RawEncoder(type as never)
    : new avsc.streams.BlockEncoder(type as never, { codec: compression, codecs, syncMarker: sync, writeHeader: 'never' } as never);
  const values = Readable.from(encoded(batches, new AvroCodecs().codec(JSON.parse(text)).encode as (value: DataRecord) => unknown, type));
  values.on('error', (error) => encoder.destroy(error));
  yield* values.pipe(encoder) as AsyncIterable<Uint8Array>;
}
