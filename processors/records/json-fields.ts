import type { FieldType } from '../../server/extension/record.ts';
import { stringifyExactly } from '../../server/extension/record.ts';
import { Bytes, type ByteWriter, type Literal } from './byte-writer.ts';
import { type JsonScanner, Kind, type Shape } from './json-scanner.ts';
import type { MappedField } from './mapping.ts';

/** Whether a value may be copied as it stands. */
type Check = (bytes: Uint8Array, from: number, to: number) => boolean;

/** One field of the outcome: the bytes before its value, where its value comes from, and how it is written. */
export interface JsonField {
  readonly before: Literal;
  /** -1 where there is no source. */
  readonly slot: number;
  /** Stands in for null; undefined where null is refused. */
  readonly fallback: Literal | undefined;
  readonly emptyIsNull: boolean;
  /** The kinds of values that are copied as they stand, a bit each. */
  readonly copied: number;
  /** Those that are put into quotes. */
  readonly quoted: number;
  readonly check: Check | undefined;
  /** The first letter of the case to be shifted; 0 leaves letters alone. */
  readonly shift: number;
}

const bits = (...kinds: readonly number[]): number => kinds.reduce((sum, kind) => sum | (1 << kind), 0);
const TEXTS = bits(Kind.ascii, Kind.text);
const NUMBERS = bits(Kind.integer, Kind.number);
const ANY = bits(Kind.word) | TEXTS | NUMBERS;

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

const isInk = (byte: number): boolean => byte > 0x20 && byte < 0x7f;

/** ASCII text in quotes that needs no trimming. */
const isTrimmed: Check = (bytes, from, to) => to - from === 2 || (isInk(bytes[from + 1]!) && isInk(bytes[to - 2]!));

const twoDigits = (bytes: Uint8Array, at: number): number => (isDigit(bytes[at]!) && isDigit(bytes[at + 1]!) ? (bytes[at]! - 0x30) * 10 + bytes[at + 1]! - 0x30 : 99);

/** `2026-11-23`, of a day that every month has. */
function isPlainDay(bytes: Uint8Array, at: number): boolean {
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  return (
    twoDigits(bytes, at) < 99 &&
    twoDigits(bytes, at + 2) <= 99 &&
    isDigit(bytes[at + 2]!) &&
    isDigit(bytes[at + 3]!) &&
    bytes[at + 4] === 0x2d &&
    bytes[at + 7] === 0x2d &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28
  );
}

const isDate: Check = (bytes, from, to) => to - from === 12 && isPlainDay(bytes, from + 1);

const isTimestamp: Check = (bytes, from, to) =>
  to - from === 21 &&
  bytes[from + 11] === 0x54 &&
  isPlainDay(bytes, from + 1) &&
  twoDigits(bytes, from + 12) < 24 &&
  bytes[from + 14] === 0x3a &&
  twoDigits(bytes, from + 15) < 60 &&
  bytes[from + 17] === 0x3a &&
  twoDigits(bytes, from + 18) < 60;

/** A double of few digits is shown as it is; more might have to be rounded. */
const isShort: Check = (_, from, to) => to - from <= 15;

type Writing = Pick<JsonField, 'copied' | 'quoted' | 'check' | 'shift'>;

const writing = (copied: number, check?: Check): Writing => ({ copied, quoted: 0, check, shift: 0 });

const BY_TYPE: Readonly<Record<FieldType, Writing>> = {
  text: { copied: TEXTS, quoted: bits(Kind.integer, Kind.word), check: undefined, shift: 0 },
  date: writing(bits(Kind.ascii), isDate),
  timestamp: writing(bits(Kind.ascii), isTimestamp),
  timestamp_tz: writing(bits(Kind.ascii), isTimestamp),
  double: writing(NUMBERS, isShort),
  integer: writing(bits(Kind.integer)),
  decimal: writing(NUMBERS),
  boolean: writing(bits(Kind.word)),
  json: writing(ANY),
  time: writing(0),
  binary: writing(0),
};

function writingOf({ type, transforms }: MappedField): Writing {
  if (transforms.length === 0) return type ? BY_TYPE[type] : writing(ANY);
  const cases = transforms.filter((name) => name !== 'trim');
  const isKnown = cases.length <= 1 && cases.every((name) => name === 'lower' || name === 'upper');
  if (!isKnown || (type !== undefined && type !== 'text')) return writing(0);
  const shift = cases[0] === 'lower' ? 0x41 : cases[0] === 'upper' ? 0x61 : 0;
  return { ...writing(bits(Kind.ascii), transforms.includes('trim') ? isTrimmed : undefined), shift };
}

/** Writes a field of the scanned record; false where only the usual way can tell its value. */
export function writeField(field: JsonField, source: Bytes, { starts, ends, kinds }: JsonScanner, writer: ByteWriter): boolean {
  const { slot, fallback, check } = field;
  const kind = slot < 0 ? Kind.null : kinds[slot]!;
  const from = slot < 0 ? 0 : starts[slot]!;
  const to = slot < 0 ? 0 : ends[slot]!;
  if (kind === Kind.null || (field.emptyIsNull && kind === Kind.ascii && to - from === 2)) {
    if (fallback) writer.literal(fallback);
    return fallback !== undefined;
  }
  if (check && !check(source.bytes, from, to)) return false;
  const isCopied = (field.copied & (1 << kind)) !== 0;
  if (isCopied && field.shift > 0) writer.copyShifted(source, from, to, field.shift);
  else if (isCopied) writer.copy(source, from, to);
  else if (field.quoted & (1 << kind)) writer.quoted(source, from, to);
  else return false;
  return true;
}

const NULL = 'null';

function jsonField(field: MappedField, { names }: Shape, isFirst: boolean): JsonField {
  const { source, destination, type, required, fallback } = field;
  const instead = fallback === null ? NULL : stringifyExactly(fallback);
  return {
    before: Bytes.literal(`${isFirst ? '{' : ','}${JSON.stringify(destination)}:`),
    slot: source === undefined ? -1 : names.indexOf(source),
    fallback: required && fallback === null ? undefined : Bytes.literal(instead),
    emptyIsNull: required || fallback !== null || (type !== undefined && type !== 'text' && type !== 'json'),
    ...writingOf(field),
  };
}

/** The plan for records of this shape; undefined where a column is missing or kept and mapped columns have the same name. */
export function planFields(fields: readonly MappedField[], shape: Shape, keepOthers: boolean): readonly JsonField[] | undefined {
  const sources = new Set(fields.map(({ source }) => source));
  if (fields.some(({ source }) => source !== undefined && !shape.names.includes(source))) return undefined;
  const kept = keepOthers ? shape.names.filter((name) => !sources.has(name)) : [];
  if (kept.some((name) => fields.some(({ destination }) => destination === name))) return undefined;
  const asIs = kept.map(
    (name): MappedField => ({ source: name, destination: name, type: undefined, required: false, transforms: [], fallback: null, transform: undefined, convert: undefined }),
  );
  return [...asIs, ...fields].map((field, index) => jsonField(field, shape, index === 0));
}
