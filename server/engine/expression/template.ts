/** A stretch of text: plain, or one expression with its `${` and `}`. */
export interface Segment {
  readonly expression: boolean;
  /** As it stands in the text. */
  readonly raw: string;
  /** Plain text with its escapes resolved; the same as `raw` for an expression. */
  readonly text: string;
  readonly position: number;
}

/**
 * Divides a text into plain stretches and expressions (Guide, "Escaping Expression Language"). Of n dollar signs before a brace
 * each pair stands for one dollar sign; an odd one left over begins an expression. Without a closing brace there is no
 * expression and nothing is escaped.
 */
export function splitTemplate(text: string): Segment[] {
  let at = text.indexOf('${');
  if (at < 0) return [{ expression: false, raw: text, text, position: 0 }];
  const lastClose = text.lastIndexOf('}');
  const found = new SegmentList(text);
  while (at >= 0 && at < lastClose) {
    const dollars = dollarsBefore(text, at, found.end);
    if (dollars % 2 === 0) {
      found.skipDollars(at, dollars);
      at = text.indexOf('${', at + 2);
      continue;
    }
    const end = closingBrace(text, at + 1);
    if (end < 0) break;
    found.addExpression(at, dollars, end + 1);
    at = text.indexOf('${', end + 1);
  }
  return found.finish();
}

/** Gathers segments; `end` is where what has been read so far ends. */
class SegmentList {
  readonly #text: string;
  readonly #segments: Segment[] = [];
  #plain = '';
  #start = 0;
  end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** `at` is the last of the dollar signs. */
  skipDollars(at: number, dollars: number): void {
    this.#plain += this.#text.slice(this.end, at + 1 - dollars) + '$'.repeat(dollars / 2);
    this.end = at + 1;
  }

  addExpression(at: number, dollars: number, end: number): void {
    this.skipDollars(at - 1, dollars - 1);
    this.#flush();
    const raw = this.#text.slice(at, end);
    this.#segments.push({ expression: true, raw, text: raw, position: at });
    this.#start = this.end = end;
  }

  finish(): Segment[] {
    this.#plain += this.#text.slice(this.end);
    this.end = this.#text.length;
    this.#flush();
    return this.#segments;
  }

  #flush(): void {
    if (this.end > this.#start) this.#segments.push({ expression: false, raw: this.#text.slice(this.#start, this.end), text: this.#plain, position: this.#start });
    this.#plain = '';
  }
}

function dollarsBefore(text: string, at: number, from: number): number {
  let count = 1;
  while (at - count >= from && text[at - count] === '$') count++;
  return count;
}

/** The brace that closes the one at `open`, past quoted text and comments; -1 where there is none. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i >= 0 && i < text.length; i++) {
    const c = text[i];
    if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i;
    else if (c === "'" || c === '"') {
      i = closingQuote(text, i);
      if (i < 0) return -1;
    } else if (c === '#' && beginsComment(text, i)) {
      const line = text.indexOf('\n', i);
      if (line < 0) return lastBrace(text, i, depth);
      i = line;
    }
  }
  return -1;
}

/** For a comment that never ends: the braces of the rest count, so that the lexer can say what is wrong. */
function lastBrace(text: string, from: number, depth: number): number {
  for (let i = from, open = depth; i < text.length; i++) {
    if (text[i] === '{') open++;
    else if (text[i] === '}' && --open === 0) return i;
  }
  return -1;
}

/** The quote that closes the one at `open`; a backslash takes the next character with it. -1 where there is none. */
export function closingQuote(text: string, open: number): number {
  const quote = text[open];
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}

/** A `#` begins a comment unless it is part of a name or of a parameter reference. */
function beginsComment(text: string, at: number): boolean {
  return text[at + 1] !== '{' && ' \t\r\n{}(),:\'"'.includes(text[at - 1] ?? ' ');
}
