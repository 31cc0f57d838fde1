import { ExpressionSyntaxError } from './syntax-error.ts';
import { closingQuote } from './template.ts';

export type TokenKind = 'name' | 'string' | 'whole' | 'decimal' | 'parameter' | '$' | '{' | '}' | '(' | ')' | ',' | ':' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The name, the digits, or the quoted text with its quotes off and its escapes half resolved: see unquote. */
  readonly text: string;
  readonly position: number;
}

const SPACE = /[ \t\r\n]+/y;
const NUMBER = /[-+]?(?:\d+\.\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\d+)(?![^${}()[\],:;/*'" \t\r\n])/y;
/** The Guide, "Structure of a NiFi Expression", lists the characters that a name cannot hold without quotes. */
const NAME = /[^${}()[\],:;/*'" \t\r\n0-9][^${}()[\],:;/*'" \t\r\n]*/y;
const PARAMETER = /#\{([^}]+)\}/y;
const PUNCTUATION = '{}$(),:';

/** Divides the text of one expression into tokens. Throws ExpressionSyntaxError; positions are counted from `offset`. */
export function tokenize(text: string, offset: number): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const skipped = skip(text, at, offset);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const [kind, value, end] = next(text, at, offset);
    tokens.push({ kind, text: value, position: offset + at });
    at = end;
  }
  tokens.push({ kind: 'end', text: '', position: offset + text.length });
  return tokens;
}

/** Past white space and comments. */
function skip(text: string, at: number, offset: number): number {
  if (text[at] === '#' && text[at + 1] !== '{') {
    const end = text.indexOf('\n', at);
    if (end < 0) throw new ExpressionSyntaxError('A comment must end with a line break', offset + at);
    return end + 1;
  }
  SPACE.lastIndex = at;
  return SPACE.test(text) ? SPACE.lastIndex : at;
}

function next(text: string, at: number, offset: number): [TokenKind, string, number] {
  const c = text[at]!;
  if (PUNCTUATION.includes(c)) return [c as TokenKind, c, at + 1];
  if (c === "'" || c === '"') {
    const end = closingQuote(text, at);
    if (end < 0) throw new ExpressionSyntaxError('A quoted text does not end', offset + at);
    return ['string', unquote(text.slice(at + 1, end)), end + 1];
  }
  const parameter = match(PARAMETER, text, at);
  if (parameter) return ['parameter', stripQuotes(parameter[1]!), PARAMETER.lastIndex];
  const digits = match(NUMBER, text, at);
  if (digits) return [/^[-+]?\d+$/.test(digits[0]) ? 'whole' : 'decimal', digits[0], NUMBER.lastIndex];
  const name = match(NAME, text, at);
  if (name) return ['name', name[0], NAME.lastIndex];
  const hint = c >= '0' && c <= '9' ? ': a name that begins with a digit needs quotes' : '';
  throw new ExpressionSyntaxError(`Unexpected character '${c}'${hint}`, offset + at);
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The name in `#{name}`, `#{'name'}` and `#{"name"}`. */
export function stripQuotes(name: string): string {
  const first = name[0];
  const quoted = name.length >= 2 && (first === "'" || first === '"') && name.endsWith(first);
  return quoted ? name.slice(1, -1) : name;
}

const ESCAPES: Record<string, string> = { '"': '"', "'": "'", n: '\n', r: '\r', t: '\t' };

/**
 * Resolves escapes as far as an embedded expression must see them resolved: a double backslash stays, since the embedded
 * expression's own quoted texts need it, and is halved by `resolveBackslashes` in what is plain text.
 */
function unquote(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/gs, (whole, c: string) => ESCAPES[c] ?? whole) : text;
}

/** The rest of the escapes of plain quoted text. A backslash before any other character stays: `\d` is for regular expressions. */
export function resolveBackslashes(text: string): string {
  return text.includes('\\') ? text.replaceAll('\\\\', '\\') : text;
}
