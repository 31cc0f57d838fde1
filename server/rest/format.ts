/** Numbers, sizes and times as NiFi writes them, so that its clients can read them. */

const UNITS: readonly (readonly [string, number])[] = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
];
const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** `1,234`. */
export function formatCount(count: number): string {
  return count < 1000 ? String(count) : number.format(count);
}

/** `12 bytes`, `1.5 KB`; exactly 1,024 bytes stay bytes, as in NiFi. */
export function formatDataSize(bytes: number): string {
  for (const [unit, size] of UNITS) if (bytes > size) return `${number.format(bytes / size)} ${unit}`;
  return `${formatCount(bytes)} bytes`;
}

/** `3 (12 bytes)`. */
export function formatQueue(count: number, bytes: number): string {
  return `${formatCount(count)} (${formatDataSize(bytes)})`;
}

const two = (value: number): string => String(value).padStart(2, '0');
const three = (value: number): string => String(value).padStart(3, '0');

/** `00:00:00.000`; hours may pass 24. */
export function formatDuration(millis: number): string {
  const whole = Math.floor(millis);
  const seconds = Math.floor(whole / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${three(whole % 1000)}`;
}

/** Writes moments in the server's time zone. */
export class TimeFormat {
  readonly timeZone: string;
  readonly #parts: Intl.DateTimeFormat;

  constructor(timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone) {
    this.timeZone = timeZone;
    this.#parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
    });
  }

  /** `14:00:00 UTC`. */
  time(millis: number): string {
    const { hour, minute, second, timeZoneName } = this.#split(millis);
    return `${hour}:${minute}:${second} ${timeZoneName}`;
  }

  /** `11/23/2026 14:00:00 UTC`. */
  date(millis: number): string {
    const { month, day, year } = this.#split(millis);
    return `${month}/${day}/${year} ${this.time(millis)}`;
  }

  /** `11/23/2026 14:00:00.000 UTC`. */
  timestamp(millis: number): string {
    const { month, day, year, hour, minute, second, timeZoneName } = this.#split(millis);
    return `${month}/${day}/${year} ${hour}:${minute}:${second}.${three(((millis % 1000) + 1000) % 1000)} ${timeZoneName}`;
  }

  /** How far the zone is ahead of UTC at a moment, milliseconds. */
  offset(millis: number): number {
    const { year, month, day, hour, minute, second } = this.#split(millis);
    const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return local - Math.floor(millis / 1000) * 1000;
  }

  /** The moment that `date` or `timestamp` wrote, or that an ISO text names; undefined for any other text. */
  parse(text: string): number | undefined {
    const match = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?(?: \S+)?$/.exec(text.trim());
    if (!match) return /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)) ? Date.parse(text) : undefined;
    const [month, day, year, hour, minute, second, millis] = match.slice(1).map((part) => Number(part ?? 0));
    const local = Date.UTC(year!, month! - 1, day, hour, minute, second, millis);
    return local - this.offset(local - this.offset(local));
  }

  #split(millis: number): Record<string, string> {
    return Object.fromEntries(this.#parts.formatToParts(millis).map(({ type, value }) => [type, value]));
  }
}
