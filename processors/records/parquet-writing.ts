import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { CompressionCodec, RowGroup } from 'hyparquet';
import type { Compressors } from 'hyparquet-writer/src/types.js';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { RecordSet } from '../../server/extension/record-io.ts';
import { parquetSchema } from './parquet-schema.ts';

/** How Parquet is written; sizes in bytes. */
export interface ParquetStyle {
  readonly codec: CompressionCodec;
  readonly rowGroupSize?: number;
  readonly pageSize?: number;
  readonly dictionarySize?: number;
}

/** A group of rows is in memory until it is written, and encoding it holds up everything else: small groups cost readers little. */
const GROUP_BYTES = 2 * 1024 ** 2;
const GROUP_ROWS = 10_000;

const COMPRESSORS: Compressors = {
  GZIP: (input) => gzipSync(input, { level: 4 }),
  BROTLI: (input) => brotliCompressSync(input, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
};

/** Roughly what a value takes in the file before it is compressed. */
function weight(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length + 4;
  if (typeof value !== 'object' || value === null) return 8;
  let sum = 8;
  for (const one of Object.values(value)) sum += weight(one);
  return sum;
}

/** A text of its own: V8 cuts texts out of others, and whoever keeps one keeps what it was cut from. */
const ownText = <T>(value: T): T | string => (typeof value === 'string' ? Buffer.from(value).toString() : value);

/** What the file keeps of a group until its end, which tells least and greatest values, shall not keep the content that was read. */
function letGo(group: RowGroup | undefined): void {
  for (const { meta_data: meta } of group?.columns ?? []) {
    const { statistics } = meta ?? {};
    if (!statistics) continue;
    statistics.min_value = ownText(statistics.min_value);
    statistics.max_value = ownText(statistics.max_value);
  }
}

/** Writes records as a Parquet file, group of rows by group of rows. Throws ProcessError where a record does not fit the schema. */
export async function* writeParquet({ schema, batches }: RecordSet, { codec, rowGroupSize = GROUP_BYTES, pageSize, dictionarySize }: ParquetStyle): AsyncGenerator<Uint8Array> {
  if (schema.fields.length === 0) throw new ProcessError('Records without any field cannot be written as Parquet: it needs a column at least.');
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const { elements, columns } = parquetSchema(schema);
  const writer = new ByteWriter();
  const file = new ParquetWriter({ writer, schema: elements, codec, compressors: COMPRESSORS, createdBy: 'Millrace' });
  let data: unknown[][] = columns.map(() => []);
  let bytes = 0;
  const taken = (): Uint8Array => {
    const written = writer.getBytes().slice();
    writer.index = 0;
    return written;
  };
  const write = (): Uint8Array => {
    const columnData = columns.map(({ name }, index) => ({ name, data: data[index]! }));
    void orProcessError(() => file.write({ columnData, rowGroupSize: data[0]!.length, ...(pageSize ? { pageSize } : {}), ...(dictionarySize ? { dictionarySize } : {}) }));
    letGo(file.row_groups.at(-1));
    data = columns.map(() => []);
    bytes = 0;
    return taken();
  };
  for await (const batch of batches) {
    for (const record of batch) {
      for (let index = 0; index < columns.length; index++) {
        const { name, encode } = columns[index]!;
        const value = encode(record[name]);
        data[index]!.push(value);
        bytes += weight(value);
      }
      if (bytes >= rowGroupSize || data[0]!.length >= GROUP_ROWS) yield write();
    }
  }
  if (data[0]!.length > 0) yield write();
  void file.finish();
  yield taken();
}

function orProcessError<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw new ProcessError(`The records cannot be written as Parquet: ${messageOf(thrown)}.`, { cause: thrown });
  }
}
