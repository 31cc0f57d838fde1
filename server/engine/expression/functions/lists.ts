import { define, type FunctionDeclaration, type FunctionTable, flag, optional, required, text, whole } from './declaration.ts';
import type { Whole } from '../numbers.ts';

/** Functions on delimited text, of the Guide's "String Manipulation". */
export const listFunctions: FunctionTable = {
  unique: onList((items) => [...new Set(items)]),
  compactDelimitedList: onList((items) => items.filter((item) => item !== '')),
  trimDelimitedList: onList((items) => items.slice(items.findIndex(isNotEmpty) >>> 0, items.findLastIndex(isNotEmpty) + 1)),
  getDelimitedField: define(text, [whole, optional(text), optional(text), optional(text), optional(flag)], 'string', getDelimitedField),
};

function isNotEmpty(item: string): boolean {
  return item !== '';
}

/** Without a delimiter the text stays as it is. */
function onList(change: (items: string[]) => string[]): FunctionDeclaration {
  return define(text, [text], 'string', (s, delimiter) => {
    if (s === undefined || !delimiter) return s ?? '';
    return change(s.split(delimiter)).join(delimiter);
  });
}

interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly escaping: string;
  readonly strip: boolean;
}

function getDelimitedField(s: string | undefined, index: Whole | undefined, delimiter = ',', quote = '"', escaping = '\\', strip = false): string {
  if (!s) return '';
  const wanted = required(index, 'getDelimitedField: the index');
  checkDialect({ delimiter, quote, escaping, strip });
  return wanted < 1 ? '' : field(s, Number(wanted), { delimiter, quote, escaping, strip });
}

function checkDialect({ delimiter, quote, escaping }: Dialect): void {
  const named = { 'the delimiter': delimiter, 'the quote character': quote, 'the escape character': escaping };
  for (const [name, character] of Object.entries(named)) {
    if (character.length !== 1) throw new Error(`getDelimitedField: ${name} must be one character, not '${character}'`);
  }
  if (new Set(Object.values(named)).size < 3) throw new Error('getDelimitedField: the delimiter, the quote and the escape character must differ');
}

/** The n-th field; the empty text where there are fewer. */
function field(s: string, wanted: number, { delimiter, quote, escaping, strip }: Dialect): string {
  let found = '';
  let current = 1;
  let quoted = false;
  let escaped = false;
  for (let i = 0; i < s.length && current <= wanted; i++) {
    const c = s[i]!;
    const isQuote = c === quote && !escaped;
    if (isQuote) quoted = !quoted;
    if (c === delimiter && !escaped && !quoted) current++;
    else if (current === wanted && !(strip && (isQuote || c === escaping))) found += c;
    escaped = c === escaping && !escaped;
  }
  return found;
}
