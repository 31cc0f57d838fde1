import { ExactNumber, exactNumber, type FieldType, type RecordValue, stringifyExactly } from '../../server/extension/record.ts';

/** A value as the type's value, or undefined where it is none. Never called with null. */
export type Conversion = (value: RecordValue) => RecordValue | undefined;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?$/;

function text(value: RecordValue): RecordValue | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && !(value instanceof ExactNumber) ? stringifyExactly(value) : String(value);
}

function decimal(value: RecordValue): RecordValue | undefined {
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber) return value;
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  if (!NUMBER.test(trimmed)) return undefined;
  // JSON knows no leading plus, zero or dot.
  return exactNumber(
    trimmed
      .replace(/^\+/, '')
      .replace(/^(-?)0+(?=\d)/, '$1')
      .replace(/^(-?)\./, '$10.')
      .replace(/\.(?=$|[eE])/, ''),
  );
}

function integer(value: RecordValue): RecordValue | undefined {
  const number = decimal(value);
  if (typeof number === 'bigint' || (typeof number === 'number' && Number.isInteger(number))) return number;
  const whole = number instanceof ExactNumber ? /^(-?\d+)\.0*$/.exec(number.text) : undefined;
  return whole ? exactNumber(whole[1]!) : undefined;
}

function double(value: RecordValue): RecordValue | undefined {
  const number = decimal(value);
  if (number === undefined || typeof number === 'number') return number;
  const nearest = Number(String(number));
  return Number.isFinite(nearest) ? nearest : undefined;
}

const TRUE = new Set(['true', 't', 'yes', 'y', 'on', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', 'off', '0']);

function boolean(value: RecordValue): RecordValue | undefined {
  if (typeof value === 'boolean') return value;
  const word = String(value).trim().toLowerCase();
  return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
}

function isDay(candidate: string): boolean {
  const [, year, month, day] = DAY.exec(candidate)?.map(Number) ?? [];
  return year !== undefined && month! >= 1 && month! <= 12 && day! >= 1 && day! <= new Date(Date.UTC(year, month!, 0)).getUTCDate();
}

/** Numbers are milliseconds since 1970, as JSON writers without a date type send them. */
function fromEpoch(value: RecordValue): string | undefined {
  const moment = typeof value === 'number' ? new Date(value) : undefined;
  return moment && !Number.isNaN(moment.getTime()) ? moment.toISOString() : undefined;
}

function date(value: RecordValue): RecordValue | undefined {
  const candidate = (typeof value === 'string' ? value.trim() : (fromEpoch(value) ?? '')).slice(0, 25);
  if (DAY.test(candidate)) return isDay(candidate) ? candidate : undefined;
  const day = MOMENT.exec(candidate)?.[1] ?? '';
  return isDay(day) ? day : undefined;
}

function timestamp(value: RecordValue): RecordValue | undefined {
  const candidate = typeof value === 'string' ? value.trim() : (fromEpoch(value) ?? '');
  if (isDay(candidate)) return `${candidate}T00:00:00`;
  const [, day, hour, minute, second = '00', fraction = '', offset = ''] = MOMENT.exec(candidate) ?? [];
  if (!day || !isDay(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${day}T${hour}:${minute}:${second}${fraction.replace(/\.0+$/, '')}${offset.toUpperCase()}`;
}

/** What each type makes of a value. */
export const CONVERSIONS: Readonly<Record<FieldType, Conversion>> = {
  text,
  integer,
  decimal,
  double,
  boolean,
  date,
  timestamp,
  timestamp_tz: timestamp,
  time: (value) => (typeof value === 'string' && TIME.test(value.trim()) ? value.trim() : undefined),
  binary: (value) => (typeof value === 'string' ? value : undefined),
  json: (value) => value,
};

const capitalize = (word: string): string => word.toLowerCase().replace(/(^|[\s'-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

/** What a mapping may do to text before it is converted. */
export const TRANSFORMS: Readonly<Record<string, (text: string) => string>> = {
  trim: (value) => value.trim(),
  lower: (value) => value.toLowerCase(),
  upper: (value) => value.toUpperCase(),
  capitalize,
  digits: (value) => value.replace(/\D/g, ''),
};
