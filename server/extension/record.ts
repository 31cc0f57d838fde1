import { isUtf8 } from 'node:buffer';
import { parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';
import { messageOf, ProcessError } from './errors.ts';

/**
 * A record is a plain object. Its numbers are exact: a JavaScript number where that holds the value, a bigint for longer
 * integers, an ExactNumber for longer decimals. Dates and times are ISO 8601 text (`2026-11-23`, `2026-11-23T14:36:00.5`).
 */
export type RecordValue = null | boolean | number | string | bigint | ExactNumber | RecordValue[] | { [field: string]: RecordValue };
export type DataRecord = { [field: string]: RecordValue };
export type RecordBatch = readonly DataRecord[];

/** What a field may hold, the same words for mappings, warehouses and schemas. */
export type FieldType = 'text' | 'integer' | 'decimal' | 'double' | 'boolean' | 'date' | 'time' | 'timestamp' | 'timestamp_tz' | 'binary' | 'json';

/** A field's name and type, where they are known before the records are looked at. */
export interface RecordField {
  readonly name: string;
  readonly type: FieldType;
}

/** FlowFile attribute that carries the fields of the records as JSON text, so that a writer need not guess types from values. */
export const FIELDS_ATTRIBUTE = 'record.fields';

const INEXACT = new TypeError('an exact number needs the lossless writer');

/** A number that no JavaScript number can hold, kept as its digits. */
export class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
  /** Stops JSON.stringify, which would round; `writeRecords` then takes the lossless way. */
  toJSON(): never {
    throw INEXACT;
  }
}

/** Zeros at the end of a fraction say nothing: 1.50 is 1.5. */
const shortest = (text: string): string => (/\.\d*0$/.test(text) ? text.replace(/\.?0+$/, '') : text);

/** A number's text to its exact value. */
export function exactNumber(given: string): number | bigint | ExactNumber {
  const text = shortest(given);
  const value = Number(text);
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '').length;
  // A double holds any 15 digits; beyond that, and beyond its range, it rounds without a word.
  if (digits <= 15 && Number.isFinite(value) && (value !== 0 || digits === 0)) return value;
  if (!/^-?\d+$/.test(text)) return String(value) === text ? value : new ExactNumber(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Numbers as JSON places them, long ones or with a long exponent. */
const LONG_NUMBER = /(?<=[:,[\s]|^)-?\d(?:[\d.]{15,}(?:[eE][+-]?\d+)?|[\d.]*[eE][+-]?\d{3,})/g;

const isDigit = (code: number): boolean => (code >= 0x30 && code <= 0x39) || code === 0x2e;

/** Whether 16 digits (or dots) stand in a row. Such a row covers every 16th place at least once: only those are looked at. */
function hasLongRun(text: string): boolean {
  for (let at = 15; at < text.length; at += 16) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let from = at;
    let to = at;
    while (isDigit(text.charCodeAt(from - 1))) from--;
    while (isDigit(text.charCodeAt(to + 1))) to++;
    if (to - from >= 15) return true;
  }
  return false;
}

/**
 * Whether JSON.parse would round a number of this text. Most texts hold no long number and a quick look decides; doubles
 * written by a computer (0.30000000000000004) are long but read back as they were. A false alarm costs time only.
 */
export function wouldRound(text: string): boolean {
  if (!hasLongRun(text) && !/\d[eE][+-]?\d{3}/.test(text)) return false;
  for (const [token] of text.matchAll(LONG_NUMBER)) if (String(Number(token)) !== shortest(token)) return true;
  return false;
}

/** JSON text to a value, with exact numbers. Throws SyntaxError. */
export function parseExactly(text: string): RecordValue {
  if (!wouldRound(text)) return JSON.parse(text) as RecordValue;
  return parseLossless(text, undefined, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue }) as RecordValue;
}

const isExact = (value: unknown): boolean => value instanceof ExactNumber;

/** A value to JSON text, with exact numbers. */
export function stringifyExactly(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (thrown) {
    // Only bigint and ExactNumber make JSON.stringify throw a TypeError; a circular value fails below again.
    if (!(thrown instanceof TypeError)) throw thrown;
    return stringifyLossless(value, undefined, undefined, [{ test: isExact, stringify: String }])!;
  }
}

function isRecord(value: RecordValue): value is DataRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

function notRecords(reason: string): ProcessError {
  return new ProcessError(`The content is not JSON records (${reason}). It must be an array of objects, one object, or one object per line.`);
}

/** JSON records of a FlowFile's content: an array of objects, one object, or one object per line. Throws ProcessError. */
export function parseRecords(text: string): DataRecord[] {
  let value: RecordValue;
  try {
    value = parseExactly(text);
  } catch (cause) {
    return parseLines(text, cause);
  }
  const records = Array.isArray(value) ? value : [value];
  const wrong = records.findIndex((record) => !isRecord(record));
  if (wrong >= 0) throw notRecords(`element ${wrong + 1} is not an object`);
  return records as DataRecord[];
}

function parseLines(text: string, cause: unknown): DataRecord[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return [];
  if (lines.length === 1 || !/^\s*\{.*\}\s*$/.test(lines[0]!)) throw notRecords(messageOf(cause));
  return lines.flatMap((line, index) => {
    try {
      return parseRecords(line);
    } catch (thrown) {
      throw notRecords(`line ${index + 1}: ${messageOf(thrown)}`);
    }
  });
}

/** Records as the JSON array that FlowFiles carry. */
export function writeRecords(records: RecordBatch): string {
  return stringifyExactly(records);
}

function typeOf(value: RecordValue): FieldType | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'double';
  if (value instanceof ExactNumber) return 'decimal';
  return typeof value === 'object' ? 'json' : 'text';
}

const NUMBERS: readonly FieldType[] = ['integer', 'double', 'decimal'];

/** The type that holds both; text holds everything. */
function common(a: FieldType | undefined, b: FieldType | undefined): FieldType | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  return NUMBERS.includes(a) && NUMBERS.includes(b) ? NUMBERS[Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b))] : 'text';
}

/** Fields by looking at values. Text stays text even where it looks like a date: the next row may not. */
export function inferFields(records: RecordBatch): RecordField[] {
  const types = new Map<string, FieldType | undefined>();
  for (const record of records) for (const name in record) types.set(name, common(types.get(name), typeOf(record[name]!)));
  return [...types].map(([name, type]) => ({ name, type: type ?? 'text' }));
}

/** Content nested deeper than this is most likely an attack on memory. */
export const MAX_DEPTH = 1000;

const QUOTE = 0x22,
  BACKSLASH = 0x5c,
  COMMA = 0x2c,
  OPEN_BRACE = 0x7b,
  CLOSE_BRACE = 0x7d,
  OPEN_BRACKET = 0x5b,
  CLOSE_BRACKET = 0x5d;

/**
 * Cuts a stream of JSON records at the borders of records. `depth` counts brackets and braces; `base` is the depth between
 * records: 1 inside an array, 0 when objects follow one another.
 */
class RecordCutter {
  private pending: Buffer[] = [];
  private depth = 0;
  private base = -1;
  private inText = false;
  private escaped = false;
  private records = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Takes the next bytes; returns the text of each batch that is complete. */
  take(chunk: Buffer): string[] {
    const texts: string[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (!this.endsRecord(chunk[at]!) || ++this.records < this.limit) continue;
      texts.push(this.cut(chunk.subarray(start, at + 1)));
      start = at + 1;
    }
    this.pending.push(Buffer.from(chunk.subarray(start)));
    return texts;
  }

  /** What is left when the stream ends, array brackets included. */
  rest(): string {
    if (this.inText || this.depth > 0) throw notRecords('it ends in the middle of a record');
    return this.cut(Buffer.alloc(0));
  }

  private cut(last: Uint8Array): string {
    const bytes = Buffer.concat([...this.pending, last]);
    // Wrong bytes would become U+FFFD without a word.
    if (!isUtf8(bytes)) throw notRecords('it is not UTF-8: convert it with ConvertCharacterSet first');
    const text = bytes.toString('utf8');
    this.pending = [];
    this.records = 0;
    if (this.base < 1) return text;
    const inner = text.replace(/^[\s,[]+/, '').replace(this.depth === 0 ? /[\s\]]+$/ : /$^/, '');
    return `[${inner}]`;
  }

  private endsRecord(byte: number): boolean {
    if (this.inText) {
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) this.inText = false;
      return false;
    }
    if (byte === QUOTE) this.inText = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (this.base < 0) this.base = byte === OPEN_BRACKET ? 1 : 0;
      if (++this.depth > MAX_DEPTH) throw notRecords(`it is nested more than ${MAX_DEPTH} deep`);
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return --this.depth === this.base && byte === CLOSE_BRACE;
    else if (byte === COMMA && this.depth === 0) throw notRecords('a comma stands outside the array');
    return false;
  }
}

/** Cuts a stream of JSON records into texts of up to `size` records each, themselves JSON records. Throws ProcessError. */
export async function* recordTexts(source: AsyncIterable<Uint8Array>, size = 1000): AsyncGenerator<string> {
  const cutter = new RecordCutter(size);
  for await (const chunk of source) yield* cutter.take(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
  const rest = cutter.rest();
  if (!/^\s*(\[\s*)?\]?\s*$/.test(rest)) yield rest;
}

/** Reads records from a stream in batches of `size`; memory holds one batch, whatever the length. Throws ProcessError. */
export async function* readRecordBatches(source: AsyncIterable<Uint8Array>, size = 1000): AsyncGenerator<DataRecord[]> {
  for await (const text of recordTexts(source, size)) yield parseRecords(text);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The names most like `name`, nearest first: for "did you mean". Case and punctuation do not count. */
export function nearest(name: string, candidates: Iterable<string>, max = 3): string[] {
  const wanted = plain(name);
  const scored = [...candidates].map((candidate) => {
    const other = plain(candidate);
    const contains = Math.min(other.length, wanted.length) > 2 && (other.includes(wanted) || wanted.includes(other));
    return { candidate, score: Math.min(distance(wanted, other), contains ? 2 : Infinity) };
  });
  const limit = wanted.length <= 3 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  return scored
    .filter(({ score }) => score <= limit)
    .sort((a, b) => a.score - b.score)
    .slice(0, max)
    .map(({ candidate }) => candidate);
}

/** "Did you mean ...?", or what there is. */
export function suggestion(name: string, candidates: Iterable<string>): string {
  const all = [...candidates];
  const near = nearest(name, all);
  if (near.length > 0) return `Did you mean ${near.join(', ')}?`;
  return all.length === 0 ? 'There are no columns.' : `There are: ${all.slice(0, 20).join(', ')}${all.length > 20 ? ' ...' : ''}.`;
}

/** A value that shares nothing with the one given. structuredClone would make plain objects of exact numbers. */
export function copyOf<V extends RecordValue>(value: V): V {
  const copy = (given: RecordValue): RecordValue => {
    if (Array.isArray(given)) return given.map(copy);
    if (typeof given !== 'object' || given === null || given instanceof ExactNumber) return given;
    return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, copy(one)]));
  };
  return copy(value) as V;
}
