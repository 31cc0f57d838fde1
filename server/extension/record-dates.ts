import { epochDay } from './java/calendar.ts';
import { compileDateFormat } from './java/date-format.ts';
import { compileDateParser } from './java/date-parse.ts';
import { resolveDate } from './java/date-resolution.ts';
import { offsetId, resolveLocal, systemZone, type Zone, zoneOf } from './java/zones.ts';
import { ProcessError, PropertyError } from './errors.ts';

export type DateKind = 'date' | 'time' | 'timestamp';

/** How dates, times and timestamps are written outside, as patterns of Java's DateTimeFormatter; epoch milliseconds where there is none. */
export interface DateFormats {
  readonly date?: string;
  readonly time?: string;
  readonly timestamp?: string;
}

/** A moment: seconds since 1970 and nanoseconds. */
interface Moment {
  readonly seconds: number;
  readonly nano: number;
}

const ISO = /^(?:(\d{4,6})-(\d\d)-(\d\d))?(?:[T ]?(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

const DAY = 86_400;
const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
const fraction = (nano: number): string => (nano === 0 ? '' : `.${pad(nano, 9).replace(/0+$/, '')}`);

/** Whether this day exists. */
const isDay = (year: number, month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && epochDay(year, month, day) < epochDay(year, month + 1, 1);

/** ISO text to a moment; local times are those of this process' zone, as in NiFi. Undefined for any other text. */
export function momentOf(text: string, zone: Zone = systemZone()): Moment | undefined {
  const match = ISO.exec(text.trim());
  if (!match || (match[1] === undefined && match[4] === undefined)) return undefined;
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => (part === undefined ? undefined : Number(part)));
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  const local = epochDay(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
  const nano = Number((match[7] ?? '0').padEnd(9, '0'));
  return { seconds: match[8] ? local - zoneOf(match[8].toUpperCase()).offsetAt(local) : resolveLocal(zone, local), nano };
}

/** A moment as ISO text in a zone, without offset. */
function isoText({ seconds, nano }: Moment, kind: DateKind, zone: Zone): string {
  const date = new Date((seconds + zone.offsetAt(seconds)) * 1000);
  const day = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  const time = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}${fraction(nano)}`;
  if (kind !== 'timestamp') return kind === 'date' ? day : time;
  // When clocks go back they show the same hour twice: only the offset tells which one.
  const local = seconds + zone.offsetAt(seconds);
  return `${day}T${time}${resolveLocal(zone, local) === seconds ? '' : offsetId(zone.offsetAt(seconds))}`;
}

/** Milliseconds since 1970 as ISO text in this process' zone. */
export function isoOfMillis(millis: number, kind: DateKind, zone = systemZone()): string {
  const seconds = Math.floor(millis / 1000);
  return isoText({ seconds, nano: Math.round((millis - seconds * 1000) * 1e6) }, kind, zone);
}

/** Nanoseconds since 1970 as ISO text, exactly. */
export function isoOfNanos(nanos: bigint, kind: DateKind, zone = systemZone()): string {
  const nano = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return isoText({ seconds: Number((nanos - nano) / 1_000_000_000n), nano: Number(nano) }, kind, zone);
}

/** Microseconds since 1970 as ISO text, exactly: as a JavaScript number, milliseconds with three places would round. */
export const isoOfMicros = (micros: bigint, kind: DateKind, zone?: Zone): string => isoOfNanos(micros * 1000n, kind, zone);

/** ISO text to milliseconds since 1970. Throws ProcessError. */
export function millisOf(text: string, zone?: Zone): number {
  const moment = momentOf(text, zone);
  if (!moment) throw new ProcessError(`'${text}' is not a date or time in ISO 8601.`);
  return moment.seconds * 1000 + Math.floor(moment.nano / 1e6);
}

/** ISO text to microseconds since 1970, exactly. */
export function microsOf(text: string, zone?: Zone): number {
  const moment = momentOf(text, zone);
  if (!moment) throw new ProcessError(`'${text}' is not a date or time in ISO 8601.`);
  return moment.seconds * 1e6 + Math.floor(moment.nano / 1e3);
}

const DIGITS = /^-?\d+$/;

/** Cuts ISO text down to what the kind says; a time of day cannot become a date. */
function isoToIso(text: string, kind: DateKind): string | undefined {
  const match = ISO.exec(text);
  if (!match || momentOf(text) === undefined) return undefined;
  const [, year, , , hour] = match;
  if (kind === 'time') return hour === undefined ? undefined : isoText(momentOf(text.replace(/\s*(Z|[+-]\d\d(:?\d\d)?)$/i, ''), UTC)!, 'time', UTC);
  if (year === undefined) return undefined;
  if (kind === 'date') return text.slice(0, text.indexOf(match[3]!, 7) + 2).trim();
  return hour === undefined ? `${text.trim()}T00:00:00` : text.trim().replace(' ', 'T');
}

const UTC = zoneOf('UTC');

/** Text from outside to ISO text; undefined where it does not fit. With a format only that counts; without, epoch milliseconds and ISO text. */
export function parseDate(text: string, kind: DateKind, format: string | undefined): string | undefined {
  if (format === undefined) return DIGITS.test(text.trim()) ? isoOfMillis(Number(text), kind) : isoToIso(text.trim(), kind);
  try {
    const parsed = compileDateParser(format, 'strict')(text);
    const moment = resolveDate(parsed, kind === 'timestamp' ? systemZone() : UTC);
    const hasZone = parsed.zone !== undefined || parsed.offset !== undefined;
    return isoText(moment, kind, kind === 'timestamp' || hasZone ? systemZone() : UTC);
  } catch {
    return undefined;
  }
}

/** ISO text as a format wants it; epoch milliseconds where there is no format. */
export function formatDate(iso: string, kind: DateKind, format: string | undefined): string | number {
  const zone = kind === 'timestamp' || format === undefined ? systemZone() : UTC;
  const moment = momentOf(iso, zone);
  if (!moment) return iso;
  if (format === undefined) return moment.seconds * 1000 + Math.floor(moment.nano / 1e6);
  return compileDateFormat(format)(moment.seconds, moment.nano, zone);
}

/** Throws PropertyError where a pattern is none. */
export function checkDateFormat(pattern: string): void {
  try {
    compileDateFormat(pattern);
  } catch (thrown) {
    throw new PropertyError(`it is not a date format: ${(thrown as Error).message}`);
  }
}
