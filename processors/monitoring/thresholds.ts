import { PropertyError } from '../../server/extension/errors.ts';

/** `80%` as 80. Throws PropertyError. */
export function parsePercentage(text: string): number {
  const match = /^(\d{1,2})%$/.exec(text.trim());
  if (!match) throw new PropertyError('it must be a whole number from 0 to 99 with a per cent sign, such as 80%');
  return Number(match[1]);
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** Such as `1.5 GB`. */
export function dataSize(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${Number((bytes / 1024 ** power).toFixed(2))} ${UNITS[power]}`;
}

/** `12.34%`. */
export function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(2)}%`;
}
