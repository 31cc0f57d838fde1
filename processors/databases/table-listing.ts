import type { DatabaseConnection, TableInfo } from '../../server/extension/database.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import type { RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { field, type RecordSchema, TYPES } from '../../server/extension/record-schema.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { tableText } from './record-statements.ts';

/** Patterns of JDBC: % is any text, _ any character. */
export function likes(pattern: string | undefined, text: string | undefined): boolean {
  if (!pattern) return true;
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 'i').test(text ?? '');
}

const SCHEMA: RecordSchema = {
  name: 'DatabaseTable',
  fields: [
    ...['table_name', 'table_catalog', 'table_schema_name', 'table_full_name', 'table_type', 'table_remarks'].map((name) => field(name, TYPES.string)),
    field('table_count', TYPES.long),
  ],
};

export interface Listed extends TableInfo {
  readonly fullName: string;
  readonly count: number | undefined;
}

export const attributesOf = ({ table, catalog, schema, fullName, type, remarks, count }: Listed): Record<string, string> => ({
  ...(catalog ? { 'db.table.catalog': catalog } : {}),
  ...(schema ? { 'db.table.schema': schema } : {}),
  'db.table.name': table,
  'db.table.fullname': fullName,
  'db.table.type': type,
  ...(remarks ? { 'db.table.remarks': remarks } : {}),
  ...(count === undefined ? {} : { 'db.table.count': String(count) }),
});

const recordOf = ({ table, catalog, schema, fullName, type, remarks, count }: Listed): DataRecord => ({
  table_name: table,
  table_catalog: catalog ?? null,
  table_schema_name: schema ?? null,
  table_full_name: fullName,
  table_type: type,
  table_remarks: remarks,
  table_count: count ?? null,
});

export async function countRows(connection: DatabaseConnection, table: TableInfo): Promise<number> {
  let count = 0;
  for await (const [row] of (await connection.run(`SELECT count(*) AS n FROM ${tableText({ schema: table.schema, table: table.table }, true)}`)).batches)
    count = Number(row?.n ?? 0);
  return count;
}

/** All tables as the records of one FlowFile. */
export async function writeAll(session: ProcessSession, writer: RecordSetWriterFactory, found: readonly Listed[]): Promise<FlowFile> {
  const flowFile = session.create();
  const batches = (async function* () {
    yield found.map(recordOf);
  })();
  const written = await session.writeStream(flowFile, writer.write({ schema: SCHEMA, batches }, flowFile));
  return session.putAttributes(written, { 'record.count': String(found.length), 'mime.type': writer.mimeType });
}
