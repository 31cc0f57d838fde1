import type { FlowFile } from './flowfile.ts';
import type { RecordBatch, RecordField } from './record.ts';
import { serviceContract } from './service.ts';

/**
 * Content that a reader may look at more than once, from its beginning each time: to find out the types of fields it reads
 * everything before the first record is given out.
 */
export type OpenContent = () => AsyncIterable<Uint8Array>;

/** Records that come batch by batch; memory holds one batch, whatever the length. */
export interface RecordSet {
  /** Names and types in their order, of all records. */
  readonly fields: readonly RecordField[];
  readonly batches: AsyncIterable<RecordBatch>;
}

/** What an enabled reader service hands out. */
export interface RecordReaderFactory {
  /** Throws ProcessError where the content is not what the reader reads; so may the batches, later. */
  read(content: OpenContent, flowFile: FlowFile): Promise<RecordSet>;
}

/** What an enabled writer service hands out. */
export interface RecordSetWriterFactory {
  readonly mimeType: string;
  /** The content, piece by piece. */
  write(records: RecordSet, flowFile: FlowFile): AsyncIterable<Uint8Array | string>;
}

export const RECORD_READER = serviceContract<RecordReaderFactory>('org.apache.nifi.serialization.RecordReaderFactory');
export const RECORD_SET_WRITER = serviceContract<RecordSetWriterFactory>('org.apache.nifi.serialization.RecordSetWriterFactory');
