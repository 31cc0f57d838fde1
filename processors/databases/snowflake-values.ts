import { exactNumber, type RecordValue } from '../../server/extension/record.ts';
import { BYTES, type DataType, decimalType, TYPES } from '../../server/extension/record-schema.ts';

const PLAIN: Readonly<Record<string, DataType>> = {
  real: TYPES.double,
  float: TYPES.double,
  boolean: TYPES.boolean,
  date: TYPES.date,
  time: TYPES.time,
  timestamp_ntz: TYPES.timestamp,
  timestamp_ltz: TYPES.timestamp,
  timestamp_tz: TYPES.timestamp,
  binary: BYTES,
};

/** The type of records for a type of Snowflake. Numbers without fraction are longs, as its JDBC driver has them; what is nested is JSON text. */
export function typeOfSnowflake(name: string, precision: number | null, scale: number | null): DataType {
  const kind = name.toLowerCase();
  if (kind === 'fixed' || kind === 'number') return scale ? decimalType(precision ?? 38, scale) : TYPES.long;
  return PLAIN[kind] ?? TYPES.string;
}

/** How the session writes moments, so that nothing of them is lost: they are asked for as text. */
export const OUTPUT_FORMATS = `ALTER SESSION SET BINARY_OUTPUT_FORMAT = 'HEX', DATE_OUTPUT_FORMAT = 'YYYY-MM-DD', TIME_OUTPUT_FORMAT = 'HH24:MI:SS.FF9', TIMESTAMP_OUTPUT_FORMAT = '',
  TIMESTAMP_NTZ_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9', TIMESTAMP_LTZ_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9 TZH:TZM', TIMESTAMP_TZ_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9 TZH:TZM'`;

const withoutZeros = (text: string): string => text.replace(/\.(\d*?)0+(?=$|[ +-])/, (_, digits: string) => (digits ? `.${digits}` : ''));

/** A value of the driver, which gives numbers, moments and JSON as text, as a value of records. */
export function cellOfSnowflake(value: unknown, { kind }: DataType): RecordValue {
  if (value === null || value === undefined) return null;
  if (Buffer.isBuffer(value)) return [...value];
  if (typeof value !== 'string') return value as RecordValue;
  if (kind === 'long' || kind === 'decimal') return exactNumber(value);
  if (kind === 'double') return Number(value);
  if (kind === 'time') return withoutZeros(value);
  return kind === 'timestamp' ? withoutZeros(value).replace(' ', 'T').replace(' ', '') : value;
}
