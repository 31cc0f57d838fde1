import type { FieldType, RecordValue } from '../../server/extension/record.ts';

/** Digits without an exponent. */
function withoutExponent(value: number): string {
  const [digits = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const all = digits.replace('.', '');
  const point = Number(exponent) + 1;
  const text = point <= 0 ? `0.${'0'.repeat(-point)}${all}` : all.length <= point ? all.padEnd(point, '0') : `${all.slice(0, point)}.${all.slice(point)}`;
  return value < 0 ? `-${text}` : text;
}

/** A number as Java writes a double: 50 becomes 50.0, so that readers see its type. */
function doubleText(value: number, scientific: boolean): string {
  const text = String(value);
  const plain = text.includes('e') && !scientific ? withoutExponent(value) : text;
  return /[.e]/.test(plain) ? plain : `${plain}.0`;
}

/** The text of a number in a field of this type; undefined for all but doubles, which are written as they are. */
export function numberText(value: RecordValue | undefined, type: FieldType | undefined, scientific: boolean): string | undefined {
  return typeof value === 'number' && (type === 'double' || !Number.isInteger(value)) ? doubleText(value, scientific) : undefined;
}
