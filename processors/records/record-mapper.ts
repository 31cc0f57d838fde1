import { type DataRecord, type RecordValue, stringifyExactly, suggestion } from '../../server/extension/record.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { MappedField } from './mapping.ts';

/** A record's mapped form, or why it has none. */
export type Mapped = { readonly record: DataRecord; readonly reason?: undefined } | { readonly reason: string; readonly record?: undefined };

/** The straight way to map one record: every rule, no tricks. The quick way (json-mapper) falls back to it, and tests compare both. */
export function mapRecord(fields: readonly MappedField[], source: DataRecord, keepOthers: boolean): Mapped {
  const record: DataRecord = keepOthers ? others(fields, source) : {};
  for (const field of fields) {
    const value = mapValue(field, field.source === undefined ? null : source[field.source]);
    if (value === undefined) return { reason: reasonFor(field, source) };
    record[field.destination] = value;
  }
  return { record };
}

function others(fields: readonly MappedField[], source: DataRecord): DataRecord {
  const record = { ...source };
  for (const { source: name } of fields) if (name !== undefined) delete record[name];
  return record;
}

/** One value by its rule; undefined where the rule cannot be kept. Empty text counts as missing where something must be there. */
export function mapValue(field: MappedField, given: RecordValue | undefined): RecordValue | undefined {
  let value = given ?? null;
  if (field.transform && typeof value === 'string') value = field.transform(value);
  if (value === '' && isEmptyMissing(field)) value = null;
  if (value === null) return field.fallback === null && field.required ? undefined : field.fallback;
  return field.convert ? field.convert(value) : value;
}

/** For text, '' is a value unless something must be there; for any other type it is none. */
function isEmptyMissing({ required, fallback, type }: MappedField): boolean {
  return required || fallback !== null || (type !== undefined && type !== 'text' && type !== 'json');
}

function reasonFor(field: MappedField, source: DataRecord): string {
  const value = field.source === undefined ? null : (source[field.source] ?? null);
  const shown = typeof value === 'string' ? `'${value}'` : stringifyExactly(value);
  if (value === null || (typeof value === 'string' && value.trim() === '')) return `${field.destination} is required, but ${field.source} is empty`;
  return `${field.source} is ${shown.length > 80 ? `${shown.slice(0, 80)}...` : shown}, which is no ${field.type}: ${field.destination} cannot take it`;
}

/** The mapping asks for a column that is not there. */
export class MissingColumn extends ProcessError {}

/** A column that no record of a FlowFile has is a mistake in the mapping or the query, not an empty value. Throws MissingColumn. */
export function requireColumns(fields: readonly MappedField[], records: readonly DataRecord[]): void {
  if (records.length === 0) return;
  for (const { source, destination } of fields) {
    if (source === undefined || records.some((record) => Object.hasOwn(record, source))) continue;
    throw new MissingColumn(`Column ${source} (for ${destination}) is not in the result: change the mapping. ${suggestion(source, Object.keys(records[0]!))}`);
  }
}

/** The same where there are no records: by the columns that the FlowFile declares, if it does. Throws MissingColumn. */
export function requireDeclared(fields: readonly MappedField[], declared: string | undefined): void {
  let columns: unknown;
  try {
    columns = JSON.parse(declared ?? '');
  } catch {
    return;
  }
  if (Array.isArray(columns)) requireColumns(fields, [Object.fromEntries(columns.map((column: { name?: unknown } | null) => [String(column?.name), null]))]);
}
