import { dayOfWeek, epochDay, type LocalDateTime, localDateTime, mod } from './calendar.ts';
import { nameOf } from './date-names.ts';
import { type Field, type NumberPart, type Part, parseDatePattern } from './date-pattern.ts';
import { offsetId, type Zone, zoneName } from './zones.ts';

/** A moment as the clocks and calendars of a zone show it. */
interface Moment extends LocalDateTime {
  readonly seconds: number;
  readonly nano: number;
  readonly zone: Zone;
  readonly offset: number;
}

/** A compiled pattern of java.time.format.DateTimeFormatter, for output. */
export type DateFormat = (epochSeconds: number, nano: number, zone: Zone) => string;
type Writer = (moment: Moment) => string;

const cache = new Map<string, DateFormat>();

/** Compiles a pattern. Throws an Error that names what is wrong in it. */
export function compileDateFormat(pattern: string): DateFormat {
  let format = cache.get(pattern);
  if (!format) {
    const write = sequence(parseDatePattern(pattern));
    format = (seconds, nano, zone) => {
      const offset = zone.offsetAt(seconds);
      const { year, month, day, hour, minute, second } = localDateTime(seconds + offset);
      return write({ year, month, day, hour, minute, second, seconds, nano, zone, offset });
    };
    if (cache.size > 500) cache.clear();
    cache.set(pattern, format);
  }
  return format;
}

function sequence(parts: readonly Part[]): Writer {
  const writers = parts.map(writer);
  return (moment) => {
    let result = '';
    for (let i = 0; i < writers.length; i++) result += writers[i]!(moment);
    return result;
  };
}

function writer(part: Part): Writer {
  switch (part.kind) {
    case 'literal':
      return () => part.text;
    case 'number':
      return numberWriter(part);
    case 'text':
      return (moment) => nameOf(part.field, FIELDS[part.field](moment), part.style);
    case 'offset':
      return ({ offset }) => formatOffset(part.letter, part.count, offset);
    case 'zone': {
      const { style } = part;
      return style === 'id' ? ({ zone }) => zone.id : ({ zone, seconds }) => zoneName(zone, seconds, style);
    }
    case 'optional':
      return sequence(part.parts);
    case 'pad': {
      const inner = writer(part.part);
      return (moment) => inner(moment).padStart(part.width);
    }
  }
}

function numberWriter({ field, minimum, plus, reduced, fraction }: NumberPart): Writer {
  const read = FIELDS[field];
  if (fraction) return ({ nano }) => String(nano).padStart(9, '0').slice(0, minimum);
  if (reduced) return (moment) => String(mod(read(moment), 100)).padStart(2, '0');
  if (minimum === 2) return (moment) => TWO_DIGITS[read(moment)] ?? String(read(moment));
  return (moment) => {
    const value = read(moment);
    const digits = String(Math.abs(value)).padStart(minimum, '0');
    return (value < 0 ? '-' : plus && digits.length > minimum ? '+' : '') + digits;
  };
}

/** `00` to `99`: most numbers of a date have two digits. */
const TWO_DIGITS = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'));

/** Weeks begin on Sunday and the first may have one day only, as in America. `dayIndex` counts from 0 since the first week began. */
function weekOf(dayIndex: number, weekday: number): number {
  return Math.floor((dayIndex + mod(weekday - dayIndex, 7)) / 7) + 1;
}

function dayOfYear({ year, month, day }: Moment): number {
  return epochDay(year, month, day) - epochDay(year, 1, 1) + 1;
}

function weekday({ year, month, day }: Moment): number {
  return dayOfWeek(epochDay(year, month, day));
}

/** Days that are left of the year after this one's Saturday decide whether the week is the first of the next year. */
function isWeekOfNextYear(moment: Moment): boolean {
  return moment.month === 12 && moment.day + 6 - (weekday(moment) % 7) > 31;
}

function secondOfDay({ hour, minute, second }: Moment): number {
  return hour * 3600 + minute * 60 + second;
}

const FIELDS: Record<Field, (moment: Moment) => number> = {
  era: ({ year }) => (year > 0 ? 1 : 0),
  year: ({ year }) => year,
  yearOfEra: ({ year }) => (year > 0 ? year : 1 - year),
  quarter: ({ month }) => Math.ceil(month / 3),
  month: ({ month }) => month,
  dayOfMonth: ({ day }) => day,
  dayOfYear,
  dayOfWeek: weekday,
  localDayOfWeek: (moment) => (weekday(moment) % 7) + 1,
  weekYear: (moment) => moment.year + (isWeekOfNextYear(moment) ? 1 : 0),
  weekOfYear: (moment) => (isWeekOfNextYear(moment) ? 1 : weekOf(dayOfYear(moment) - 1, weekday(moment))),
  weekOfMonth: (moment) => weekOf(moment.day - 1, weekday(moment)),
  alignedWeek: ({ day }) => Math.floor((day - 1) / 7) + 1,
  amPm: ({ hour }) => (hour < 12 ? 0 : 1),
  hour: ({ hour }) => hour,
  clockHour: ({ hour }) => hour || 24,
  hourOfAmPm: ({ hour }) => hour % 12,
  clockHourOfAmPm: ({ hour }) => hour % 12 || 12,
  minute: ({ minute }) => minute,
  second: ({ second }) => second,
  nano: ({ nano }) => nano,
  milliOfDay: (moment) => secondOfDay(moment) * 1000 + Math.floor(moment.nano / 1_000_000),
  nanoOfDay: (moment) => secondOfDay(moment) * 1_000_000_000 + moment.nano,
};

/** The offset patterns of `X`, `x`, `Z` and `O`. */
function formatOffset(letter: 'X' | 'x' | 'Z' | 'O', count: number, offset: number): string {
  if (letter === 'O' || (letter === 'Z' && count === 4)) return `GMT${offset === 0 ? '' : localizedOffset(offset, count)}`;
  const zulu = letter === 'X' || (letter === 'Z' && count === 5);
  if (offset === 0 && zulu) return 'Z';
  const [hours, minutes, seconds] = parts(offset);
  const colon = (letter === 'Z' ? count === 5 : count === 3 || count === 5) ? ':' : '';
  const withMinutes = count > 1 || letter === 'Z' || minutes !== '00';
  const withSeconds = (letter === 'Z' ? count === 5 : count >= 4) && seconds !== '00';
  return (offset < 0 ? '-' : '+') + hours + (withMinutes ? colon + minutes : '') + (withSeconds ? colon + seconds : '');
}

function parts(offset: number): string[] {
  const size = Math.abs(offset);
  return [Math.floor(size / 3600), Math.floor((size % 3600) / 60), size % 60].map((part) => String(part).padStart(2, '0'));
}

/** `+8` for one letter, `+08:00` for four. */
function localizedOffset(offset: number, count: number): string {
  const full = offsetId(offset);
  return count === 4 ? full : full.replace(/^([+-])0/, '$1').replace(/:00$/, '');
}
