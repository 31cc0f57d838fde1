/** A date and time of day without a zone. */
export interface LocalDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar; months may be out of range. Counts in eras of 400 years that begin in March. */
export function epochDay(year: number, month: number, day: number): number {
  const y = year + Math.floor((month - 1) / 12) - (mod(month - 1, 12) < 2 ? 1 : 0);
  const monthFromMarch = mod(month - 3, 12);
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** The date of a number of days since 1970-01-01. */
export function dateOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1 };
}

/** The date and time of a number of seconds, counted as if the zone were UTC. */
export function localDateTime(localSeconds: number): LocalDateTime {
  const days = Math.floor(localSeconds / 86_400);
  const second = localSeconds - days * 86_400;
  const { year, month, day } = dateOf(days);
  return { year, month, day, hour: Math.floor(second / 3600), minute: Math.floor((second % 3600) / 60), second: second % 60 };
}

/** The reverse of localDateTime. */
export function localSeconds({ year, month, day, hour, minute, second }: LocalDateTime): number {
  return epochDay(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
}

/** 1 for Monday to 7 for Sunday. */
export function dayOfWeek(days: number): number {
  return mod(days + 3, 7) + 1;
}

/** 28 to 31. */
export function lengthOfMonth(year: number, month: number): number {
  return epochDay(year, month + 1, 1) - epochDay(year, month, 1);
}

/** The remainder that is never negative. */
export function mod(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}
