import { SHORT_NAMES } from './zone-names.ts';

/** A time zone: an id such as `Europe/Vienna`, `UTC`, `GMT+2` or `+05:30`. */
export interface Zone {
  readonly id: string;
  /** Whether the offset may change. */
  readonly region: boolean;
  /** Seconds to add to UTC, at a number of seconds since 1970. */
  offsetAt(epochSeconds: number): number;
}

const DAY = 86_400;
const FIXED = /^(UTC|GMT|UT|)(?:([+-])(\d{1,2})(?::?([0-5]\d)(?::?([0-5]\d))?)?)?$/;
const MAX_SECONDS = 8_640_000_000_000;
const MAX_CACHED_DAYS = 4000;

/** A zone of the IANA database, asked of Intl; offsets are remembered by the day, since asking costs microseconds. */
class Region implements Zone {
  readonly id: string;
  readonly region = true;
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<number, number>();
  #lastDay = Number.NaN;
  #lastOffset = 0;

  constructor(id: string) {
    this.id = id;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: id, timeZoneName: 'longOffset' });
  }

  offsetAt(epochSeconds: number): number {
    const day = Math.floor(epochSeconds / DAY);
    if (day === this.#lastDay) return this.#lastOffset;
    const offset = this.#days.get(day) ?? this.#offsetOfDay(day);
    if (offset === undefined) return this.#ask(epochSeconds);
    this.#lastDay = day;
    this.#lastOffset = offset;
    return offset;
  }

  /** Undefined on the days on which it changes. */
  #offsetOfDay(day: number): number | undefined {
    const offset = this.#ask(day * DAY);
    if (offset !== this.#ask(day * DAY + DAY - 1)) return undefined;
    if (this.#days.size >= MAX_CACHED_DAYS) this.#days.clear();
    this.#days.set(day, offset);
    return offset;
  }

  #ask(epochSeconds: number): number {
    const within = Math.max(-MAX_SECONDS, Math.min(MAX_SECONDS, epochSeconds));
    const [, sign, hours, minutes, seconds] = /GMT(?:([+-−])(\d+):(\d+)(?::(\d+))?)?$/.exec(this.#format.format(within * 1000)) ?? [];
    return sign ? (sign === '+' ? 1 : -1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)) : 0;
  }
}

function fixedZone(id: string): Zone | undefined {
  if (id === 'Z') return { id, region: false, offsetAt: () => 0 };
  const [matched, prefix, sign, hours = '0', minutes = '0', seconds = '0'] = FIXED.exec(id) ?? [];
  if (!matched) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  if (Math.abs(offset) > 18 * 3600) return undefined;
  return { id: prefix === '' || sign ? prefix + offsetId(offset) : id, region: false, offsetAt: () => offset };
}

/** Java's name of an offset: `Z`, `+05:30`. */
export function offsetId(offset: number): string {
  if (offset === 0) return 'Z';
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor((size % 3600) / 60), size % 60];
  if (parts[2] === 0) parts.pop();
  return (offset < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join(':');
}

const zones = new Map<string, Zone>();

/** The zone of an id. Throws an Error that names an unknown one. */
export function zoneOf(id: string): Zone {
  let zone = zones.get(id);
  if (!zone) {
    zone = fixedZone(id) ?? region(id);
    if (zones.size < 1000) zones.set(id, zone);
  }
  return zone;
}

function region(id: string): Zone {
  try {
    return new Region(id);
  } catch {
    throw new Error(`'${id}' is not a time zone`);
  }
}

let system: Zone | undefined;

/** The zone of this process. */
export function systemZone(): Zone {
  system ??= zoneOf(Intl.DateTimeFormat().resolvedOptions().timeZone);
  return system;
}

/**
 * Seconds since 1970 of a local time in a zone, as java.time resolves it: a time that comes twice is the earlier one, or the one
 * with the preferred offset; a time that is left out moves on by the length of the gap.
 */
export function resolveLocal(zone: Zone, localSeconds: number, preferredOffset?: number): number {
  const before = zone.offsetAt(localSeconds - DAY);
  const after = zone.offsetAt(localSeconds + DAY);
  if (before === after) return localSeconds - before;
  const candidates = preferredOffset === after ? [after, before] : [before, after];
  const valid = candidates.find((offset) => zone.offsetAt(localSeconds - offset) === offset);
  return localSeconds - (valid ?? before);
}

/** Whether clocks in the zone ever show this local time. */
export function isLocalTime(zone: Zone, localSeconds: number): boolean {
  const resolved = resolveLocal(zone, localSeconds);
  return resolved + zone.offsetAt(resolved) === localSeconds;
}

/** The zone's name for people, in American English: `PST` or `Pacific Standard Time`. */
export function zoneName(zone: Zone, epochSeconds: number, style: 'short' | 'long'): string {
  if (!zone.region) return style === 'long' ? (FIXED_NAMES[zone.id] ?? zone.id) : zone.id;
  const long = nameInIntl(zone.id, epochSeconds, 'long');
  return style === 'long' ? long : (SHORT_NAMES[long] ?? nameInIntl(zone.id, epochSeconds, 'short'));
}

const FIXED_NAMES: Record<string, string> = { UTC: 'Coordinated Universal Time', GMT: 'Greenwich Mean Time' };
const nameFormats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using it. */
function nameInIntl(timeZone: string, epochSeconds: number, timeZoneName: 'short' | 'long'): string {
  const key = `${timeZoneName} ${timeZone}`;
  let format = nameFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName });
    nameFormats.set(key, format);
  }
  return format.formatToParts(epochSeconds * 1000).find((part) => part.type === 'timeZoneName')!.value;
}
