import { ProcessError } from './errors.ts';
import { type DataRecord, ExactNumber, exactNumber, type RecordValue, stringifyExactly } from './record.ts';
import { type DateFormats, type DateKind, isoOfMillis, momentOf, parseDate } from './record-dates.ts';
import { type DataType, isWider, type PlainKind, type RecordSchema, type SchemaField, typeName } from './record-schema.ts';

/** A value as a value of the type, or undefined where it is none. Null is never asked about. */
type Coercion = (value: RecordValue, formats: DateFormats) => RecordValue | undefined;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
type Numeric = number | bigint | ExactNumber;
const isNumeric = (value: RecordValue): value is Numeric => typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;
export const isObject = (value: RecordValue | undefined): value is DataRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

/** JSON knows no leading plus, zero or dot. */
const tidy = (text: string): string =>
  text
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?=$|[eE])/, '');

const isoMillis = (text: string): number | undefined => {
  const moment = /[-:]/.test(text) ? momentOf(text) : undefined;
  return moment && moment.seconds * 1000 + Math.floor(moment.nano / 1e6);
};

function numeric(value: RecordValue): Numeric | undefined {
  if (isNumeric(value)) return value;
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  return NUMBER.test(trimmed) ? exactNumber(tidy(trimmed)) : undefined;
}

/** The digits before the point: NiFi cuts fractions off. */
function truncated(number: Numeric): number | bigint | undefined {
  if (typeof number === 'bigint') return number;
  if (typeof number === 'number') return Number.isFinite(number) ? Math.trunc(number) : undefined;
  const whole = /^(-?\d+)(?:\.\d+)?$/.exec(number.text);
  return whole ? (exactNumber(whole[1]!) as number | bigint) : truncated(Number(number.text));
}

/** A whole number within bounds; text must be one as it stands, dates are milliseconds. */
function whole(bits: number): Coercion {
  const limit = 2n ** BigInt(bits - 1);
  return (value) => {
    const number = numeric(value) ?? (bits === 64 && typeof value === 'string' ? isoMillis(value) : undefined);
    if (number === undefined || (typeof value === 'string' && !(typeof number === 'bigint' || Number.isInteger(number)))) return undefined;
    const result = truncated(number);
    if (result === undefined) return undefined;
    if (typeof result === 'number' && bits > 53) return result;
    return result >= -limit && result < limit ? result : undefined;
  };
}

function double(value: RecordValue): RecordValue | undefined {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  const number = numeric(value);
  if (number === undefined || typeof number === 'number') return number;
  const nearest = Number(String(number));
  return Number.isFinite(nearest) ? nearest : undefined;
}

function boolean(value: RecordValue): RecordValue | undefined {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** Text of any value, as it is shown inside text. */
export function textOf(value: RecordValue): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && !(value instanceof ExactNumber) ? stringifyExactly(value) : String(value);
}

function dateOf(kind: DateKind): Coercion {
  return (value, formats) => {
    if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 8.64e15) return isoOfMillis(value, kind);
    if (typeof value !== 'string') return undefined;
    return parseDate(value, kind, formats[kind]) ?? parseDate(value, kind, undefined);
  };
}

const PLAIN: Readonly<Record<PlainKind, Coercion>> = {
  boolean,
  byte: whole(8),
  short: whole(16),
  int: whole(32),
  long: whole(64),
  bigint: (value) => {
    const number = numeric(value);
    return number === undefined ? undefined : truncated(number);
  },
  float: double,
  double,
  string: textOf,
  char: (value) => (textOf(value).length === 1 ? textOf(value) : undefined),
  uuid: (value) => (typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : undefined),
  date: dateOf('date'),
  time: dateOf('time'),
  timestamp: dateOf('timestamp'),
};

function arrayOf(value: RecordValue, element: DataType, formats: DateFormats): RecordValue | undefined {
  const list = typeof value === 'string' && element.kind === 'byte' ? [...Buffer.from(value)] : value;
  if (!Array.isArray(list)) return undefined;
  const result: RecordValue[] = [];
  for (const one of list) {
    const coerced = one === null ? null : element.kind === 'byte' && typeof one === 'number' && one >= -128 && one < 256 ? one & 0xff : coerce(one, element, formats);
    if (coerced === undefined) return undefined;
    result.push(coerced);
  }
  return result;
}

function mapOf(value: RecordValue, type: DataType, formats: DateFormats): RecordValue | undefined {
  if (!isObject(value)) return undefined;
  const result: DataRecord = {};
  for (const [name, one] of Object.entries(value)) {
    const coerced = one === null ? null : coerce(one, type, formats);
    if (coerced === undefined) return undefined;
    result[name] = coerced;
  }
  return result;
}

/** Whether a value is of the type as it stands, without being turned into it. */
export function isExactly(value: RecordValue, type: DataType): boolean {
  switch (type.kind) {
    case 'choice':
      return type.options.some((option) => isExactly(value, option));
    case 'record':
      return (
        isObject(value) &&
        Object.entries(value).every(([name, one]) =>
          fieldFits(
            one,
            type.schema.fields.find((known) => known.name === name),
          ),
        )
      );
    case 'map':
      return isObject(value) && Object.values(value).every((one) => one === null || isExactly(one, type.value));
    case 'array':
      return Array.isArray(value) && value.every((one) => one === null || isExactly(one, type.element));
    case 'boolean':
      return typeof value === 'boolean';
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'decimal':
      return isNumeric(value);
    case 'date':
    case 'time':
    case 'timestamp':
      return typeof value === 'string' && parseDate(value, type.kind, undefined) !== undefined && /[-:]/.test(value);
    case 'enum':
      return typeof value === 'string' && type.symbols.includes(value);
    case 'string':
    case 'char':
    case 'uuid':
      return typeof value === 'string' && PLAIN[type.kind](value, {}) !== undefined;
    default:
      return (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) && PLAIN[type.kind](value, {}) !== undefined;
  }
}

const fieldFits = (value: RecordValue, known: SchemaField | undefined): boolean => known === undefined || value === null || isExactly(value, known.type);

/** The option that a value is of as it stands, the narrowest of them; else the first that it can be turned into. */
export function chooseType(value: RecordValue, options: readonly DataType[], formats: DateFormats = {}): DataType | undefined {
  const exact = options.filter((option) => isExactly(value, option));
  if (exact.length > 0) return exact.reduce((best, option) => (isWider(best, option) ? option : best));
  return options.find((option) => coerce(value, option, formats) !== undefined);
}

/** A value as a value of the type; undefined where it cannot be one (NiFi's DataTypeUtils.convertType). */
export function coerce(value: RecordValue, type: DataType, formats: DateFormats = {}): RecordValue | undefined {
  switch (type.kind) {
    case 'decimal':
      return numeric(value);
    case 'enum':
      return type.symbols.includes(textOf(value)) ? textOf(value) : undefined;
    case 'array':
      return arrayOf(value, type.element, formats);
    case 'map':
      return mapOf(value, type.value, formats);
    case 'record':
      return isObject(value) ? tryRecord(value, type.schema, formats) : undefined;
    case 'choice': {
      const chosen = chooseType(value, type.options, formats);
      return chosen && coerce(value, chosen, formats);
    }
    default:
      return PLAIN[type.kind](value, formats);
  }
}

/** The value of a field in a record: by its name, an alias, or the default. */
export function valueIn(record: DataRecord, { name, aliases, defaultValue }: SchemaField): RecordValue | undefined {
  if (Object.hasOwn(record, name)) return record[name];
  const alias = aliases?.find((other) => Object.hasOwn(record, other));
  return alias === undefined ? defaultValue : record[alias];
}

function tryRecord(value: DataRecord, schema: RecordSchema, formats: DateFormats): DataRecord | undefined {
  const result: DataRecord = {};
  for (const known of schema.fields) {
    const given = valueIn(value, known);
    if (given === undefined) continue;
    const coerced = given === null ? null : coerce(given, known.type, formats);
    if (coerced === undefined) return undefined;
    result[known.name] = coerced;
  }
  return result;
}

const shown = (value: RecordValue): string => (textOf(value).length > 100 ? `${textOf(value).slice(0, 100)}...` : textOf(value));

/** A value as a value of the field's type. Throws ProcessError, which names the field and the value. */
export function coerceField(value: RecordValue, { name, type }: SchemaField, formats: DateFormats = {}): RecordValue {
  const coerced = value === null ? null : coerce(value, type, formats);
  if (coerced === undefined) throw new ProcessError(`The value '${shown(value)}' of field '${name}' cannot be converted to ${typeName(type)}.`);
  return coerced;
}

/** A record of exactly the schema's fields; what is missing stays missing. Throws ProcessError. */
export function coerceRecord(record: DataRecord, schema: RecordSchema, formats: DateFormats = {}): DataRecord {
  const result: DataRecord = {};
  for (const known of schema.fields) {
    const value = valueIn(record, known);
    if (value !== undefined) result[known.name] = coerceField(value, known, formats);
  }
  return result;
}
