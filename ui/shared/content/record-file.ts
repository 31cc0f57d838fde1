import { type RecordTable, tableOf } from './content.ts';

/** So many records of a file are shown. */
export const MOST_ROWS = 200;

/** What is shown of a file of records that is no text. */
export interface FileView {
  readonly format: 'Avro' | 'Parquet';
  /** Its fields and their types. */
  readonly schema: RecordTable;
  readonly records: readonly unknown[];
  /** In the whole file, where it says so. */
  readonly total?: number;
  /** Whether these are all records. */
  readonly isAll: boolean;
  /** How it is packed. */
  readonly note?: string;
}

/** Reads some bytes of the whole content, `end` not included. */
export type ReadPart = (start: number, end: number) => Promise<ArrayBuffer>;

export const schemaTable = (fields: readonly (readonly [name: string, type: string])[]): RecordTable => tableOf(fields.map(([field, type]) => ({ Field: field, Type: type })));

/** Records as a table; a value that is no record is one column. */
export function fileTable({ records }: FileView): RecordTable {
  const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
  return tableOf(records.map((record) => (isRecord(record) ? record : { value: record })));
}
