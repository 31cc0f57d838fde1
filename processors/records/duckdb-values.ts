import type { DuckDBType } from '@duckdb/node-api';
import { exactNumber, type RecordValue } from '../../server/extension/record.ts';
import { type DateKind, isoOfNanos } from '../../server/extension/record-dates.ts';
import { decimalText } from '../../server/extension/record-decimals.ts';
import { BYTES, type DataType, decimalType, field, recordType, TYPES } from '../../server/extension/record-schema.ts';
import { systemZone, zoneOf } from '../../server/extension/java/zones.ts';

/** A value of DuckDB's client to a value of a record. Null is never asked about. */
export type Decode = (value: unknown) => RecordValue;

const RESULTS: Readonly<Record<string, DataType>> = {
  BOOLEAN: TYPES.boolean,
  TINYINT: TYPES.byte,
  SMALLINT: TYPES.short,
  UTINYINT: TYPES.short,
  INTEGER: TYPES.int,
  USMALLINT: TYPES.int,
  BIGINT: TYPES.long,
  UINTEGER: TYPES.long,
  UBIGINT: TYPES.bigint,
  HUGEINT: TYPES.bigint,
  UHUGEINT: TYPES.bigint,
  FLOAT: TYPES.float,
  DOUBLE: TYPES.double,
  DATE: TYPES.date,
  TIME: TYPES.time,
  TIME_NS: TYPES.time,
  UUID: TYPES.uuid,
  BLOB: BYTES,
};

interface Nested {
  readonly valueType?: DuckDBType;
  readonly keyType?: DuckDBType;
  readonly entryNames?: readonly string[];
  readonly entryTypes?: readonly DuckDBType[];
}

/** The type of records for a type of DuckDB. */
export function recordTypeOf(type: DuckDBType): DataType {
  const name = type.toString();
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(name);
  if (decimal) return decimalType(Number(decimal[1]), Number(decimal[2]));
  const { valueType, keyType, entryNames, entryTypes } = type as Nested;
  if (valueType) return keyType ? { kind: 'map', value: recordTypeOf(valueType) } : { kind: 'array', element: recordTypeOf(valueType) };
  if (entryNames && entryTypes && name.startsWith('STRUCT')) return recordType({ fields: entryNames.map((one, index) => field(one, recordTypeOf(entryTypes[index]!))) });
  return RESULTS[name] ?? (name.startsWith('TIMESTAMP') ? TYPES.timestamp : TYPES.string);
}

const UTC = zoneOf('UTC');
const narrow: Decode = (value) => (typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : (value as RecordValue));
const asText: Decode = (value) => (typeof value === 'string' ? value : String(value));

/** The shortest number that is the same 32-bit one: 0.1, not 0.10000000149011612. */
function shortFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** What DuckDB's values for dates and times hold, each in its own unit. */
interface Moment {
  readonly days?: number;
  readonly seconds?: bigint;
  readonly millis?: bigint;
  readonly milliseconds?: bigint;
  readonly micros?: bigint;
  readonly nanos?: bigint;
  readonly nanoseconds?: bigint;
}

function nanosOf({ days, seconds, millis, milliseconds, micros, nanos, nanoseconds }: Moment): bigint {
  if (days !== undefined) return BigInt(days) * 86_400_000_000_000n;
  if (seconds !== undefined) return seconds * 1_000_000_000n;
  const inMillis = millis ?? milliseconds;
  if (inMillis !== undefined) return inMillis * 1_000_000n;
  return micros !== undefined ? micros * 1000n : (nanos ?? nanoseconds ?? 0n);
}

/** Timestamps without a zone are what a clock on the wall shows. */
const moment =
  (kind: DateKind, zoned: boolean): Decode =>
  (value) =>
    isoOfNanos(nanosOf(value as Moment), kind, zoned ? systemZone() : UTC);

/** Makes records' values of a type of DuckDB. */
export function decoderOf(type: DuckDBType): Decode {
  const name = type.toString();
  const { valueType, keyType, entryNames, entryTypes } = type as Nested;
  if (valueType && keyType) return mapDecoder(orNull(decoderOf(keyType)), orNull(decoderOf(valueType)));
  if (valueType) {
    const element = orNull(decoderOf(valueType));
    return (value) => (value as { items: readonly unknown[] }).items.map(element);
  }
  if (entryNames && entryTypes && name.startsWith('STRUCT')) {
    const members = entryNames.map((one, index) => [one, orNull(decoderOf(entryTypes[index]!))] as const);
    return (value) => Object.fromEntries(members.map(([one, decode]) => [one, decode((value as { entries: Record<string, unknown> }).entries[one])]));
  }
  return plainDecoder(name);
}

const orNull =
  (decode: Decode): Decode =>
  (value) =>
    value === null || value === undefined ? null : decode(value);

const mapDecoder =
  (key: Decode, inner: Decode): Decode =>
  (value) =>
    Object.fromEntries((value as { entries: readonly { key: unknown; value: unknown }[] }).entries.map((one) => [String(key(one.key)), inner(one.value)]));

function plainDecoder(name: string): Decode {
  if (name.startsWith('DECIMAL'))
    return (value) => {
      const { value: digits, scale } = value as { value: bigint; scale: number };
      return exactNumber(decimalText(digits, scale));
    };
  if (name.startsWith('TIMESTAMP')) return moment('timestamp', name.includes('TIME ZONE') || name.endsWith('TZ'));
  const { kind } = RESULTS[name] ?? TYPES.string;
  switch (kind) {
    case 'date':
    case 'time':
      return moment(kind, false);
    case 'float':
      return (value) => shortFloat(value as number);
    case 'array':
      return (value) => [...(value as { bytes: Uint8Array }).bytes];
    case 'boolean':
    case 'double':
      return (value) => value as RecordValue;
    case 'string':
    case 'uuid':
      return asText;
    default:
      return narrow;
  }
}
