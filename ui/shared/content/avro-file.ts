import { AvroReaders, type AvroSchema, type Cursor, readBytes, readLong, readText } from './avro.ts';
import { type FileView, MOST_ROWS, schemaTable } from './record-file.ts';

/** Of a block that is compressed so much is unpacked to look at. */
const MOST_UNPACKED = 16 * 1024 ** 2;
/** Values of one record, however deep. */
const BUDGET = 100_000;
const SYNC = 16;

interface Header {
  readonly meta: ReadonlyMap<string, Uint8Array>;
}

function readHeader(from: Cursor): Header {
  from.at = 4;
  const meta = new Map<string, Uint8Array>();
  for (let count = readLong(from); count !== 0n; count = readLong(from)) {
    if (count < 0n) readLong(from);
    for (let left = count < 0n ? -count : count; left > 0n; left--) meta.set(readText(from), readBytes(from));
  }
  from.at += SYNC;
  return { meta };
}

/** Unpacks as much as there is: a block that is cut off gives its beginning. */
async function inflate(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([data as BlobPart]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done && length < MOST_UNPACKED; next = await reader.read()) {
      chunks.push(next.value);
      length += next.value.length;
    }
  } catch (failure) {
    if (length === 0) throw failure;
  }
  void reader.cancel().catch(() => undefined);
  const result = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}

async function unsnap(data: Uint8Array): Promise<Uint8Array> {
  const { snappyUncompress } = await import('hyparquet');
  let [length, shift, at] = [0, 0, 0];
  do {
    length |= (data[at]! & 0x7f) << shift;
    shift += 7;
  } while (data[at++]! >= 0x80 && shift < 35);
  if (length < 0 || length > MOST_UNPACKED) throw new Error('A block is too large to be shown.');
  const result = new Uint8Array(length);
  // Four bytes of checksum follow the data.
  snappyUncompress(data.subarray(0, -4), result);
  return result;
}

async function unpacked(codec: string, data: Uint8Array): Promise<Uint8Array> {
  if (codec === 'null') return data;
  if (codec === 'deflate') return inflate(data);
  if (codec === 'snappy') return unsnap(data);
  throw new Error(`Its blocks are packed with ${codec}, which this page cannot unpack.`);
}

function fieldsOf(schema: AvroSchema): readonly (readonly [name: string, type: string])[] {
  const { fields } = schema as { fields?: readonly { name: string; type: unknown }[] };
  const typeText = (type: unknown): string => (typeof type === 'string' ? type : JSON.stringify(type));
  return fields ? fields.map(({ name, type }) => [name, typeText(type)]) : [['value', typeText(schema)]];
}

/** The schema and the first records of an Avro data file, of which `bytes` is the beginning. Throws where it is none. */
export async function avroFileView(bytes: Uint8Array, truncated: boolean): Promise<FileView> {
  const from: Cursor = { bytes, at: 0, budget: BUDGET };
  const { meta } = readHeader(from);
  const textIn = (name: string): string | undefined => meta.get(name) && new TextDecoder().decode(meta.get(name));
  const schema = JSON.parse(textIn('avro.schema') ?? '') as AvroSchema;
  const codec = textIn('avro.codec') ?? 'null';
  const read = new AvroReaders().reader(schema);
  const records: unknown[] = [];
  while (from.at < bytes.length && records.length < MOST_ROWS) {
    const [count, size] = [Number(readLong(from)), Number(readLong(from))];
    const data = bytes.subarray(from.at, from.at + size);
    const isWhole = from.at + size <= bytes.length;
    if (!isWhole && codec === 'snappy') break;
    readBlock(await unpacked(codec, data), count, read, records);
    from.at += size + SYNC;
  }
  return { format: 'Avro', schema: schemaTable(fieldsOf(schema)), records, isAll: !truncated && from.at >= bytes.length, note: codec === 'null' ? undefined : codec };
}

function readBlock(data: Uint8Array, count: number, read: (from: Cursor) => unknown, records: unknown[]): void {
  const from: Cursor = { bytes: data, at: 0, budget: BUDGET };
  for (let left = count; left > 0 && records.length < MOST_ROWS; left--) {
    from.budget = BUDGET;
    try {
      records.push(read(from));
    } catch (failure) {
      // The rest was not fetched.
      if (failure instanceof RangeError && records.length > 0) return;
      throw failure;
    }
  }
}
