import { ExactNumber, type RecordValue } from './record.ts';

/** The digits of a number with so many places behind the point, as one whole number: 1.5 with two places is 150. Undefined of what is no number. */
export function unscaled(value: RecordValue, scale: number): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value instanceof ExactNumber || typeof value === 'bigint' ? String(value) : plainNumber(value));
  if (!match) return undefined;
  const [, sign, whole, fraction = ''] = match;
  const digits = fraction.padEnd(scale, '0');
  const kept = BigInt(`${whole}${digits.slice(0, scale)}`);
  const rounded = digits[scale] !== undefined && digits[scale] >= '5' ? kept + 1n : kept;
  return sign ? -rounded : rounded;
}

const plainNumber = (value: RecordValue): string => {
  const text = String(value);
  return /e/i.test(text) ? Number(text).toFixed(20) : text;
};

/** The reverse: 150 with two places is 1.50. */
export function decimalText(digits: bigint, scale: number): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  return `${digits < 0n ? '-' : ''}${text.slice(0, text.length - scale)}${scale > 0 ? `.${text.slice(-scale)}` : ''}`;
}
