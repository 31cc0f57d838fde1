import type { FlowFile } from './flowfile.ts';
import type { DataRecord } from './record.ts';
import { isoOfMillis } from './record-dates.ts';
import type { RecordSetWriterFactory } from './record-io.ts';
import { field, type RecordSchema, TYPES } from './record-schema.ts';
import type { ProcessSession } from './session.ts';

/** What a listing tells of a file. `path` is its directory, `size` in bytes, `modified` in milliseconds since 1970. */
export interface ListedFileRecord {
  readonly filename: string;
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly permissions: string | undefined;
  readonly owner: string | undefined;
  readonly group: string | undefined;
}

/** NiFi's schema of listings. */
const SCHEMA: RecordSchema = {
  name: 'ListedFile',
  fields: [
    field('filename', TYPES.string),
    field('path', TYPES.string),
    field('directory', TYPES.boolean),
    field('size', TYPES.long),
    field('lastModified', TYPES.timestamp),
    ...['permissions', 'owner', 'group'].map((name) => field(name, TYPES.string)),
  ],
};

const recordOf = ({ filename, path, size, modified, permissions, owner, group }: ListedFileRecord): DataRecord => ({
  filename,
  path,
  directory: false,
  size,
  lastModified: isoOfMillis(modified, 'timestamp'),
  permissions: permissions ?? null,
  owner: owner ?? null,
  group: group ?? null,
});

/** All files of a listing as the records of one FlowFile. Throws ProcessError where the writer cannot write them. */
export async function writeFileRecords(session: ProcessSession, writer: RecordSetWriterFactory, files: readonly ListedFileRecord[]): Promise<FlowFile> {
  const flowFile = session.create();
  const batches = (async function* () {
    yield files.map(recordOf);
  })();
  const written = await session.writeStream(flowFile, writer.write({ schema: SCHEMA, batches }, flowFile));
  return session.putAttributes(written, { 'record.count': String(files.length), 'mime.type': writer.mimeType });
}
