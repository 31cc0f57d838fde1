import type { Piece } from '../evaluation.ts';
import { compileRegex, type JavaRegex } from '../../../extension/java/regex.ts';
import { isBlank, trim } from '../../../extension/java/text.ts';
import type { Whole } from '../numbers.ts';
import { type Compilation, define, type FunctionTable, onText, optional, parsed, receive, required, text, whole } from './declaration.ts';

const regex = parsed(compileRegex);

/** The Guide's "String Manipulation". */
export const stringFunctions: FunctionTable = {
  toUpper: onText((s) => s.toUpperCase()),
  toLower: onText((s) => s.toLowerCase()),
  trim: onText(trim),
  substring: define(text, [whole, optional(whole)], 'string', substring),
  substringBefore: define(text, [text], 'string', (s = '', value = '') => (value === '' ? s : before(s, s.indexOf(value)))),
  substringBeforeLast: define(text, [text], 'string', (s = '', value = '') => before(s, s.lastIndexOf(value))),
  substringAfter: define(text, [text], 'string', (s = '', value = '') => (value === '' ? s : after(s, s.indexOf(value), value))),
  substringAfterLast: define(text, [text], 'string', (s = '', value = '') => (value === '' ? s : after(s, s.lastIndexOf(value), value))),
  append: define(text, [text], 'string', (s = '', value = '') => s + value),
  prepend: define(text, [text], 'string', (s = '', value = '') => value + s),
  replace: define(text, [text, text], 'string', replace),
  replaceFirst: define(text, [regex, text], 'string', (s, pattern, by) => replaceMatches(s, pattern, by, 'replaceFirst')),
  replaceAll: define(text, [regex, text], 'string', (s, pattern, by) => replaceMatches(s, pattern, by, 'replaceAll')),
  replaceNull: define(text, [text], 'string', (s, value) => s ?? value),
  replaceEmpty: define(text, [text], 'string', (s, value) => (s === undefined || isBlank(s) ? value : s)),
  replaceByPattern: define(text, [parsed(parseMapping)], 'string', (s, mapping) => (s === undefined ? s : mapped(s, mapping ?? []))),
  padLeft: define(text, [whole, optional(text)], 'string', (s, length, pad) => padded(s, length, pad, 'padStart')),
  padRight: define(text, [whole, optional(text)], 'string', (s, length, pad) => padded(s, length, pad, 'padEnd')),
  length: define(text, [], 'number', (s) => s?.length ?? 0),
  repeat: define(text, [whole, optional(whole)], 'string', repeat),
  evaluateELString: { minimum: 0, maximum: 0, build: evaluateText },
};

/** The text comes from data, and is compiled anew when it is not the same as the last time. */
function evaluateText(subject: Piece, _: readonly Piece[], compilation: Compilation): Piece {
  const compiled = receive(subject, parsed(compilation.compileText), compilation, 'its subject');
  return { type: 'string', literal: false, evaluate: (on) => compiled(on)?.(on) ?? '' };
}

function before(s: string, index: number): string {
  return index < 0 ? s : s.slice(0, index);
}

function after(s: string, index: number, value: string): string {
  return index < 0 ? s : s.slice(index + value.length);
}

/** Outside the text, and back to front, is the empty text. */
function substring(s: string | undefined, start: Whole | undefined, end: Whole | undefined): string {
  if (s === undefined) return '';
  const from = Number(required(start, 'substring: the starting index'));
  const to = end === undefined ? s.length : Number(end);
  return from < 0 || to > s.length || from > to ? '' : s.slice(from, to);
}

function replace(s: string | undefined, search: string | undefined, by: string | undefined): string | undefined {
  if (s === undefined) return undefined;
  const replacement = required(by, 'replace: the replacement');
  return s.replaceAll(required(search, 'replace: the text to find'), () => replacement);
}

function replaceMatches(s: string | undefined, pattern: JavaRegex | undefined, by: string | undefined, name: 'replaceFirst' | 'replaceAll'): string | undefined {
  if (s === undefined) return undefined;
  return required(pattern, `${name}: the regular expression`)[name](s, required(by, `${name}: the replacement`));
}

type Mapping = readonly (readonly [JavaRegex, string])[];

/** `pattern:value,pattern:value`; a pattern that is no regular expression is passed over, as in NiFi. */
function parseMapping(rules: string): Mapping {
  if (isBlank(rules)) return [];
  return rules.split(',').flatMap((rule) => {
    const [pattern, value] = trim(rule).split(':');
    if (value === undefined) throw new Error(`'${rule}' is not of the form pattern:value`);
    if (isBlank(pattern!) || isBlank(value)) return [];
    try {
      return [[compileRegex(pattern!), value] as const];
    } catch {
      return [];
    }
  });
}

function mapped(s: string, mapping: Mapping): string {
  for (const [pattern, value] of mapping) if (pattern.matches(s)) return value;
  return s;
}

const MAX_LENGTH = 2 ** 29 - 25;

function padded(s: string | undefined, length: Whole | undefined, pad: string | undefined, side: 'padStart' | 'padEnd'): string | undefined {
  if (s === undefined || length === undefined || length > 2147483647) return s;
  if (length > MAX_LENGTH) throw new Error(`A text of ${length} characters is too long`);
  return s[side](Number(length), pad || '_');
}

/** A random number of times between the two, inclusive. */
function repeat(s: string | undefined, minimum: Whole | undefined, maximum: Whole | undefined): string {
  if (s === undefined) return '';
  const least = Number(required(minimum, 'repeat: the number of repeats'));
  const most = maximum === undefined ? least : Number(maximum);
  if (least <= 0) throw new Error('repeat: the number of repeats must be greater than 0');
  if (least > most) throw new Error('repeat: the minimum must not be greater than the maximum');
  const times = least + Math.floor(Math.random() * (most - least + 1));
  if (s.length * times > MAX_LENGTH) throw new Error(`repeat: a text of ${s.length * times} characters is too long`);
  return s.repeat(times);
}
