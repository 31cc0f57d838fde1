import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import type { RecordReaderFactory, RecordSet } from '../../server/extension/record-io.ts';
import { mergeSchemas, type RecordSchema } from '../../server/extension/record-schema.ts';
import type { Message } from './message-queue.ts';

export interface ReadMessages {
  /** All records, with a schema that fits each of them; undefined where there are none. */
  readonly set: RecordSet | undefined;
  readonly count: number;
  readonly failed: readonly { readonly message: Message; readonly reason: unknown }[];
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* oneBatch(records: RecordBatch): AsyncGenerator<RecordBatch> {
  yield records;
}

/** Reads each message as records of its own: one that cannot be read does not spoil the others. */
export async function readMessages(messages: readonly Message[], reader: RecordReaderFactory, flowFile: FlowFile): Promise<ReadMessages> {
  const records: DataRecord[] = [];
  const failed: { message: Message; reason: unknown }[] = [];
  let schema: RecordSchema | undefined;
  for (const message of messages) {
    try {
      const read = await reader.read(() => pieces(message.bytes), flowFile);
      const own: DataRecord[] = [];
      for await (const batch of read.batches) own.push(...batch);
      if (own.length === 0) throw new Error('it is empty');
      schema = schema ? mergeSchemas(schema, read.schema) : read.schema;
      records.push(...own);
    } catch (reason) {
      failed.push({ message, reason });
    }
  }
  return { set: schema && { schema, batches: oneBatch(records) }, count: records.length, failed };
}
