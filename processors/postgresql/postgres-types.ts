import { exactNumber, type FieldType, parseExactly, type RecordValue } from '../../server/extension/record.ts';

/** Names of types by their object identifiers (pg_type.oid); 4000 and 6551 are Redshift's own. */
const NAMES: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  26: 'oid',
  114: 'json',
  700: 'real',
  701: 'double precision',
  1042: 'character',
  1043: 'character varying',
  1082: 'date',
  1083: 'time without time zone',
  1114: 'timestamp without time zone',
  1184: 'timestamp with time zone',
  1186: 'interval',
  1266: 'time with time zone',
  1700: 'numeric',
  2950: 'uuid',
  3802: 'jsonb',
  4000: 'super',
  6551: 'varbyte',
};

/** The element types of arrays. */
const ELEMENTS: Readonly<Record<number, number>> = {
  1000: 16,
  1001: 17,
  1005: 21,
  1007: 23,
  1016: 20,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1021: 700,
  1022: 701,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1231: 1700,
  2951: 2950,
  199: 114,
  3807: 3802,
};

const FIELD_TYPES: readonly (readonly [RegExp, FieldType])[] = [
  [/\[\]$|^(jsonb?|super)$/, 'json'],
  [/^(smallint|integer|bigint|oid)$/, 'integer'],
  [/^numeric/, 'decimal'],
  [/^(real|double precision)$/, 'double'],
  [/^boolean$/, 'boolean'],
  [/^date$/, 'date'],
  [/^time\b.*without/, 'time'],
  [/^timestamp\b.*without/, 'timestamp'],
  [/^timestamp\b.*with time/, 'timestamp_tz'],
  [/^(bytea|varbyte|binary varying)/, 'binary'],
];

/** A type of PostgreSQL or Redshift, as `format_type` writes it, in the common words. */
export function fieldType(native: string): FieldType {
  return FIELD_TYPES.find(([pattern]) => pattern.test(native))?.[1] ?? 'text';
}

/** The name of a result column's type; `modifier` holds precision and scale of a numeric. */
export function nativeName(oid: number, modifier: number): string {
  const element = ELEMENTS[oid];
  if (element !== undefined) return `${NAMES[element]}[]`;
  if (oid !== 1700 || modifier < 4) return NAMES[oid] ?? `type ${oid}`;
  return `numeric(${((modifier - 4) >> 16) & 0xffff},${(modifier - 4) & 0xffff})`;
}

/** A name as SQL, whatever it contains. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name as the server keeps it when it is written without quotes: in small letters, and cut to what fits. */
export function folded(name: string, maxBytes: number): string {
  const short = Buffer.byteLength(name) <= maxBytes ? name : new TextDecoder().decode(Buffer.from(name).subarray(0, maxBytes)).replace(/\uFFFD+$/, '');
  return /^[A-Za-z_][\w$]*$/.test(short) ? short.toLowerCase() : short;
}

/** Reads `{1,2,NULL}` into texts. */
export type ParseArray = (text: string) => unknown[];

const small = (text: string): RecordValue => (text.length < 16 ? Number(text) : exactNumber(text));
const elements = (value: unknown, read: (text: string) => RecordValue): RecordValue =>
  Array.isArray(value) ? value.map((one) => elements(one, read)) : value === null ? null : read(String(value));

/** How texts of a column become values of records: exact numbers, ISO 8601 times, bytes in base64; NaN and infinite numbers, which JSON has no word for, are null. */
export function reader(native: string, parseArray: ParseArray): (text: string) => RecordValue {
  if (native.endsWith('[]')) {
    const read = reader(native.slice(0, -2), parseArray);
    return (text) => elements(parseArray(text), read);
  }
  switch (fieldType(native)) {
    case 'integer':
      return small;
    case 'decimal':
      return (text) => (/^(NaN|-?Infinity)$/.test(text) ? null : exactNumber(text));
    case 'double':
      return (text) => (Number.isFinite(Number(text)) ? Number(text) : null);
    case 'boolean':
      return (text) => text === 't';
    case 'timestamp':
      return (text) => text.replace(' ', 'T');
    case 'timestamp_tz':
      return (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z');
    case 'binary':
      return (text) => Buffer.from(text.replace(/^\\x/, ''), 'hex').toString('base64');
    case 'json':
      return parseExactly;
    default:
      return (text) => text;
  }
}
