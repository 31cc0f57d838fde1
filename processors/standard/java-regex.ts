import { messageOf, PropertyError } from '../../server/extension/errors.ts';
import { LETTER_CLASSES, propertyClass, translateClass } from './java-regex-class.ts';

const LINE_BREAK = '(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])';
const LAST_LINE_END = `(?=${LINE_BREAK}?(?![^]))`;
const ESCAPES: Readonly<Record<string, string>> = { A: '(?<![^])', z: '(?![^])', Z: LAST_LINE_END, R: LINE_BREAK, a: '\\x07', e: '\\x1b' };

/** What JavaScript understands as it stands: classes, borders, control characters, codes, references. */
const SAME = /\\(?:[dDwWbBtnrf1-9]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Z]|k<\w+>)/y;
const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})([+?]?)/y;
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;

const plain = (text: string): string => [...text].map((c) => (SYNTAX.test(c) ? `\\${c}` : c)).join('');

interface Place {
  readonly source: string;
  readonly end: number;
}

function escaped(pattern: string, at: number): Place {
  const next = pattern[at + 1];
  if (next === undefined) throw new Error('it ends with a backslash');
  if (next === 'Q') {
    const close = pattern.indexOf('\\E', at);
    return { source: plain(pattern.slice(at + 2, close < 0 ? undefined : close)), end: close < 0 ? pattern.length : close + 2 };
  }
  const named = propertyClass(pattern, at);
  if (named) return named;
  const known = ESCAPES[next] ?? LETTER_CLASSES[next];
  if (known) return { source: known, end: at + 2 };
  SAME.lastIndex = at;
  const same = SAME.exec(pattern);
  if (same) return { source: same[0], end: SAME.lastIndex };
  if (/[a-zA-Z0-9]/.test(next)) throw new Error(`\\${next} is not supported`);
  return { source: plain(next), end: at + 2 };
}

function comment(pattern: string, at: number): Place | undefined {
  if (/\s/.test(pattern[at]!)) return { source: '', end: at + 1 };
  if (pattern[at] !== '#') return undefined;
  const end = pattern.indexOf('\n', at);
  return { source: '', end: end < 0 ? pattern.length : end + 1 };
}

function quantifier(pattern: string, at: number): Place | undefined {
  QUANTIFIER.lastIndex = at;
  const found = QUANTIFIER.exec(pattern);
  if (found?.[1] === '+') throw new Error(`the possessive quantifier ${found[0]} is not supported; leave out its last +`);
  return found ? { source: found[0], end: QUANTIFIER.lastIndex } : undefined;
}

function step(pattern: string, at: number, flags: ReadonlySet<string>): Place {
  const c = String.fromCodePoint(pattern.codePointAt(at)!);
  const ignored = flags.has('x') ? comment(pattern, at) : undefined;
  if (ignored) return ignored;
  if (c === '\\') return escaped(pattern, at);
  if (c === '[') return translateClass(pattern, at);
  if (pattern.startsWith('(?>', at)) throw new Error('atomic groups (?>...) are not supported');
  if (/^\(\?[a-zA-Z-]+[:)]/.test(pattern.slice(at, at + 12))) throw new Error('flags such as (?i) may stand at its beginning only');
  if (c === '(') return { source: pattern.startsWith('(?', at) ? '(?' : '(', end: at + (pattern.startsWith('(?', at) ? 2 : 1) };
  if (c === '$') return { source: flags.has('m') ? '$' : LAST_LINE_END, end: at + 1 };
  return quantifier(pattern, at) ?? { source: ']}'.includes(c) ? `\\${c}` : c, end: at + c.length };
}

/**
 * Compiles a pattern as java.util.regex reads it, as far as JavaScript has a counterpart: leading flags, `\Q..\E`, `\A \z \Z \h \R`,
 * `$` before a last line break, POSIX classes, classes inside classes. `flags` are Java's letters (i, m, s, x), and `l` for
 * literal. Throws PropertyError.
 */
export function javaRegex(pattern: string, flags = ''): RegExp {
  try {
    const [inline, letters = ''] = /^\(\?([dimsuxU]+)\)/.exec(pattern) ?? [''];
    const all = new Set([...flags, ...letters]);
    const kept = [...all].filter((flag) => 'ims'.includes(flag)).join('');
    if (flags.includes('l')) return new RegExp(plain(pattern), `v${kept}`);
    const parts: string[] = [];
    for (let at = inline.length; at < pattern.length; ) {
      const { source, end } = step(pattern, at, all);
      parts.push(source);
      at = end;
    }
    return new RegExp(parts.join(''), `v${kept}`);
  } catch (cause) {
    throw new PropertyError(`'${pattern}' is not a regular expression: ${messageOf(cause).replace(/^Invalid regular expression: .*: /, '')}`);
  }
}

/** Whether a text is such a pattern. Throws PropertyError. */
export function checkRegex(text: string): void {
  javaRegex(text);
}

/** The same pattern for every match in turn. */
export const everywhere = (regex: RegExp): RegExp => new RegExp(regex.source, `${regex.flags}g`);

/** The same pattern, which must match the whole text. */
export const wholly = (regex: RegExp): RegExp => new RegExp(`(?<![^])(?:${regex.source})(?![^])`, regex.flags);

/** How many capturing groups a pattern has. */
export const groupCount = (regex: RegExp): number => new RegExp(`${regex.source}|`, regex.flags).exec('')!.length - 1;

const REFERENCE = /\\([\s\S])|\$(\d+)|\$\{([a-zA-Z]\w*)\}/g;

/**
 * A replacement as Java writes it: `$1` takes as many digits as there is a group for, `${name}` a named group, a backslash makes
 * the next character plain. References to groups that do not exist stand for themselves, as NiFi has it.
 */
export function javaReplacement(replacement: string, groups: number): (match: RegExpMatchArray) => string {
  if (!/[\\$]/.test(replacement)) return () => replacement;
  return (match) =>
    replacement.replace(REFERENCE, (text: string, escaped: string | undefined, digits: string | undefined, name: string | undefined) => {
      if (escaped !== undefined) return escaped;
      if (name !== undefined) return match.groups && name in match.groups ? (match.groups[name] ?? '') : text;
      let length = digits!.length;
      while (length > 1 && Number(digits!.slice(0, length)) > groups) length--;
      const group = Number(digits!.slice(0, length));
      return group > groups ? text : (match[group] ?? '') + digits!.slice(length);
    });
}

/** The text with every match replaced. */
export function replaceMatches(text: string, regex: RegExp, replace: (match: RegExpMatchArray) => string): string {
  let out = '';
  let from = 0;
  for (const match of text.matchAll(everywhere(regex))) {
    out += text.slice(from, match.index) + replace(match);
    from = match.index + match[0].length;
  }
  return out + text.slice(from);
}
