/** Figures, sizes and times as people read them. Everything here is pure. */

const whole = new Intl.NumberFormat('en-US');
const short = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** `1,234`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

const COUNT_UNITS: readonly (readonly [number, string])[] = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e4, 'k'],
];

/** For narrow places: `9,999`, `12.3k`, `4.5M`. */
export function formatCompact(count: number): string {
  for (const [from, unit] of COUNT_UNITS) if (count >= from) return `${short.format(count / (unit === 'k' ? 1000 : from))}${unit}`;
  return whole.format(count);
}

const SIZE_UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** `0 bytes`, `1 byte`, `1.5 KB`, `20 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < SIZE_UNITS.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value >= 100 ? whole.format(Math.round(value)) : short.format(value)} ${SIZE_UNITS[unit]}`;
}

const TIME_UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** `0 ms`, `850 ms`, `1.2 s`, `3 min 20 s`, `2 d 4 h`. */
export function formatMillis(millis: number): string {
  if (millis < 1000) return `${millis > 0 && millis < 1 ? '<1' : Math.round(millis)} ms`;
  if (millis < 60_000) return `${short.format(Math.floor(millis / 100) / 10)} s`;
  const at = TIME_UNITS.findIndex(([length]) => millis >= length);
  const [length, unit] = TIME_UNITS[at]!;
  const [lower, lowerUnit] = TIME_UNITS[at + 1]!;
  const rest = Math.floor((millis % length) / lower);
  return `${Math.floor(millis / length)} ${unit}${rest > 0 ? ` ${rest} ${lowerUnit}` : ''}`;
}

/** `just now`, `12 s ago`, `3 min ago`. */
export function formatAgo(then: number, now: number): string {
  const passed = now - then;
  return passed < 2000 ? 'just now' : `${formatMillis(Math.floor(passed / 1000) * 1000)} ago`;
}

/** `1 FlowFile`, `2 FlowFiles`. */
export function formatNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `12` as `12%`; what is there but under one percent as `<1%`. */
export function formatPercent(percent: number): string {
  return percent > 0 && percent < 1 ? '<1%' : `${Math.floor(percent)}%`;
}

/** The class part of a type: `dev.millrace.warehouse.QueryWarehouse` is `QueryWarehouse`. */
export function shortType(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

/** The end of a UUID, which tells FlowFiles apart: their beginnings are the same. */
export function shortUuid(uuid: string): string {
  return `…${uuid.slice(-8)}`;
}

/** `RUN_ONCE` as `Run once`. */
export function sentenceCase(constant: string): string {
  const words = constant.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
