import { csvIn } from './csv-text.ts';
import { type FileFormat, fileFormatOf } from './file-format.ts';
import { imageTypeOf } from './image.ts';
import { parseJson, recordsIn } from './json-text.ts';

export interface RecordTable {
  readonly columns: readonly string[];
  /** A cell that a record has not is undefined. */
  readonly rows: readonly (readonly (Cell | undefined)[])[];
}

export interface Cell {
  readonly text: string;
  readonly kind: 'text' | 'number' | 'null' | 'other';
}

export type ContentView =
  | { readonly kind: 'empty' }
  | { readonly kind: 'records'; readonly table: RecordTable; readonly text: string; readonly formatted?: string }
  | { readonly kind: 'text'; readonly text: string; readonly formatted?: string }
  | { readonly kind: 'image'; readonly type: string }
  /** Records that must be decoded first. */
  | { readonly kind: 'file'; readonly format: FileFormat }
  | { readonly kind: 'hex' };

const dateText = (date: Date): string => (Number.isNaN(date.getTime()) ? 'no date' : date.toISOString());

/** What JSON has no word for, as text. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('') : value;
}

function cellOf(value: unknown): Cell {
  if (value === null) return { text: 'null', kind: 'null' };
  if (typeof value === 'string') return { text: value, kind: 'text' };
  if (typeof value === 'number' || typeof value === 'bigint') return { text: String(value), kind: 'number' };
  if (value instanceof Date) return { text: dateText(value), kind: 'text' };
  return { text: JSON.stringify(value, plain), kind: 'other' };
}

/** One row a record, one column for each field that any of them has, in the order in which they appear. */
export function tableOf(records: readonly Readonly<Record<string, unknown>>[]): RecordTable {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return { columns, rows: records.map((record) => columns.map((column) => (Object.hasOwn(record, column) ? cellOf(record[column]) : undefined))) };
}

/** The text in some bytes; undefined where they are none. A character cut in two at the end is left out. */
export function textOf(bytes: Uint8Array, truncated: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: truncated });
    return text.includes('\u0000') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** How a content is best looked at; `truncated`: the bytes are only its beginning. */
export function contentView(bytes: Uint8Array, truncated: boolean): ContentView {
  if (bytes.length === 0) return { kind: 'empty' };
  const type = imageTypeOf(bytes);
  if (type && !truncated) return { kind: 'image', type };
  const format = fileFormatOf(bytes);
  if (format) return { kind: 'file', format };
  const text = textOf(bytes, truncated);
  if (text === undefined) return { kind: 'hex' };
  const records = recordsIn(text, truncated);
  if (records) return { kind: 'records', table: tableOf(records), text, formatted: formatted(text) };
  const csv = csvIn(text, truncated);
  if (csv) return { kind: 'records', table: { columns: csv.columns, rows: csv.rows.map((row) => row.map(csvCell)) }, text };
  return { kind: 'text', text, formatted: formatted(text) };
}

function csvCell(text: string): Cell {
  return { text, kind: /^-?\d+(\.\d+)?$/.test(text) ? 'number' : 'text' };
}

/** JSON set out over lines; undefined for anything else. */
function formatted(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const value = parseJson(text);
  return value === undefined ? undefined : JSON.stringify(value, null, 2);
}
