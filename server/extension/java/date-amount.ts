import { dateOf, epochDay, lengthOfMonth } from './calendar.ts';
import { InstantValue } from './instants.ts';
import { resolveLocal, type Zone } from './zones.ts';

/** An amount of time such as `2 weeks` (Guide, "plusDuration"). */
export interface Amount {
  readonly count: number;
  readonly unit: 'nanosecond' | 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
}

const FORM = /^\s*(\d+)\s+(nanosecond|second|minute|hour|day|week|month|year)s?\s*$/i;
const SECONDS = { second: 1, minute: 60, hour: 3600 };
const MONTHS = { month: 1, year: 12 };

/** Throws an Error that says what an amount looks like. */
export function parseAmount(text: string): Amount {
  const [, digits, unit] = FORM.exec(text) ?? [];
  if (!digits) throw new Error(`'${text}' is not an amount of time: it must be a whole number and a unit, such as 2 weeks`);
  const count = Number(digits);
  if (!Number.isSafeInteger(count)) throw new Error(`'${text}' is too long a time`);
  return { count, unit: unit!.toLowerCase() as Amount['unit'] };
}

/** Days and longer keep the time that the clocks of the zone show; a day that the month does not have becomes its last. */
export function shift(from: InstantValue, { count, unit }: Amount, sign: 1 | -1, zone: Zone): InstantValue {
  const by = count * sign;
  if (unit === 'nanosecond') return shiftNanos(from, by);
  if (unit === 'second' || unit === 'minute' || unit === 'hour') return checked(from.seconds + by * SECONDS[unit], from.nanos);
  const offset = zone.offsetAt(from.seconds);
  const local = from.seconds + offset;
  const days = Math.floor(local / 86_400);
  const shifted = unit === 'month' || unit === 'year' ? addMonths(days, by * MONTHS[unit]) : days + by * (unit === 'week' ? 7 : 1);
  return checked(resolveLocal(zone, shifted * 86_400 + local - days * 86_400, offset), from.nanos);
}

function checked(seconds: number, nanos: number): InstantValue {
  if (!Number.isSafeInteger(seconds * 1000)) throw new Error('The date is too far away');
  return new InstantValue(seconds, nanos);
}

function shiftNanos({ seconds, nanos }: InstantValue, by: number): InstantValue {
  const total = nanos + by;
  const carried = Math.floor(total / 1_000_000_000);
  return checked(seconds + carried, total - carried * 1_000_000_000);
}

function addMonths(days: number, by: number): number {
  const { year, month, day } = dateOf(days);
  const months = year * 12 + month - 1 + by;
  const newYear = Math.floor(months / 12);
  const newMonth = months - newYear * 12 + 1;
  return epochDay(newYear, newMonth, Math.min(day, lengthOfMonth(newYear, newMonth)));
}
