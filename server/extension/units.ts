import { PropertyError } from './errors.ts';

/** NiFi's time units and their milliseconds (NiFi User Guide, "Scheduling Tab"; FormatUtils accepts these spellings). */
const MILLISECONDS: Record<string, number> = {
  ns: 1e-6,
  nano: 1e-6,
  nanos: 1e-6,
  nanosecond: 1e-6,
  nanoseconds: 1e-6,
  us: 1e-3,
  micro: 1e-3,
  micros: 1e-3,
  microsecond: 1e-3,
  microseconds: 1e-3,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  mins: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hrs: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  w: 604_800_000,
  wk: 604_800_000,
  wks: 604_800_000,
  week: 604_800_000,
  weeks: 604_800_000,
};

const BYTES: Record<string, number> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, tb: 1024 ** 4 };

/** 3,000 years in milliseconds, or 90 terabytes: beyond it nobody means it, and sums would lose precision. */
const LARGEST = 1e14;

function quantity(text: string, units: Record<string, number>, what: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text);
  const factor = match ? units[match[2]!.toLowerCase()] : undefined;
  if (!match || factor === undefined) throw new PropertyError(what);
  const value = Number(match[1]) * factor;
  if (value > LARGEST) throw new PropertyError(`${text.trim()} is too much`);
  return value;
}

/** `"30 sec"` to milliseconds. Throws PropertyError. */
export function parseDuration(text: string): number {
  return quantity(text, MILLISECONDS, 'it must be a number and a time unit, such as 30 sec or 5 mins');
}

/** `"1 KB"` to bytes (1 KB is 1,024 bytes, as in NiFi). Throws PropertyError. */
export function parseDataSize(text: string): number {
  return Math.floor(quantity(text, BYTES, 'it must be a number and a data unit (B, KB, MB, GB, TB), such as 10 MB'));
}
