import type { FlowFile } from './flowfile.ts';
import type { RecordBatch } from './record.ts';
import type { RecordSchema } from './record-schema.ts';
import { serviceContract } from './service.ts';

/**
 * Content that a reader may look at more than once, from its beginning each time: to find out the types of fields it reads
 * everything before the first record is given out.
 */
export type OpenContent = () => AsyncIterable<Uint8Array>;

/** Records that come batch by batch; memory holds one batch, whatever the length. */
export interface RecordSet {
  readonly schema: RecordSchema;
  readonly batches: AsyncIterable<RecordBatch>;
}

export interface ReadOptions {
  /** Keep fields that the schema does not name, and values that do not fit its types, as they are (ValidateRecord). */
  readonly lenient?: boolean;
}

/** What an enabled reader service hands out. */
export interface RecordReaderFactory {
  /** Throws ProcessError where the content is not what the reader reads; so may the batches, later. */
  read(content: OpenContent, flowFile: FlowFile, options?: ReadOptions): Promise<RecordSet>;
}

/** What an enabled writer service hands out. */
export interface RecordSetWriterFactory {
  readonly mimeType: string;
  /** The content, piece by piece. Throws ProcessError where a record does not fit the schema. */
  write(records: RecordSet, flowFile: FlowFile): AsyncIterable<Uint8Array | string>;
  /** Attributes that tell of the schema, where the writer is asked for them; `mime.type` where that depends on the FlowFile. */
  attributes?(schema: RecordSchema, flowFile: FlowFile): Readonly<Record<string, string>>;
}

export const RECORD_READER = serviceContract<RecordReaderFactory>('org.apache.nifi.serialization.RecordReaderFactory');
export const RECORD_SET_WRITER = serviceContract<RecordSetWriterFactory>('org.apache.nifi.serialization.RecordSetWriterFactory');

/** What an enabled schema registry hands out. */
export interface SchemaRegistry {
  /** Throws ProcessError where there is no such schema. */
  schema(name: string, version?: string, branch?: string): Promise<RecordSchema>;
}

/** Remembers schemas by an identifier, so that a reader may find the one that a writer told. */
export interface SchemaCache {
  store(schema: RecordSchema): string;
  find(identifier: string): RecordSchema | undefined;
}

export const SCHEMA_REGISTRY = serviceContract<SchemaRegistry>('org.apache.nifi.schemaregistry.services.SchemaRegistry');
export const SCHEMA_CACHE = serviceContract<SchemaCache>('org.apache.nifi.serialization.RecordSchemaCacheService');
