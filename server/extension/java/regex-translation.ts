import { translateClass, PROPERTY, SHORTHAND, translateProperty } from './regex-class.ts';

/** A Java pattern in JavaScript's syntax, for the `v` flag. */
export interface Translation {
  readonly source: string;
  readonly flags: string;
  /** Java's number of a group to JavaScript's; 0 is the whole match. */
  readonly groups: readonly number[];
  readonly names: ReadonlyMap<string, number>;
}

/**
 * Translates what differs between the two: inline flags, `\Q..\E`, `\A \z \Z \h \R`, `$` before a last line break, POSIX classes,
 * classes inside classes, possessive quantifiers and atomic groups. Throws an Error for what has no counterpart (`\G`).
 */
export function translateRegex(pattern: string): Translation {
  return new Translator(pattern).translate();
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly comments: boolean;
}

interface OpenGroup {
  readonly start: number;
  readonly flags: Flags;
  readonly close: string;
}

const LINE = '\\n\\r\\u0085\\u2028\\u2029';
const LINE_BREAK = `(?:\\r\\n|[${LINE}])`;
const LAST_LINE_END = `(?=${LINE_BREAK}?(?![^]))`;
const SIMPLE: Record<string, string> = {
  A: '(?<![^])',
  z: '(?![^])',
  Z: LAST_LINE_END,
  R: LINE_BREAK,
  b: '\\b',
  B: '\\B',
  t: '\\t',
  n: '\\n',
  r: '\\r',
  f: '\\f',
  a: '\\x07',
  e: '\\x1b',
};
const QUANTIFIER = /[*+?]|\{\d+(?:,\d*)?\}/y;
const FLAGS = /\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/y;
const GROUP = /\((?:\?(?:<([a-zA-Z][a-zA-Z0-9]*)>|([:=!>]|<[=!])))?/y;
const ESCAPED_CODE = /\\(?:x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|0([0-3]?[0-7]{1,2}))/y;

class Translator {
  readonly #pattern: string;
  /** Leading `(?i)` holds for the whole pattern: a flag is far cheaper than writing each letter twice. */
  readonly #ignoreCase: boolean;
  /** What has no counterpart needs groups of its own, so the pattern's own groups are told apart by names. */
  readonly #named: boolean;
  #at = 0;
  readonly #out: string[] = [];
  #flags: Flags = { ignoreCase: false, multiline: false, dotAll: false, comments: false };
  readonly #open: OpenGroup[] = [];
  /** Where in `#out` the last thing that a quantifier may follow begins. */
  #atom = -1;
  #groups = 0;
  #atomic = 0;
  readonly #names = new Map<string, number>();

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#ignoreCase = /^\(\?[a-z]*i[a-z]*\)/.test(pattern);
    this.#named = /[*+?}]\+|\(\?>/.test(pattern);
  }

  translate(): Translation {
    while (this.#at < this.#pattern.length) this.#step();
    if (this.#open.length > 0) throw new Error('a group is not closed');
    const source = this.#out.join('');
    const order = [...source.matchAll(/\(\?<([ga]\d+)>/g)].map((found) => found[1]!);
    const groups = Array.from({ length: this.#groups + 1 }, (_, i) => (this.#named && i > 0 ? order.indexOf(`g${i}`) + 1 : i));
    return { source, flags: this.#ignoreCase ? 'vi' : 'v', groups, names: this.#names };
  }

  #step(): void {
    const c = this.#pattern[this.#at]!;
    if (c === '\\') return this.#escape();
    if (c === '[') return this.#class();
    if (c === '(') return this.#group();
    if (c === ')') return this.#close();
    const quantifier = this.#read(QUANTIFIER);
    if (quantifier) return this.#quantify(quantifier[0]);
    this.#at++;
    if (this.#flags.comments && this.#isComment(c)) return;
    if (c === '|') this.#emit('|', false);
    else if (c === '.') this.#emit(this.#flags.dotAll ? '[^]' : '.', true);
    else if (c === '^') this.#emit(this.#flags.multiline ? `(?<![^${LINE}])` : '^', false);
    else if (c === '$') this.#emit(this.#flags.multiline ? `(?![^${LINE}])` : LAST_LINE_END, false);
    else this.#character(this.#codePoint(c));
  }

  /** A surrogate pair is one character. */
  #codePoint(c: string): string {
    const whole = String.fromCodePoint(this.#pattern.codePointAt(this.#at - 1)!);
    this.#at += whole.length - c.length;
    return whole;
  }

  #isComment(c: string): boolean {
    if (c === '#') {
      const end = this.#pattern.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#pattern.length : end + 1;
    }
    return c === '#' || /\s/.test(c);
  }

  #read(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#pattern);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #emit(source: string, isAtom: boolean): void {
    this.#atom = isAtom ? this.#out.length : -1;
    this.#out.push(source);
  }

  #character(c: string): void {
    const [lower, upper] = [c.toLowerCase(), c.toUpperCase()];
    const both = this.#flags.ignoreCase && !this.#ignoreCase && lower !== upper && upper.length === c.length;
    this.#emit(both ? `[${lower}${upper}]` : /[\^$\\.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c, true);
  }

  #escape(): void {
    const code = this.#read(ESCAPED_CODE);
    if (code) return this.#character(String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? code[4]!, code[4] ? 8 : 16)));
    const property = this.#read(PROPERTY);
    if (property) return this.#emit(translateProperty(property), true);
    const c = this.#pattern[this.#at + 1];
    if (c === undefined) throw new Error('it ends with a backslash');
    this.#at += 2;
    if (c === 'Q') this.#quoted();
    else if (SHORTHAND[c]) this.#emit(SHORTHAND[c], true);
    else if (SIMPLE[c]) this.#emit(SIMPLE[c], true);
    else if (c >= '1' && c <= '9') this.#backReference(c);
    else if (c === 'k') this.#namedReference();
    else if (c === 'c') this.#controlCharacter();
    else if (/[a-zA-Z0-9]/.test(c)) throw new Error(`\\${c} is not supported`);
    else this.#character(this.#codePoint(c));
  }

  #quoted(): void {
    const end = this.#pattern.indexOf('\\E', this.#at);
    const text = this.#pattern.slice(this.#at, end < 0 ? undefined : end);
    for (const c of text) this.#character(c);
    this.#at = end < 0 ? this.#pattern.length : end + 2;
  }

  /** `\11` is group 11 where there is one by now, else group 1 and a 1. */
  #backReference(first: string): void {
    let number = first;
    while (/\d/.test(this.#pattern[this.#at] ?? '') && Number(number + this.#pattern[this.#at]) <= this.#groups) number += this.#pattern[this.#at++];
    if (Number(number) > this.#groups) throw new Error(`there is no group ${number} before its reference`);
    this.#emit(this.#reference(Number(number)), true);
  }

  #namedReference(): void {
    const name = this.#read(/<([a-zA-Z][a-zA-Z0-9]*)>/y)?.[1] ?? '';
    if (!this.#names.has(name)) throw new Error(`there is no group named '${name}'`);
    this.#emit(this.#reference(this.#names.get(name)!), true);
  }

  #reference(group: number): string {
    return this.#named ? `\\k<g${group}>` : `(?:\\${group})`;
  }

  #controlCharacter(): void {
    const c = this.#pattern[this.#at++];
    if (c === undefined) throw new Error('it ends with \\c');
    this.#character(String.fromCharCode(c.charCodeAt(0) ^ 64));
  }

  #class(): void {
    const { source, end } = translateClass(this.#pattern, this.#at, this.#flags.ignoreCase && !this.#ignoreCase);
    this.#at = end;
    this.#emit(source, true);
  }

  #group(): void {
    const flags = this.#read(FLAGS);
    if (flags) return this.#changeFlags(flags);
    const [, name, kind] = this.#read(GROUP)!;
    if (!name && !kind && this.#pattern[this.#at] === '?') throw new Error(`(?${this.#pattern[this.#at + 1] ?? ''} is not supported`);
    this.#open.push({ start: this.#out.length, flags: this.#flags, close: kind === '>' ? `))\\k<a${this.#atomic}>)` : ')' });
    if (kind === '>') this.#emit(`(?:(?=(?<a${this.#atomic++}>`, false);
    else if (kind) this.#emit(`(?${kind}`, false);
    else this.#emit(this.#capture(name), false);
  }

  #capture(name: string | undefined): string {
    this.#groups++;
    if (name) this.#names.set(name, this.#groups);
    return this.#named ? `(?<g${this.#groups}>` : '(';
  }

  #changeFlags([, on = '', off = '', end]: RegExpExecArray): void {
    if (end === ':') {
      this.#open.push({ start: this.#out.length, flags: this.#flags, close: ')' });
      this.#emit('(?:', false);
    }
    const set = (letter: string, now: boolean) => (now || on.includes(letter)) && !off.includes(letter);
    const { ignoreCase, multiline, dotAll, comments } = this.#flags;
    this.#flags = { ignoreCase: set('i', ignoreCase), multiline: set('m', multiline), dotAll: set('s', dotAll), comments: set('x', comments) };
  }

  #close(): void {
    const group = this.#open.pop();
    if (!group) throw new Error('a ) has no (');
    this.#at++;
    this.#out.push(group.close);
    this.#flags = group.flags;
    this.#atom = group.start;
  }

  #quantify(quantifier: string): void {
    if (this.#atom < 0) throw new Error(`there is nothing that ${quantifier} could repeat`);
    const suffix = this.#pattern[this.#at];
    if (suffix === '+') {
      this.#at++;
      const name = `a${this.#atomic++}`;
      this.#out.splice(this.#atom, 0, `(?=(?<${name}>`);
      this.#out.push(`${quantifier}))\\k<${name}>`);
    } else if (suffix === '?') {
      this.#at++;
      this.#out.push(`${quantifier}?`);
    } else this.#out.push(quantifier);
    this.#atom = -1;
  }
}
