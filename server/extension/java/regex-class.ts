/** Classes of one letter, for use inside and outside brackets with the `v` flag. Java's know ASCII only. */
export const SHORTHAND: Record<string, string> = {
  d: '\\d',
  D: '\\D',
  w: '\\w',
  W: '\\W',
  s: '[ \\t\\n\\v\\f\\r]',
  S: '[^ \\t\\n\\v\\f\\r]',
  h: '[ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]',
  H: '[^ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]',
  v: '[\\n\\v\\f\\r\\x85\\u2028\\u2029]',
  V: '[^\\n\\v\\f\\r\\x85\\u2028\\u2029]',
};

export const PROPERTY = /\\([pP])(?:\{(\^?)([^}]*)\}|([a-zA-Z]))/y;

/** java.util.regex.Pattern, "POSIX character classes" and "java.lang.Character classes". */
const NAMED: Record<string, string> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7f',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1f\\x7f',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\v\\f\\r',
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaWhitespace: '\\p{White_Space}',
  javaLetter: '\\p{L}',
  javaDigit: '\\p{Nd}',
  javaLetterOrDigit: '\\p{L}\\p{Nd}',
  IsAlphabetic: '\\p{Alphabetic}',
  IsLetter: '\\p{L}',
  IsDigit: '\\p{Nd}',
  IsPunctuation: '\\p{P}',
  IsWhite_Space: '\\p{White_Space}',
  IsLowercase: '\\p{Lowercase}',
  IsUppercase: '\\p{Uppercase}',
  IsIdeographic: '\\p{Ideographic}',
  IsControl: '\\p{Cc}',
};

/** `\p{...}` to a class. A name that JavaScript does not know either makes the regular expression invalid. */
export function translateProperty([, letter, caret, long, short]: RegExpExecArray): string {
  const name = (long ?? short)!;
  const negated = (letter === 'P') !== (caret === '^');
  const members =
    NAMED[name] ??
    `\\p{${name
      .replace(/^(?:general_category|gc)=/i, '')
      .replace(/^(?:Is(?=[A-Z]\w\w)|IsScript=|script=|sc=)/, 'Script=')
      .replace(/^Is/, '')}}`;
  return `[${negated ? '^' : ''}${members}]`;
}

/** Translates the class that begins at `at`, with the classes inside it. */
export function translateClass(pattern: string, at: number, ignoreCase: boolean): { source: string; end: number } {
  return new ClassTranslator(pattern, at, ignoreCase).translate(0);
}

const CODE = /\\(?:x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|0([0-3]?[0-7]{1,2}))/y;
const CONTROL: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f', a: '\x07', e: '\x1b' };

class ClassTranslator {
  readonly #pattern: string;
  #at: number;
  readonly #ignoreCase: boolean;

  constructor(pattern: string, at: number, ignoreCase: boolean) {
    this.#pattern = pattern;
    this.#at = at;
    this.#ignoreCase = ignoreCase;
  }

  translate(depth: number): { source: string; end: number } {
    if (depth > 50) throw new Error('too many classes inside each other');
    this.#at++;
    const negated = this.#skip('^');
    const operands: string[] = [];
    let members = '';
    for (let first = true; ; first = false) {
      const c = this.#pattern[this.#at];
      if (c === undefined) throw new Error('a [ is not closed');
      if (c === ']' && !first) break;
      if (this.#pattern.startsWith('&&', this.#at)) {
        operands.push(members);
        members = '';
        this.#at += 2;
      } else members += c === '[' ? this.translate(depth + 1).source : this.#member();
    }
    this.#at++;
    // A range is no operand of && in JavaScript, a class is.
    const source =
      operands.length === 0
        ? members
        : [...operands, members]
            .filter((operand) => operand !== '')
            .map((operand) => `[${operand}]`)
            .join('&&');
    return { source: `[${negated ? '^' : ''}${source}]`, end: this.#at };
  }

  #skip(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #member(): string {
    const shorthand = this.#shorthand();
    if (shorthand) return shorthand;
    const from = this.#character();
    const next = this.#pattern[this.#at + 1];
    if (this.#pattern[this.#at] !== '-' || next === ']' || next === '[' || next === undefined) return this.#range(from, from);
    this.#at++;
    return this.#range(from, this.#character());
  }

  #shorthand(): string | undefined {
    if (this.#skip('\\Q')) {
      const end = this.#pattern.indexOf('\\E', this.#at);
      if (end < 0) throw new Error('a [ is not closed');
      const text = this.#pattern.slice(this.#at, end);
      this.#at = end + 2;
      return [...text].map((c) => this.#range(c, c)).join('');
    }
    PROPERTY.lastIndex = this.#at;
    const property = PROPERTY.exec(this.#pattern);
    if (property) this.#at = PROPERTY.lastIndex;
    if (property) return translateProperty(property);
    const found = this.#pattern[this.#at] === '\\' ? SHORTHAND[this.#pattern[this.#at + 1] ?? ''] : undefined;
    if (found) this.#at += 2;
    return found;
  }

  #character(): string {
    CODE.lastIndex = this.#at;
    const code = CODE.exec(this.#pattern);
    if (code) {
      this.#at = CODE.lastIndex;
      return String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? code[4]!, code[4] ? 8 : 16));
    }
    const escaped = this.#skip('\\');
    if (this.#at >= this.#pattern.length) throw new Error('a [ is not closed');
    const c = String.fromCodePoint(this.#pattern.codePointAt(this.#at)!);
    this.#at += c.length;
    if (!escaped) return c;
    if (CONTROL[c]) return CONTROL[c];
    if (/[a-zA-Z0-9]/.test(c)) throw new Error(`\\${c} is not supported in a class`);
    return c;
  }

  #range(from: string, to: string): string {
    const plain = from === to ? code(from) : `${code(from)}-${code(to)}`;
    if (!this.#ignoreCase || !/[a-zA-Z]/.test(from + to)) return plain;
    const [a, b] = [from, to].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
    return a! <= b! && a!.length === from.length ? `${plain}${from === to ? code(a!) : `${code(a!)}-${code(b!)}`}` : plain;
  }
}

/** A character of a class, by its code: nearly all punctuation means something with the `v` flag. */
function code(c: string): string {
  return /^[a-zA-Z0-9]$/.test(c) ? c : `\\u{${c.codePointAt(0)!.toString(16)}}`;
}
