import { ExactNumber, type RecordValue, stringifyExactly } from '../../server/extension/record.ts';

/** A value of a record as drivers take it: digits as text, bytes as a buffer, what is nested as JSON text. */
export function plainValue(value: RecordValue): string | number | bigint | boolean | Buffer | null {
  if (value === null || value === undefined) return null;
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number' && Number.isInteger(one) && one >= 0 && one < 256))
    return Buffer.from(value as number[]);
  return typeof value === 'object' ? stringifyExactly(value) : typeof value === 'bigint' ? String(value) : value;
}
