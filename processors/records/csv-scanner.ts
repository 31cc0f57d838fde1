import { ProcessError } from '../../server/extension/errors.ts';

export interface CsvDialect {
  readonly separator: string;
  readonly quote: string | undefined;
  readonly escaping: string | undefined;
  readonly comment: string | undefined;
  readonly nullText: string | undefined;
  readonly trims: boolean;
}

/** Null where the value is empty, or the dialect's text for null. */
export type CsvRow = (string | null)[];

/** A row longer than this is most likely a quote that is not closed. */
const MAX_ROW = 64 * 1024 ** 2;
const CONTROL: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const isBreak = (c: string | undefined): boolean => c === '\n' || c === '\r';

/** Thrown inside where a row may go on in the next piece. */
class Unfinished extends Error {}

/**
 * Reads CSV piece by piece as Commons CSV does: quotes inside quotes are doubled or escaped, lines that are empty or comments
 * are passed over, rows end with LF, CR LF or CR. Throws ProcessError.
 */
export class CsvScanner {
  readonly #dialect: CsvDialect;
  #text = '';
  #at = 0;
  #isLast = false;
  #row = 0;
  /** A row that did not end is looked at again when twice as much of it is there: else a long one would be read once for each piece. */
  #enough = 0;

  constructor(dialect: CsvDialect) {
    this.#dialect = dialect;
  }

  /** The rows that are whole with this piece. */
  take(piece: string): CsvRow[] {
    this.#text = this.#text.slice(this.#at) + piece;
    this.#at = 0;
    if (this.#text.length < this.#enough) return [];
    return this.#rows();
  }

  end(): CsvRow[] {
    this.#isLast = true;
    return this.#rows();
  }

  #rows(): CsvRow[] {
    const rows: CsvRow[] = [];
    let start = this.#at;
    try {
      while (this.#at < this.#text.length) {
        const row = this.#line();
        if (row) rows.push(row);
        start = this.#at;
      }
    } catch (thrown) {
      if (!(thrown instanceof Unfinished)) throw thrown;
      this.#at = start;
      const waiting = this.#text.length - start;
      if (waiting > MAX_ROW) throw this.#wrong('is longer than 64 MB: a quote is not closed, most likely');
      this.#enough = waiting * 2;
      return rows;
    }
    this.#enough = 0;
    return rows;
  }

  /** One line; undefined where it holds no row. */
  #line(): CsvRow | undefined {
    const { comment } = this.#dialect;
    const first = this.#text[this.#at];
    if (isBreak(first)) return this.#lineBreak();
    if (comment !== undefined && first === comment) {
      while (!isBreak(this.#peek()) && this.#peek() !== undefined) this.#at++;
      return this.#lineBreak();
    }
    this.#row++;
    const row = [this.#field()];
    while (this.#skipSeparator()) row.push(this.#field());
    this.#lineBreak();
    return row;
  }

  #peek(): string | undefined {
    if (this.#at >= this.#text.length && !this.#isLast) throw new Unfinished();
    return this.#text[this.#at];
  }

  #lineBreak(): undefined {
    if (this.#peek() === '\r') {
      this.#at++;
      // Whether an LF follows is known with the next piece only.
      if (this.#peek() !== '\n') return;
    }
    if (this.#text[this.#at] === '\n') this.#at++;
  }

  #skipSeparator(): boolean {
    const { separator } = this.#dialect;
    this.#peek();
    if (!this.#isLast && this.#at + separator.length > this.#text.length) throw new Unfinished();
    if (!this.#text.startsWith(separator, this.#at)) return false;
    this.#at += separator.length;
    return true;
  }

  #field(): string | null {
    const { quote, trims, nullText, separator } = this.#dialect;
    if (trims) while (/[ \t]/.test(this.#peek() ?? '') && !this.#text.startsWith(separator, this.#at)) this.#at++;
    const isQuoted = quote !== undefined && this.#peek() === quote;
    const value = isQuoted ? this.#quoted(quote) : this.#plain();
    const trimmed = trims ? value.trim() : value;
    return trimmed === '' || (!isQuoted && trimmed === nullText) ? null : trimmed;
  }

  #plain(): string {
    const { separator, escaping } = this.#dialect;
    let value = '';
    let from = this.#at;
    for (let c = this.#peek(); c !== undefined && !isBreak(c); c = this.#peek()) {
      if (c === separator[0] && this.#text.startsWith(separator, this.#at)) break;
      if (c === escaping) value += this.#text.slice(from, this.#at);
      this.#at++;
      if (c !== escaping) continue;
      value += this.#unescaped(c);
      from = this.#at;
    }
    return value + this.#text.slice(from, this.#at);
  }

  #quoted(quote: string): string {
    const { escaping } = this.#dialect;
    let value = '';
    for (this.#at++; ; ) {
      const c = this.#peek();
      if (c === undefined) throw this.#wrong('has a quote that is not closed');
      this.#at++;
      if (c === quote && this.#peek() === quote) this.#at++;
      else if (c === quote) break;
      value += c === escaping && escaping !== quote ? this.#unescaped(c) : c;
    }
    while (this.#peek() === ' ') this.#at++;
    const next = this.#peek();
    if (next !== undefined && !isBreak(next) && !this.#text.startsWith(this.#dialect.separator, this.#at)) throw this.#wrong(`has '${next}' behind a closing quote`);
    return value;
  }

  /** What an escape and the next character mean; both stand for themselves where they mean nothing together. */
  #unescaped(escaping: string): string {
    const { separator, quote, comment } = this.#dialect;
    const next = this.#peek();
    if (next === undefined) return escaping;
    this.#at++;
    return CONTROL[next] ?? ([separator, quote, comment, escaping, '\n', '\r'].includes(next) ? next : escaping + next);
  }

  #wrong(what: string): ProcessError {
    return new ProcessError(`The content is not CSV as the reader expects it: row ${this.#row} ${what}.`);
  }
}
