import { parseCron } from '../engine/cron.ts';
import { InvalidRequestError } from '../engine/errors.ts';
import { messageOf } from '../extension/errors.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const SHORT_DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The next times of a cron schedule after a moment, milliseconds since 1970. Throws InvalidRequestError. */
export function nextTimes(expression: string, timeZone: string | undefined, after: number, count: number): number[] {
  try {
    const next = parseCron(expression, timeZone);
    const times: number[] = [];
    for (let at = next(after); at !== undefined && times.length < count; at = next(at)) times.push(at);
    return times;
  } catch (thrown) {
    throw new InvalidRequestError(`The schedule '${expression}' is not valid: ${messageOf(thrown)}.`);
  }
}

/** Throws InvalidRequestError where no time zone has this name. */
export function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new InvalidRequestError(`The time zone '${timeZone}' is unknown. Give a name of the IANA time zone database, such as Europe/Berlin.`);
  }
}

/** A schedule in words, as far as it is one of the usual ones; else the expression itself. */
export function scheduleWords(strategy: string, period: string): string {
  if (strategy !== 'CRON_DRIVEN') return /^0+(\.0+)?\s/.test(`${period} `) ? 'Without a pause' : `Every ${period}`;
  const fields = period.trim().split(/\s+/);
  return cronWords(fields) ?? `At the times of ${period}`;
}

const isEvery = (field: string | undefined): boolean => field === '*' || field === '?' || field === undefined;

function cronWords([second, minute, hour, dayOfMonth, month, dayOfWeek, year]: string[]): string | undefined {
  if (!isEvery(month) || !isEvery(year) || second === undefined || !/^\d+$/.test(second)) return undefined;
  const step = /^(?:\*|0)\/(\d+)$/;
  if (isEvery(dayOfMonth) && isEvery(dayOfWeek)) {
    const minutes = minute === '*' ? '1' : step.exec(minute ?? '')?.[1];
    if (minutes && hour === '*') return minutes === '1' ? 'Every minute' : `Every ${minutes} minutes`;
    const hours = hour === '*' ? '1' : step.exec(hour ?? '')?.[1];
    if (hours && /^\d+$/.test(minute!)) return `Every ${hours === '1' ? 'hour' : `${hours} hours`}${minute === '0' ? '' : ` at minute ${minute}`}`;
  }
  if (!/^\d+$/.test(minute ?? '') || !/^\d+(,\d+)*$/.test(hour ?? '')) return undefined;
  const at = `at ${hour!
    .split(',')
    .map((each) => `${each.padStart(2, '0')}:${minute!.padStart(2, '0')}`)
    .join(' and ')}`;
  if (isEvery(dayOfMonth)) return isEvery(dayOfWeek) ? `Every day ${at}` : weekWords(dayOfWeek!, at);
  return isEvery(dayOfWeek) && /^\d+$/.test(dayOfMonth!) ? `On day ${dayOfMonth} of each month ${at}` : undefined;
}

function weekWords(days: string, at: string): string | undefined {
  const number = (name: string): number => (SHORT_DAYS.includes(name.toUpperCase()) ? SHORT_DAYS.indexOf(name.toUpperCase()) : /^[0-7]$/.test(name) ? Number(name) : -1);
  const range = /^(\w+)-(\w+)$/.exec(days);
  if (range) {
    const [from, to] = [number(range[1]!), number(range[2]!)];
    return from < 0 || to < 0 ? undefined : `${DAYS[from]} to ${DAYS[to]} ${at}`;
  }
  const numbers = days.split(',').map(number);
  return numbers.includes(-1) ? undefined : `Every ${numbers.map((day) => DAYS[day]).join(', ')} ${at}`;
}
