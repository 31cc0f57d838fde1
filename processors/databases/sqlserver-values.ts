import { exactNumber, type RecordValue } from '../../server/extension/record.ts';
import { BYTES, type DataType, decimalType, TYPES } from '../../server/extension/record-schema.ts';

/** What tedious tells of a column. */
export interface SqlServerColumn {
  readonly colName: string;
  readonly type: { readonly name: string };
  readonly precision?: number;
  readonly scale?: number;
  /** Bytes; tells the kinds of nullable numbers apart. */
  readonly dataLength?: number;
}

const PLAIN: Readonly<Record<string, DataType>> = {
  Bit: TYPES.boolean,
  TinyInt: TYPES.short,
  SmallInt: TYPES.short,
  Int: TYPES.int,
  BigInt: TYPES.long,
  Real: TYPES.float,
  Float: TYPES.double,
  SmallMoney: decimalType(10, 4),
  Money: decimalType(19, 4),
  DateTime: TYPES.timestamp,
  SmallDateTime: TYPES.timestamp,
  DateTime2: TYPES.timestamp,
  DateTimeOffset: TYPES.timestamp,
  Date: TYPES.date,
  Time: TYPES.time,
  Binary: BYTES,
  VarBinary: BYTES,
  Image: BYTES,
  UniqueIdentifier: TYPES.uuid,
};
const BY_LENGTH: Readonly<Record<string, Readonly<Record<number, DataType>>>> = {
  IntN: { 1: TYPES.short, 2: TYPES.short, 4: TYPES.int, 8: TYPES.long },
  FloatN: { 4: TYPES.float, 8: TYPES.double },
  MoneyN: { 4: decimalType(10, 4), 8: decimalType(19, 4) },
  DateTimeN: { 4: TYPES.timestamp, 8: TYPES.timestamp },
  BitN: { 1: TYPES.boolean },
};

/** The type of records for a column. */
export function typeOfColumn({ type: { name }, precision = 38, scale = 0, dataLength = 0 }: SqlServerColumn): DataType {
  if (/^(Decimal|Numeric)N?$/.test(name)) return decimalType(precision, scale);
  return BY_LENGTH[name]?.[dataLength] ?? PLAIN[name] ?? TYPES.string;
}

/** The type of a column of a table, by the names of INFORMATION_SCHEMA. */
export function typeOfName(name: string, precision: number | null, scale: number | null): DataType {
  if (name === 'decimal' || name === 'numeric') return decimalType(precision ?? 38, scale ?? 0);
  const known = Object.keys(PLAIN).find((one) => one.toLowerCase() === name.toLowerCase());
  return known === undefined ? TYPES.string : PLAIN[known]!;
}

/** Moments of tedious are dates in UTC; what is finer than a millisecond stands beside them, in seconds. */
function iso(value: Date & { nanosecondsDelta?: number }): string {
  const finer = Math.round((value.nanosecondsDelta ?? 0) * 1e7);
  return value.toISOString().slice(0, -1) + (finer > 0 ? String(finer).padStart(4, '0') : '');
}

/**
 * A value of tedious as a value of records. tedious makes doubles of decimals: digits beyond the fifteenth are lost there.
 */
export function cellOf(value: unknown, type: DataType, column: SqlServerColumn): RecordValue {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return [...value];
  if (type.kind === 'long') return exactNumber(String(value));
  if (type.kind === 'decimal') return exactNumber((value as number).toFixed(type.scale));
  if (type.kind === 'uuid') return String(value).toLowerCase();
  if (!(value instanceof Date)) return value as RecordValue;
  if (type.kind === 'date') return iso(value).slice(0, 10);
  if (type.kind === 'time') return iso(value).slice(11);
  return column.type.name === 'DateTimeOffset' ? `${iso(value)}Z` : iso(value);
}
