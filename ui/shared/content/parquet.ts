import { type FileMetaData, parquetMetadataAsync, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { formatBytes } from '../format.ts';
import { type FileView, MOST_ROWS, type ReadPart, schemaTable } from './record-file.ts';

/** So much of a file is fetched for its first rows. */
const MOST_FETCHED = 32 * 1024 ** 2;

function typeText({ type, logical_type, converted_type, repetition_type, num_children }: SchemaElement): string {
  const kind = num_children ? (logical_type?.type ?? converted_type ?? 'GROUP') : (logical_type?.type ?? converted_type ?? type ?? '');
  return repetition_type === 'REQUIRED' || repetition_type === undefined ? kind : `${kind}, ${repetition_type.toLowerCase()}`;
}

/** The columns with the names of what they lie in before them. */
function fieldsOf(schema: readonly SchemaElement[]): (readonly [string, string])[] {
  const fields: (readonly [string, string])[] = [];
  const open: { name: string; left: number }[] = [];
  for (const element of schema.slice(1)) {
    while (open.at(-1)?.left === 0) open.pop();
    if (open.length > 0) open.at(-1)!.left--;
    fields.push([[...open.map(({ name }) => name), element.name].join('.'), typeText(element)]);
    if (element.num_children) open.push({ name: element.name, left: element.num_children });
  }
  return fields;
}

/** Nothing is fetched that would take long only to look at it. */
function checkSize({ row_groups: [first] }: FileMetaData): void {
  const size = (first?.columns ?? []).reduce((sum, { meta_data }) => sum + Number(meta_data?.total_compressed_size ?? 0), 0);
  if (size > MOST_FETCHED) throw new Error(`Its first rows are in a row group of ${formatBytes(size)}, which is too large to look at here. Download the file to read it.`);
}

/** The schema and the first rows of a Parquet file of `size` bytes; only the parts that are needed are read. Throws where it is none. */
export async function parquetView(size: number, slice: ReadPart): Promise<FileView> {
  const file = { byteLength: size, slice: (start: number, end = size) => slice(start < 0 ? size + start : start, end) };
  const metadata = await parquetMetadataAsync(file);
  const total = Number(metadata.num_rows);
  checkSize(metadata);
  const records = total === 0 ? [] : await parquetReadObjects({ file, metadata, rowStart: 0, rowEnd: Math.min(MOST_ROWS, total), useOffsetIndex: true });
  const codecs = new Set(metadata.row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec ?? '')));
  return { format: 'Parquet', schema: schemaTable(fieldsOf(metadata.schema)), records, total, isAll: records.length === total, note: [...codecs].join(', ').toLowerCase() };
}
