import { boolean, bytes, characters, date, decimal, floating, integer, json, moment, text, textOf, time, type Writer } from '../../server/extension/column-values.ts';
import { exactNumber, type FieldType, parseExactly, type RecordValue } from '../../server/extension/record.ts';

/** A column of a result as the SQL API describes it. */
export interface RowType {
  readonly name: string;
  readonly type: string;
  readonly precision?: number | null;
  readonly scale?: number | null;
  readonly length?: number | null;
  readonly nullable?: boolean;
}

/** The type as DESCRIBE TABLE writes it. */
export function nativeName({ type, precision, scale, length }: RowType): string {
  const name = type.toUpperCase();
  if (name === 'FIXED' || name === 'NUMBER') return `NUMBER(${precision ?? 38},${scale ?? 0})`;
  if (name === 'TEXT') return length ? `VARCHAR(${length})` : 'VARCHAR';
  return name === 'REAL' ? 'FLOAT' : name;
}

const FIELD_TYPES: readonly (readonly [RegExp, FieldType])[] = [
  [/^NUMBER\(\d+, ?0\)/, 'integer'],
  [/^(NUMBER|DECFLOAT)/, 'decimal'],
  [/^(FLOAT|DOUBLE|REAL)/, 'double'],
  [/^BOOLEAN/, 'boolean'],
  [/^DATE/, 'date'],
  [/^TIMESTAMP_(TZ|LTZ)/, 'timestamp_tz'],
  [/^TIMESTAMP/, 'timestamp'],
  [/^TIME/, 'time'],
  [/^BINARY/, 'binary'],
  [/^(VARIANT|OBJECT|ARRAY|MAP|VECTOR)/, 'json'],
];

/** Snowflake's type in the common words. */
export function fieldType(native: string): FieldType {
  return FIELD_TYPES.find(([pattern]) => pattern.test(native))?.[1] ?? 'text';
}

/** Types of new columns. */
export const NATIVE: Readonly<Record<FieldType, string>> = {
  text: 'VARCHAR',
  integer: 'NUMBER(38,0)',
  decimal: 'NUMBER(38,10)',
  double: 'FLOAT',
  boolean: 'BOOLEAN',
  date: 'DATE',
  time: 'TIME(9)',
  timestamp: 'TIMESTAMP_NTZ(9)',
  timestamp_tz: 'TIMESTAMP_TZ(9)',
  binary: 'BINARY',
  json: 'VARIANT',
};

/** A name as SQL, whatever it contains. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name as Snowflake keeps it when it is written without quotes: in capital letters. */
export function folded(name: string): string {
  return /^[A-Za-z_][\w$]*$/.test(name) ? name.toUpperCase() : name;
}

const trimmed = (fraction = ''): string => {
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? '' : `.${digits}`;
};

const two = (value: number): string => String(value).padStart(2, '0');

/** `1611871777.123456789` as seconds and digits of a fraction that counts upwards, also before 1970. */
function epoch(written: string): { seconds: number; fraction: string } {
  const [whole = '0', fraction = ''] = written.split('.');
  const isNegative = whole.startsWith('-') && /[1-9]/.test(fraction);
  if (!isNegative) return { seconds: Number(whole), fraction };
  const rest = String(10n ** BigInt(fraction.length) - BigInt(fraction)).padStart(fraction.length, '0');
  return { seconds: Number(whole) - 1, fraction: rest };
}

const MILLIS_A_DAY = 86_400_000;

/** Moments travel as seconds since 1970 with nine digits behind the point; where a format is set, as text. */
function readMoment(written: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(written)) return written.replace(' ', 'T').replace(/ ?([+-]\d\d):?(\d\d)$/, '$1:$2');
  const { seconds, fraction } = epoch(written);
  return new Date(seconds * 1000).toISOString().replace(/\.000Z$/, '') + trimmed(fraction);
}

/** A moment with its zone, which is minutes behind a space, 1440 for UTC: as the moment in UTC. */
function readInstant(written: string): string {
  const [, moments] = /^(-?\d+(?:\.\d+)?)(?: \d+)?$/.exec(written) ?? [];
  if (moments !== undefined) return `${readMoment(moments)}Z`;
  const text = readMoment(written);
  const at = Date.parse(text);
  const [, fraction] = /\.(\d+)/.exec(text) ?? [];
  return Number.isNaN(at) ? text : `${new Date(at).toISOString().slice(0, 19)}${trimmed(fraction)}Z`;
}

function readTime(written: string): string {
  if (!/^\d+(\.\d+)?$/.test(written)) return written;
  const { seconds, fraction } = epoch(written);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${trimmed(fraction)}`;
}

/** Snowflake writes `undefined` for missing elements of arrays, and numbers that JSON has no word for. */
function readJson(written: string): RecordValue {
  try {
    return parseExactly(written);
  } catch {
    return parseExactly(written.replace(/"(?:[^"\\]|\\.)*"|\bundefined\b|\bNaN\b|-?\bInfinity\b/g, (token) => (token.startsWith('"') ? token : 'null')));
  }
}

/** How texts of a column become values of records: exact numbers, ISO 8601 times, bytes in base64; NaN and infinite numbers are null. */
export function reader(native: string): (written: string) => RecordValue {
  switch (fieldType(native)) {
    case 'integer':
    case 'decimal':
      return (written) => (written.length < 16 && !written.includes('.') ? Number(written) : exactNumber(written));
    case 'double':
      return (written) => (Number.isFinite(Number(written)) ? Number(written) : null);
    case 'boolean':
      return (written) => /^(true|1)$/i.test(written);
    case 'date':
      return (written) => (/^-?\d+$/.test(written) ? new Date(Number(written) * MILLIS_A_DAY).toISOString().replace(/T.*/, '') : written);
    case 'time':
      return readTime;
    case 'timestamp':
      return readMoment;
    case 'timestamp_tz':
      return readInstant;
    case 'binary':
      return (written) => Buffer.from(written, 'hex').toString('base64');
    case 'json':
      return readJson;
    default:
      return (written) => written;
  }
}

/** A moment whose zone is written as all of Snowflake's formats have it. */
const instant: Writer = (value) =>
  moment(true)(value)?.replace(/ ?(Z|[+-]\d\d(?::?\d\d)?)$/i, (_, zone: string) =>
    /^z$/i.test(zone) ? '+00:00' : `${zone.slice(0, 3)}:${zone.replace(':', '').slice(3) || '00'}`,
  );

const nested =
  (begin: RegExp): Writer =>
  (value) => {
    const written = json(value);
    return written !== undefined && begin.test(written) ? written : undefined;
  };

/** How values are written for a column of this type; a type that only the server knows takes any text. */
export function writerFor(native: string): Writer {
  const [first, second] = (native.match(/\d+/g) ?? []).map(Number);
  if (/^VARCHAR/.test(native)) return text(first ?? Number.POSITIVE_INFINITY, characters);
  if (/^OBJECT/.test(native)) return nested(/^\s*\{/);
  if (/^ARRAY/.test(native)) return nested(/^\s*\[/);
  switch (fieldType(native)) {
    case 'integer':
      return integer(10n ** BigInt(first ?? 38));
    case 'decimal':
      return /^DECFLOAT/.test(native) ? decimal(undefined) : decimal(first ?? 38, second);
    case 'double':
      return floating(Number.MAX_VALUE);
    case 'timestamp':
      return moment(false);
    case 'timestamp_tz':
      return instant;
    case 'binary':
      return bytes('');
    default:
      return SIMPLE[fieldType(native)] ?? textOf;
  }
}

const SIMPLE: Readonly<Partial<Record<FieldType, Writer>>> = { boolean, date, time, json };

/** SQL of a staged text as a value of the column. The formats are named, so that no setting of the account changes what is read. */
export function incoming(staged: string, native: string): string {
  const type = fieldType(native);
  if (/^VARCHAR/.test(native)) return staged;
  if (type === 'binary') return `TO_BINARY(${staged}, 'HEX')`;
  if (type === 'date') return `TO_DATE(${staged}, 'AUTO')`;
  if (type === 'time') return `TO_TIME(${staged}, 'AUTO')`;
  if (type === 'timestamp') return `TO_TIMESTAMP_NTZ(${staged}, 'AUTO')`;
  if (type === 'timestamp_tz') return `TO_TIMESTAMP_${/_LTZ/.test(native) ? 'LTZ' : 'TZ'}(${staged}, 'AUTO')`;
  if (/^VARIANT/.test(native)) return `PARSE_JSON(${staged})`;
  return /^(OBJECT|ARRAY)/.test(native) ? `CAST(PARSE_JSON(${staged}) AS ${native})` : `CAST(${staged} AS ${native})`;
}
