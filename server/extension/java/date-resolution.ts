import { dateOf, dayOfWeek, epochDay, lengthOfMonth } from './calendar.ts';
import type { ParsedDate } from './date-parse.ts';
import type { Field } from './date-pattern.ts';
import { isLocalTime, resolveLocal, type Zone } from './zones.ts';

type Fields = ReadonlyMap<Field, number>;

const RANGES: Partial<Record<Field, readonly [number, number]>> = {
  quarter: [1, 4],
  month: [1, 12],
  dayOfMonth: [1, 31],
  dayOfYear: [1, 366],
  dayOfWeek: [1, 7],
  localDayOfWeek: [1, 7],
  amPm: [0, 1],
  hour: [0, 23],
  clockHour: [1, 24],
  hourOfAmPm: [0, 11],
  clockHourOfAmPm: [1, 12],
  minute: [0, 59],
  second: [0, 59],
  nano: [0, 999_999_999],
  milliOfDay: [0, 86_399_999],
  nanoOfDay: [0, 86_399_999_999_999],
  year: [-999_999_999, 999_999_999],
  yearOfEra: [-999_999_999, 999_999_999],
};

/**
 * Seconds since 1970 and nanoseconds of what was read. What the text left out is taken from 1970-01-01T00:00, as NiFi's
 * FormatUtils.parseToInstant does; a day past the end of a month is its last day. Throws an Error where the fields contradict.
 */
export function resolveDate({ fields, zone, offset }: ParsedDate, otherwise: Zone): { seconds: number; nano: number } {
  checkRanges(fields);
  const { seconds, nano } = timeOf(fields);
  const local = dayOf(fields) * 86_400 + seconds;
  return { seconds: offset === undefined ? resolveLocal(zone ?? otherwise, local) : local - offset, nano };
}

/** Whether what was read names a whole moment: `toInstant` takes nothing less. */
export function isComplete({ fields }: ParsedDate): boolean {
  const hasYear = fields.has('year') || fields.has('yearOfEra');
  const hasDay = fields.has('dayOfYear') || (fields.has('month') && fields.has('dayOfMonth'));
  return hasYear && hasDay && (['hour', 'clockHour', 'milliOfDay', 'nanoOfDay'] as const).some((field) => fields.has(field)) !== isHalfDay(fields);
}

function isHalfDay(fields: Fields): boolean {
  return fields.has('amPm') && (fields.has('clockHourOfAmPm') || fields.has('hourOfAmPm'));
}

/** Whether the date is in the calendar and the time, in the zone where one is given, on the clocks (`isValidDate`). */
export function isExistingDate({ fields, zone }: ParsedDate, given: Zone | undefined): boolean {
  try {
    checkRanges(fields);
    const { year = 2000, month = 1, day = 1 } = calendarFields(fields);
    const local = epochDay(year, month, day) * 86_400 + timeOf(fields).seconds;
    const clocks = zone ?? given;
    return day <= lengthOfMonth(year, month) && (!clocks || isLocalTime(clocks, local));
  } catch {
    return false;
  }
}

function checkRanges(fields: Fields): void {
  for (const [field, value] of fields) {
    const [least, most] = RANGES[field] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (value < least || value > most) throw new Error(`${value} is not a valid ${field}: it goes from ${least} to ${most}`);
  }
}

function calendarFields(fields: Fields): { year?: number; month?: number; day?: number } {
  const yearOfEra = fields.get('yearOfEra');
  const year = fields.get('year') ?? (fields.get('era') === 0 && yearOfEra !== undefined ? 1 - yearOfEra : yearOfEra) ?? fields.get('weekYear');
  const quarter = fields.get('quarter');
  return { year, month: fields.get('month') ?? (quarter && quarter * 3 - 2), day: fields.get('dayOfMonth') };
}

function dayOf(fields: Fields): number {
  const { year = 1970, month = 1, day = 1 } = calendarFields(fields);
  const days = weekDate(fields) ?? ordinalDate(fields, year) ?? epochDay(year, month, Math.min(day, lengthOfMonth(year, month)));
  const weekday = fields.get('dayOfWeek');
  if (weekday !== undefined && fields.has('dayOfMonth') && weekday !== dayOfWeek(days)) throw new Error('The day of the week contradicts the date');
  return days;
}

function ordinalDate(fields: Fields, year: number): number | undefined {
  const dayOfYear = fields.get('dayOfYear');
  if (dayOfYear === undefined) return undefined;
  const days = epochDay(year, 1, dayOfYear);
  if (dateOf(days).year !== year) throw new Error(`${year} has no day ${dayOfYear}`);
  return days;
}

/** American weeks: they begin on Sunday, and the first is the one that holds January 1. */
function weekDate(fields: Fields): number | undefined {
  const [year, week] = [fields.get('weekYear'), fields.get('weekOfYear')];
  if (year === undefined || week === undefined) return undefined;
  const firstSunday = epochDay(year, 1, 1) - (dayOfWeek(epochDay(year, 1, 1)) % 7);
  const weekday = fields.get('localDayOfWeek') ?? ((fields.get('dayOfWeek') ?? 7) % 7) + 1;
  return firstSunday + (week - 1) * 7 + weekday - 1;
}

function timeOf(fields: Fields): { seconds: number; nano: number } {
  const nanoOfDay = fields.get('nanoOfDay') ?? scaled(fields.get('milliOfDay'));
  if (nanoOfDay !== undefined) return { seconds: Math.floor(nanoOfDay / 1e9), nano: nanoOfDay % 1e9 };
  const seconds = hourOf(fields) * 3600 + (fields.get('minute') ?? 0) * 60 + (fields.get('second') ?? 0);
  return { seconds, nano: fields.get('nano') ?? 0 };
}

function scaled(milliOfDay: number | undefined): number | undefined {
  return milliOfDay === undefined ? undefined : milliOfDay * 1_000_000;
}

function hourOf(fields: Fields): number {
  const clockHour = fields.get('clockHour');
  const half = fields.get('hourOfAmPm') ?? fields.get('clockHourOfAmPm');
  const hour = fields.get('hour') ?? (clockHour === undefined ? undefined : clockHour % 24);
  return hour ?? (half === undefined ? 0 : (half % 12) + 12 * (fields.get('amPm') ?? 0));
}
