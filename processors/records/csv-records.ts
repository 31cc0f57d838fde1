import type { RecordBatch } from '../../server/extension/record.ts';
import type { DateFormats } from '../../server/extension/record-dates.ts';
import type { OpenContent, RecordSet } from '../../server/extension/record-io.ts';
import { field, type RecordSchema, type SchemaField, schemaOf, TYPES } from '../../server/extension/record-schema.ts';
import { decodePieces } from './character-sets.ts';
import { type Columns, ColumnTypes, columnNames, recordOf } from './csv-fields.ts';
import { type CsvDialect, type CsvRow, CsvScanner } from './csv-scanner.ts';

/** How one content is read. */
export interface CsvReading {
  readonly open: OpenContent;
  readonly dialect: CsvDialect;
  readonly characterSet: string;
  readonly formats: DateFormats;
  readonly allowsDuplicates: boolean;
  readonly lenient: boolean;
}

/** All rows in turn, the header first. */
export async function* csvRows({ open, dialect, characterSet }: Pick<CsvReading, 'open' | 'dialect' | 'characterSet'>): AsyncGenerator<CsvRow[]> {
  const scanner = new CsvScanner(dialect);
  for await (const piece of decodePieces(open(), characterSet)) yield scanner.take(piece);
  yield scanner.end();
}

async function* records(reading: CsvReading, columns: Columns, skips: number): AsyncGenerator<RecordBatch> {
  let number = 0;
  for await (const batch of csvRows(reading)) {
    const data = number < skips ? batch.slice(skips - number) : batch;
    number += batch.length - data.length;
    if (data.length > 0) yield data.map((row) => recordOf(row, columns, ++number));
  }
}

/** Looks at everything once where types must be inferred, at the header only otherwise. */
async function ownSchema(reading: CsvReading, infers: boolean): Promise<RecordSchema> {
  const types = new ColumnTypes(reading.formats);
  let names: string[] | undefined;
  for await (const batch of csvRows(reading)) {
    for (const row of batch) {
      if (names) types.look(row);
      else names = columnNames(row, reading.allowsDuplicates);
    }
    if (names && !infers) return schemaOf(names.map((name) => field(name, TYPES.string)));
  }
  return types.schema(names ?? []);
}

/** Records of which the header names the columns, with types that follow from the values, or text. */
export async function readWithHeader(reading: CsvReading, infers: boolean): Promise<RecordSet> {
  const schema = await ownSchema(reading, infers);
  return { schema, batches: records(reading, { fields: schema.fields, schema, formats: reading.formats, lenient: reading.lenient }, 1) };
}

async function headerOf(reading: CsvReading): Promise<readonly string[]> {
  for await (const batch of csvRows(reading)) if (batch[0]) return columnNames(batch[0], reading.allowsDuplicates);
  return [];
}

/** Records of a given schema: its fields are found by the header's names, or in the order of the columns. */
export async function readWithGivenSchema(reading: CsvReading, schema: RecordSchema, header: { hasHeader: boolean; ignoresHeader: boolean }): Promise<RecordSet> {
  const named = (name: string): SchemaField | undefined =>
    schema.fields.find((one) => one.name === name || one.aliases?.includes(name)) ?? (reading.lenient ? field(name, TYPES.string) : undefined);
  const fields = header.hasHeader && !header.ignoresHeader ? (await headerOf(reading)).map(named) : schema.fields;
  return { schema, batches: records(reading, { fields, schema, formats: reading.formats, lenient: reading.lenient }, header.hasHeader ? 1 : 0) };
}
