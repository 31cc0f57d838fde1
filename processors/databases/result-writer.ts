import { writeAvro, type AvroCompression } from '../../server/extension/avro-content.ts';
import { avroName } from '../../server/extension/avro-schema.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property } from '../../server/extension/property.ts';
import type { DataRecord, RecordBatch, RecordValue } from '../../server/extension/record.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import type { RecordSet, RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { RecordQueue } from '../../server/extension/record-queue.ts';
import { type DataType, type SchemaField, TYPES } from '../../server/extension/record-schema.ts';
import type { ProcessSession } from '../../server/extension/session.ts';

const COMPRESSIONS: Readonly<Record<string, AvroCompression>> = { NONE: 'null', DEFLATE: 'deflate', SNAPPY: 'snappy' };

/** Avro's compressions, as NiFi offers them. */
export const compression = property.choice(
  'Compression Format',
  'How the Avro file is compressed',
  { BZIP2: 'BZIP2', DEFLATE: 'DEFLATE', NONE: 'NONE', SNAPPY: 'SNAPPY', LZO: 'LZO' },
  { default: 'NONE' },
);
export const compressionProblems = (chosen: string): string[] =>
  Object.hasOwn(COMPRESSIONS, chosen) ? [] : [`Compression Format '${chosen}' is not supported by this runtime: choose NONE, DEFLATE or SNAPPY`];

export interface ResultStyle {
  readonly normalizes: boolean;
  readonly usesLogicalTypes: boolean;
}

/** Without logical types, Avro has no dates and decimals: they become text. */
function typeWithout(type: DataType): DataType {
  return ['date', 'time', 'timestamp', 'decimal', 'bigint', 'uuid'].includes(type.kind) ? TYPES.string : type;
}

/** Text of dates as SQL writes them. */
const sqlText = (value: RecordValue, { kind }: DataType): RecordValue => (value === null ? null : kind === 'timestamp' ? textOf(value).replace('T', ' ') : textOf(value));

/** Results with the names and types that the processor is asked for. */
export function styled({ schema, batches }: RecordSet, { normalizes, usesLogicalTypes }: ResultStyle): RecordSet {
  const fields = schema.fields.map((one): { from: SchemaField; to: SchemaField } => ({
    from: one,
    to: { ...one, name: normalizes ? avroName(one.name) : one.name, type: usesLogicalTypes ? one.type : typeWithout(one.type) },
  }));
  const changed = fields.filter(({ from, to }) => from.name !== to.name || from.type !== to.type);
  const change = (record: DataRecord): DataRecord => {
    if (changed.length === 0) return record;
    return Object.fromEntries(fields.map(({ from, to }) => [to.name, from.type === to.type ? record[from.name]! : sqlText(record[from.name] ?? null, from.type)]));
  };
  return {
    schema: { name: 'NiFi_ExecuteSQL_Record', namespace: 'any.data', fields: fields.map(({ to }) => to) },
    batches: (async function* () {
      for await (const batch of batches) yield batch.map(change) satisfies RecordBatch;
    })(),
  };
}

/** Writes Avro files, as the processors do that have no Record Writer. */
export const avroWriter = (chosen: string): RecordSetWriterFactory => ({
  mimeType: 'application/avro-binary',
  write: (records) => writeAvro(records, { compression: COMPRESSIONS[chosen] }),
});

export interface Part {
  readonly flowFile: FlowFile;
  readonly count: number;
  /** How long it took to fetch and write the rows, milliseconds. */
  readonly millis: number;
}

export interface ResultOptions {
  readonly writer: RecordSetWriterFactory;
  /** 0 has no limit. */
  readonly maxRows: number;
  /** How many parts there may be; 0 has no limit. */
  readonly maxParts?: number;
  readonly parent: FlowFile | undefined;
}

/** Writes a result into FlowFiles of at most so many rows, one at least. Those made so far are in `made`, for whoever must remove them. */
export async function writeResult(
  session: ProcessSession,
  { schema, batches }: RecordSet,
  { writer, maxRows, maxParts = 0, parent }: ResultOptions,
  made: FlowFile[],
): Promise<Part[]> {
  const rows = new RecordQueue(batches);
  const parts: Part[] = [];
  try {
    do {
      const begun = performance.now();
      let count = 0;
      const flowFile = session.create(parent);
      made.push(flowFile);
      const counted = async function* (): AsyncGenerator<RecordBatch> {
        for await (const batch of rows.take(maxRows > 0 ? maxRows : Number.POSITIVE_INFINITY)) {
          count += batch.length;
          yield batch;
        }
      };
      const written = await session.writeStream(flowFile, writer.write({ schema, batches: counted() }, parent ?? flowFile));
      const attributes = { ...writer.attributes?.(schema, parent ?? flowFile), 'mime.type': writer.mimeType };
      parts.push({ count, flowFile: session.putAttributes(written, attributes), millis: Math.round(performance.now() - begun) });
    } while ((maxParts === 0 || parts.length < maxParts) && (await rows.hasMore()));
    return parts;
  } finally {
    await rows.close();
  }
}
