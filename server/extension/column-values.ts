import { ExactNumber, type RecordValue, stringifyExactly } from './record.ts';

/**
 * How a value is written for a column, as text that the warehouse reads; undefined where the column cannot hold it. Warehouses check
 * values by these before they load them, so that one that does not fit names its row instead of ending the load.
 */
export type Writer = (value: Exclude<RecordValue, null>) => string | undefined;

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;
const DATE = String.raw`(\d{4,6}-\d\d-\d\d)`;
const TIME = String.raw`(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?`;
const MOMENT = new RegExp(`^${DATE}(?:[T ]${TIME} ?(Z|[+-]\\d\\d(?::?\\d\\d)?)?)?$`, 'i');
const CLOCK = new RegExp(`^${TIME}$`);

/** A value as text: numbers with all their digits, what is nested as JSON. */
export const textOf = (value: Exclude<RecordValue, null>): string => (typeof value === 'object' && !(value instanceof ExactNumber) ? stringifyExactly(value) : String(value));

/** A number times ten to the power of `scale`, rounded half away from zero; undefined where it is no number or absurdly long. */
function scaled(text: string, scale: number): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  const shift = Number(exponent) + scale - fraction.length;
  if (sign === undefined || whole + fraction === '' || text.length > 200_000 || Math.abs(shift) > 200_000) return undefined;
  const digits = BigInt(whole + fraction);
  const size = shift >= 0 ? digits * 10n ** BigInt(shift) : (digits + 5n * 10n ** BigInt(-shift - 1)) / 10n ** BigInt(-shift);
  return sign === '-' ? -size : size;
}

/** Whole numbers from `-limit` up to but not including `limit`; `12.0` is one, `12.5` is not. */
export function integer(limit: bigint): Writer {
  return (value) => {
    const text = textOf(value).trim();
    if (!/^[+-]?\d{1,40}(\.0*)?$/.test(text)) return undefined;
    const number = BigInt(text.replace(/\..*$/, '').replace(/^\+/, ''));
    return number >= -limit && number < limit ? String(number) : undefined;
  };
}

/** Numbers of so many digits, of which `scale` stand behind the point: what is longer there is rounded by the warehouse. Without a precision any number. */
export function decimal(precision: number | undefined, scale = 0): Writer {
  return (value) => {
    const text = textOf(value).trim();
    const number = scaled(text, precision === undefined ? 0 : scale);
    if (number === undefined) return undefined;
    return precision !== undefined && (number < 0n ? -number : number) >= 10n ** BigInt(precision) ? undefined : text;
  };
}

/** Numbers up to that size, positive or negative. */
export const floating =
  (max: number): Writer =>
  (value) => {
    const text = textOf(value).trim();
    return DECIMAL.test(text) && /\d/.test(text) && Math.abs(Number(text)) <= max ? text : undefined;
  };

/** `t` or `f`. */
export const boolean: Writer = (value) => {
  const text = textOf(value).trim();
  if (/^(t|true|y|yes|on|1)$/i.test(text)) return 't';
  return /^(f|false|n|no|off|0)$/i.test(text) ? 'f' : undefined;
};

function isDay(text: string): boolean {
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  const days = month === 2 && ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0) ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return year > 0 && year < 290_000 && days !== undefined && day > 0 && day <= days;
}

const isHour = (hours = '0', minutes = '0', seconds = '0'): boolean => Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;

/** A time with an offset is converted to UTC, not stripped of it; without one it stays as it is. */
export function moment(keepsOffset: boolean): Writer {
  return (value) => {
    const match = MOMENT.exec(textOf(value).trim());
    const [, day, hours = '00', minutes = '00', seconds = '00', fraction = '', offset] = match ?? [];
    if (!day || !isDay(day) || !isHour(hours, minutes, seconds)) return undefined;
    if (!offset || keepsOffset || day.length > 10) return `${day} ${hours}:${minutes}:${seconds}${fraction}${keepsOffset ? (offset ?? '') : ''}`;
    const zone = /^z$/i.test(offset) ? 'Z' : `${offset.slice(0, 3)}:${offset.replace(':', '').slice(3) || '00'}`;
    const utc = new Date(`${day}T${hours}:${minutes}:${seconds}${zone}`);
    return Number.isNaN(utc.getTime()) ? undefined : utc.toISOString().slice(0, 19).replace('T', ' ') + fraction;
  };
}

/** The day of a date or a moment. */
export const date: Writer = (value) => {
  const day = MOMENT.exec(textOf(value).trim())?.[1];
  return day && isDay(day) ? day : undefined;
};

/** A time of the day. */
export const time: Writer = (value) => {
  const text = textOf(value).trim();
  const [, hours, minutes, seconds] = CLOCK.exec(text) ?? [];
  return hours && isHour(hours, minutes, seconds) ? text : undefined;
};

/** Base64 as hexadecimal digits behind a prefix. */
export const bytes =
  (prefix: string): Writer =>
  (value) => {
    const text = textOf(value);
    return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? prefix + Buffer.from(text, 'base64').toString('hex') : undefined;
  };

/** Text that is an object or a list in JSON is taken as such, any other text as text. */
export const json: Writer = (value) => {
  const isDocument = typeof value === 'string' && /^\s*[{[]/.test(value) && isJson(value);
  const text = isDocument ? value : stringifyExactly(value);
  // Neither the character 0 nor half a surrogate pair is text to the server.
  return /(?<!\\)(?:\\\\)*\\u(0000|d[89a-f])/i.test(text) ? undefined : text;
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Text of at most so many units, as `length` counts them. */
export function text(max: number, length: (text: string) => number): Writer {
  return (value) => {
    const written = textOf(value);
    return written.includes('\0') || (written.length * 3 > max && length(written) > max) ? undefined : written;
  };
}

/** Characters as databases count them. */
export const characters = (written: string): number => [...written].length;
