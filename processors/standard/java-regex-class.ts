/** Classes that Java writes with one letter and JavaScript otherwise or not at all. */
export const LETTER_CLASSES: Readonly<Record<string, string>> = {
  h: '[ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]',
  H: '[^ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]',
  s: '[ \\t\\n\\v\\f\\r]',
  S: '[^ \\t\\n\\v\\f\\r]',
  v: '[\\n\\v\\f\\r\\x85\\u2028\\u2029]',
  V: '[^\\n\\v\\f\\r\\x85\\u2028\\u2029]',
};

const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7f',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-\\@\\[-\\`\\{-\\~',
  Graph: '!-\\~',
  Print: ' -\\~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1f\\x7f',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\v\\f\\r',
  IsAlphabetic: '\\p{Alphabetic}',
  IsLetter: '\\p{L}',
  IsDigit: '\\p{Nd}',
};

const PROPERTY = /\\([pP])(?:\{([^}]*)\}|([a-zA-Z]))/y;
const RESERVED = /[()[\]{}/|&!#%,:;<=>@`~-]/;

/** `\p{Alpha}` and the like at `at`, and where it ends. */
export function propertyClass(pattern: string, at: number): { source: string; end: number } | undefined {
  PROPERTY.lastIndex = at;
  const found = PROPERTY.exec(pattern);
  if (!found) return undefined;
  const name = (found[2] ?? found[3])!;
  const members = POSIX[name] ?? `\\p{${name.replace(/^Is(?=[A-Z]\w\w)/, 'Script=').replace(/^Is/, '')}}`;
  return { source: `[${found[1] === 'P' ? '^' : ''}${members}]`, end: PROPERTY.lastIndex };
}

/** What one member of a class becomes, and where it ends. */
function member(pattern: string, at: number): { source: string; end: number } {
  const c = String.fromCodePoint(pattern.codePointAt(at)!);
  if (c !== '\\') return { source: RESERVED.test(c) ? `\\${c}` : c, end: at + c.length };
  const next = pattern[at + 1] ?? '';
  const named = propertyClass(pattern, at);
  if (named) return named;
  if (LETTER_CLASSES[next]) return { source: LETTER_CLASSES[next], end: at + 2 };
  const code = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Z])/.exec(pattern.slice(at, at + 6));
  if (code) return { source: code[0], end: at + code[0].length };
  if (/[dDwWtnrf]/.test(next)) return { source: `\\${next}`, end: at + 2 };
  if (next === '' || /[a-zA-Z0-9]/.test(next)) throw new Error(`\\${next} is not supported in a class`);
  return { source: RESERVED.test(next) || /[\\^$.*+?]/.test(next) ? `\\${next}` : next, end: at + 2 };
}

const isRange = (pattern: string, at: number): boolean => pattern[at] === '-' && pattern[at + 1] !== undefined && !'][&'.includes(pattern[at + 1]!);

/** Translates the class that begins at `at`, with the classes inside it, for the `v` flag. Throws an Error. */
export function translateClass(pattern: string, at: number): { source: string; end: number } {
  let end = at + 1;
  const negated = pattern[end] === '^';
  if (negated) end++;
  const operands = [''];
  for (let first = true; first || pattern[end] !== ']'; first = false) {
    if (end >= pattern.length) throw new Error('a [ is not closed');
    if (pattern.startsWith('&&', end)) {
      operands.push('');
      end += 2;
      continue;
    }
    const part = pattern[end] === '[' ? translateClass(pattern, end) : member(pattern, end);
    end = part.end;
    operands[operands.length - 1] += part.source;
    if (!isRange(pattern, end)) continue;
    const to = member(pattern, end + 1);
    operands[operands.length - 1] += `-${to.source}`;
    end = to.end;
  }
  const filled = operands.filter((operand) => operand !== '');
  const source = filled.length === 1 ? filled[0]! : filled.map((operand) => `[${operand}]`).join('&&');
  return { source: `[${negated ? '^' : ''}${source}]`, end: end + 1 };
}
