import { exactNumber, type FieldType, type RecordValue } from '../../server/extension/record.ts';

/** What tedious tells of a result's column. */
export interface ResultColumn {
  readonly colName: string;
  readonly type: { readonly name: string };
  readonly precision?: number;
  readonly scale?: number;
  /** Bytes; tells the kinds of nullable numbers apart. */
  readonly dataLength?: number;
}

/** Types of new columns. Tables are made as heaps, since columns of unlimited length fit into no columnstore. */
export const NEW_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'nvarchar(max)',
  integer: 'bigint',
  decimal: 'decimal(38,10)',
  double: 'float',
  boolean: 'bit',
  date: 'date',
  time: 'time',
  timestamp: 'datetime2',
  timestamp_tz: 'datetimeoffset',
  binary: 'varbinary(max)',
  json: 'nvarchar(max)',
};

const WORDS: Readonly<Record<string, string>> = {
  intn1: 'tinyint',
  intn2: 'smallint',
  intn4: 'int',
  intn8: 'bigint',
  floatn4: 'real',
  floatn8: 'float',
  bitn1: 'bit',
  moneyn4: 'smallmoney',
  moneyn8: 'money',
  datetimen4: 'smalldatetime',
  datetimen8: 'datetime',
};

/** The type of a result's column, as SQL writes it. */
export function nativeType({ type, precision, scale, dataLength }: ResultColumn): string {
  const name = type.name.toLowerCase();
  if (/^(decimal|numeric)n?$/.test(name)) return `decimal(${precision},${scale})`;
  if (/^n?(var)?char$|binary$/.test(name))
    return dataLength === undefined || dataLength >= 0xffff ? `${name}(max)` : `${name}(${name.startsWith('n') ? dataLength / 2 : dataLength})`;
  return WORDS[`${name}${dataLength}`] ?? name;
}

const FIELD_TYPES: readonly (readonly [RegExp, FieldType])[] = [
  [/^(tinyint|smallint|int|bigint)$/, 'integer'],
  [/^(decimal|numeric|money|smallmoney)/, 'decimal'],
  [/^(float|real)/, 'double'],
  [/^bit$/, 'boolean'],
  [/^date$/, 'date'],
  [/^time/, 'time'],
  [/^(datetime2|datetime$|smalldatetime)/, 'timestamp'],
  [/^datetimeoffset/, 'timestamp_tz'],
  [/binary|^image$/, 'binary'],
];

export const fieldType = (native: string): FieldType => FIELD_TYPES.find(([pattern]) => pattern.test(native))?.[1] ?? 'text';

/** A name as SQL, whatever it contains. */
export const quote = (name: string): string => `[${name.replaceAll(']', ']]')}]`;

/** Moments of tedious are dates in UTC; what is finer than a millisecond stands beside them, in seconds. */
function iso(value: Date & { nanosecondsDelta?: number }): string {
  const finer = Math.round((value.nanosecondsDelta ?? 0) * 1e7);
  return (value.toISOString().slice(0, -1) + String(finer).padStart(4, '0')).replace(/\.?0+$/, '');
}

/** How tedious's values of a column become values of records: exact numbers, ISO 8601 times, bytes in base64. */
export function reader(type: FieldType): (value: unknown) => RecordValue {
  if (type === 'integer' || type === 'decimal') return (value) => exactNumber(String(value));
  if (type === 'binary') return (value) => (value as Buffer).toString('base64');
  if (type === 'date') return (value) => (value as Date).toISOString().slice(0, 10);
  if (type === 'time') return (value) => iso(value as Date).slice(11);
  if (type === 'timestamp') return (value) => iso(value as Date);
  if (type === 'timestamp_tz') return (value) => `${iso(value as Date)}Z`;
  return (value) => (typeof value === 'number' || typeof value === 'boolean' ? value : String(value));
}
