import { boolean, bytes, characters, date, decimal, floating, integer, json, moment, text, type Writer } from '../../server/extension/column-values.ts';
import { exactNumber, type FieldType, parseExactly, type RecordValue } from '../../server/extension/record.ts';

const FIELD_TYPES: readonly (readonly [RegExp, FieldType])[] = [
  [/^(ARRAY|STRUCT|MAP)\b|^(VARIANT|OBJECT)$/, 'json'],
  [/^(TINYINT|SMALLINT|INT|BIGINT)$/, 'integer'],
  [/^DECIMAL/, 'decimal'],
  [/^(FLOAT|DOUBLE)$/, 'double'],
  [/^BOOLEAN$/, 'boolean'],
  [/^DATE$/, 'date'],
  [/^TIMESTAMP_NTZ$/, 'timestamp'],
  [/^TIMESTAMP$/, 'timestamp_tz'],
  [/^BINARY$/, 'binary'],
];

/** A type as Databricks writes it in capitals, in the common words. */
export function fieldType(native: string): FieldType {
  return FIELD_TYPES.find(([pattern]) => pattern.test(native))?.[1] ?? 'text';
}

/** Types of new columns. There is none for a time of day. */
export const NATIVE_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'STRING',
  integer: 'BIGINT',
  decimal: 'DECIMAL(38,10)',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  time: 'STRING',
  timestamp: 'TIMESTAMP_NTZ',
  timestamp_tz: 'TIMESTAMP',
  binary: 'BINARY',
  json: 'VARIANT',
};

/** A name as SQL, whatever it contains. */
export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Text as SQL: a backslash escapes. */
export function literal(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

/** A moment of a result: ISO 8601 without zeros at the end of its fraction. */
const iso = (value: string): string =>
  value
    .replace(' ', 'T')
    .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
    .replace(/\.(?=\D|$)/, '');

/** A moment in UTC; the warehouse's sessions may have another zone. */
function utc(value: string): string {
  const [, local, offset = 'Z'] = /^(.*?)(Z|[+-]\d\d:?\d\d)?$/.exec(iso(value))!;
  if (/^(Z|[+-]00:?00)$/.test(offset)) return `${local}Z`;
  const [whole, fraction] = local!.split('.');
  return `${new Date(`${whole}${offset}`).toISOString().slice(0, 19)}${fraction ? `.${fraction}` : ''}Z`;
}

const small = (value: string): RecordValue => (value.length < 16 ? Number(value) : exactNumber(value));

function document(value: string): RecordValue {
  try {
    return parseExactly(value);
  } catch {
    return value;
  }
}

const READERS: Readonly<Partial<Record<FieldType, (value: string) => RecordValue>>> = {
  integer: small,
  decimal: exactNumber,
  double: (value) => (Number.isFinite(Number(value)) ? Number(value) : null),
  boolean: (value) => value === 'true',
  timestamp: iso,
  timestamp_tz: utc,
  json: document,
};

/** How texts of a column become values of records; NaN and infinite numbers, which JSON has no word for, are null. */
export function reader(native: string): (value: string) => RecordValue {
  return READERS[fieldType(native)] ?? ((value) => value);
}

/** Without an offset a moment means UTC, whatever the zone of the warehouse's session. */
const zoned: Writer = (value) => {
  const written = moment(true)(value);
  return written === undefined || /(Z|[+-]\d\d(:?\d\d)?)$/i.test(written.slice(19)) ? written : `${written}Z`;
};

const WRITERS: Readonly<Record<string, Writer>> = {
  TINYINT: integer(1n << 7n),
  SMALLINT: integer(1n << 15n),
  INT: integer(1n << 31n),
  BIGINT: integer(1n << 63n),
  FLOAT: floating(3.4028235e38),
  DOUBLE: floating(Number.MAX_VALUE),
  BOOLEAN: boolean,
  DATE: date,
  TIMESTAMP: zoned,
  TIMESTAMP_NTZ: moment(false),
  BINARY: bytes(''),
  VARIANT: json,
};

/** How values are staged for a column of this type; undefined where rows of such a type cannot be written. */
export function writerFor(native: string): Writer | undefined {
  const [first, second] = (native.match(/\d+/g) ?? []).map(Number);
  if (/^(STRING|VARCHAR|CHAR)/.test(native)) return text(first ?? Number.POSITIVE_INFINITY, characters);
  return /^DECIMAL/.test(native) ? decimal(first, second) : WRITERS[native];
}

/** SQL of a staged text as a value of the column. */
export function cast(staged: string, native: string): string {
  if (/^(STRING|VARCHAR|CHAR)/.test(native)) return staged;
  if (native === 'VARIANT') return `parse_json(${staged})`;
  return native === 'BINARY' ? `unhex(${staged})` : `CAST(${staged} AS ${native})`;
}

/** SQL that is true where two values are not the same; documents have no equality of their own. */
export function differs(a: string, b: string, native: string): string {
  return native === 'VARIANT' ? `to_json(${a}) IS DISTINCT FROM to_json(${b})` : `${a} IS DISTINCT FROM ${b}`;
}
