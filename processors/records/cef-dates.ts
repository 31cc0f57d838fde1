import { parseDate } from '../../server/extension/record-dates.ts';

/** Dates as CEF has them: `Jan 05 2026 10:11:12.123 UTC`, with year, milliseconds and zone left out or not. */
const DATE = /^(\S+)\s(\d{2})\s(?:(\d{4})\s)?([012]\d:[0-5]\d:[0-5]\d)(?:\.(\d{3}))?(?:\s(\w+))?$/;

const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The months by their names in a language, short and long, capitals and dots at their end aside. */
function monthNames(locale: string): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (let month = 0; month < 12; month++) {
    const date = new Date(Date.UTC(2026, month, 15));
    for (const style of ['short', 'long'] as const) {
      names.set(bare(new Intl.DateTimeFormat(locale, { month: style, timeZone: 'UTC' }).format(date)), month + 1);
      // Within a date some languages decline them.
      const part = new Intl.DateTimeFormat(locale, { day: 'numeric', month: style, timeZone: 'UTC' }).formatToParts(date).find(({ type }) => type === 'month');
      if (part) names.set(bare(part.value), month + 1);
    }
  }
  return names;
}

/** Reads dates of CEF into ISO 8601 text: milliseconds since 1970, or with a month's name. Undefined where a text is neither. Without a year it is this year's. */
export function cefDates(locale: string): (text: string) => string | undefined {
  const months = monthNames(locale);
  return (text) => {
    if (!text.includes(':')) return /^-?\d+$/.test(text) ? parseDate(text, 'timestamp', undefined) : undefined;
    const [, name, day, year = String(new Date().getFullYear()), time, millis = '000', zone] = DATE.exec(text) ?? [];
    const month = name === undefined ? undefined : months.get(bare(name));
    if (month === undefined) return undefined;
    const plain = `${year}-${String(month).padStart(2, '0')}-${day} ${time}.${millis}`;
    return zone === undefined ? parseDate(plain, 'timestamp', 'yyyy-MM-dd HH:mm:ss.SSS') : parseDate(`${plain} ${zone}`, 'timestamp', 'yyyy-MM-dd HH:mm:ss.SSS z');
  };
}
