import type { FlowFile } from './flowfile.ts';
import { messageOf, ProcessError, PropertyError } from './errors.ts';
import type { ComponentLog } from './component.ts';
import { property } from './property.ts';
import type { RecordBatch } from './record.ts';
import { type OpenContent, type ReadOptions, RECORD_READER, RECORD_SET_WRITER, type RecordReaderFactory, type RecordSet, type RecordSetWriterFactory } from './record-io.ts';
import type { RecordSchema } from './record-schema.ts';
import type { ProcessSession } from './session.ts';

/** Content up to this is read at once. */
const SMALL = 1024 ** 2;

/** What nearly every record processor asks first. */
export const readerAndWriter = {
  reader: property.service('Record Reader', 'Reads the records', RECORD_READER, { required: true }),
  writer: property.service('Record Writer', 'Writes the records', RECORD_SET_WRITER, { required: true }),
};

/** A FlowFile's content, to be read from its beginning as often as it is asked for. */
export function opener(session: ProcessSession, flowFile: FlowFile): OpenContent {
  if (flowFile.size > SMALL) return () => session.readStream(flowFile);
  const bytes = session.read(flowFile);
  return async function* () {
    yield bytes;
  };
}

export const readRecords = (session: ProcessSession, flowFile: FlowFile, reader: RecordReaderFactory, options?: ReadOptions): Promise<RecordSet> =>
  reader.read(opener(session, flowFile), flowFile, options);

export interface Written {
  readonly flowFile: FlowFile;
  readonly count: number;
}

/** Writes records as the content of `target`, with the attributes that tell of them; `origin` is what the writer's expressions look at. */
export async function writeRecords(session: ProcessSession, target: FlowFile, records: RecordSet, writer: RecordSetWriterFactory, origin: FlowFile = target): Promise<Written> {
  let count = 0;
  async function* counted(): AsyncGenerator<RecordBatch> {
    for await (const batch of records.batches) {
      count += batch.length;
      yield batch;
    }
  }
  const flowFile = await session.writeStream(target, writer.write({ schema: records.schema, batches: counted() }, origin));
  return { count, flowFile: session.putAttributes(flowFile, recordAttributes(count, writer, records.schema, origin)) };
}

export const recordAttributes = (count: number, writer: RecordSetWriterFactory, schema: RecordSchema, origin: FlowFile): Record<string, string> => ({
  'mime.type': writer.mimeType,
  ...writer.attributes?.(schema, origin),
  'record.count': String(count),
});

/** Whether something was thrown because of the data: it will not get better by trying again. Too deep a nesting ends as RangeError. */
export const isBadData = (thrown: unknown): boolean =>
  thrown instanceof ProcessError || thrown instanceof PropertyError || thrown instanceof SyntaxError || thrown instanceof RangeError;

interface Context {
  readonly name: string;
  readonly log: ComponentLog;
}

/**
 * Does the work on one FlowFile. Where its data is bad, what the work made is removed and the FlowFile goes to `failure` as it came,
 * with the reason in `record.error.message`.
 */
export async function orFailure<R extends string>(
  session: ProcessSession<R | 'failure'>,
  context: Context,
  work: (flowFile: FlowFile, made: FlowFile[]) => Promise<void>,
): Promise<void> {
  const flowFile = session.get();
  if (!flowFile) return;
  const made: FlowFile[] = [];
  try {
    await work(flowFile, made);
  } catch (thrown) {
    if (!isBadData(thrown)) throw thrown;
    const reason = thrown instanceof RangeError ? `The content cannot be handled: ${messageOf(thrown)}.` : messageOf(thrown);
    context.log.error(`${context.name} could not process ${flowFile.getAttribute('filename')}: ${reason} It was routed to failure.`);
    if (made.length > 0) session.remove(made);
    session.transfer(session.putAttribute(flowFile, 'record.error.message', reason), 'failure');
  }
}

/** Documentation of the attribute that `orFailure` writes. */
export const ERROR_ATTRIBUTE = { 'record.error.message': 'On failure: why' };
/** Documentation of what `writeRecords` writes. */
export const RECORD_ATTRIBUTES = { 'mime.type': 'The type of the content, as the writer says', 'record.count': 'How many records the FlowFile holds' };
/** NiFi's tags of the processors that convert whatever records there are. */
export const FORMAT_TAGS = ['record', 'generic', 'schema', 'json', 'csv', 'avro', 'log', 'logs', 'freeform', 'text'];
