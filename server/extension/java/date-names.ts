import type { Field, TextStyle } from './date-pattern.ts';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

interface Names {
  /** The value of the first name. */
  readonly first: number;
  readonly short: readonly string[];
  readonly full: readonly string[];
  readonly narrow: readonly string[];
}

function named(full: readonly string[]): Names {
  return { first: 1, full, short: full.map((name) => name.slice(0, 3)), narrow: full.map((name) => name[0]!) };
}

/** NiFi formats and reads dates in American English, whatever the machine's language. */
const NAMES: Partial<Record<Field, Names>> = {
  month: named(MONTHS),
  dayOfWeek: named(DAYS),
  quarter: { first: 1, short: ['Q1', 'Q2', 'Q3', 'Q4'], full: ['1st quarter', '2nd quarter', '3rd quarter', '4th quarter'], narrow: ['1', '2', '3', '4'] },
  era: { first: 0, short: ['BC', 'AD'], full: ['Before Christ', 'Anno Domini'], narrow: ['B', 'A'] },
  amPm: { first: 0, short: ['AM', 'PM'], full: ['AM', 'PM'], narrow: ['a', 'p'] },
};

/** The name of a field's value, such as `Mar`. */
export function nameOf(field: Field, value: number, style: TextStyle): string {
  const { first, [style]: names } = NAMES[field]!;
  return names[value - first] ?? String(value);
}

/** The value whose name begins at `at`, and the name's length. The longest name wins; without a style any style will do. */
export function findName(field: Field, text: string, at: number, style: TextStyle | undefined, ignoreCase: boolean): { value: number; length: number } | undefined {
  const { first, short, full } = NAMES[field]!;
  const lists = style ? [NAMES[field]![style]] : [full, short];
  for (const names of lists) {
    const index = names.findIndex((name) => {
      const found = text.slice(at, at + name.length);
      return found === name || (ignoreCase && found.toLowerCase() === name.toLowerCase());
    });
    if (index >= 0) return { value: index + first, length: names[index]!.length };
  }
  return undefined;
}
