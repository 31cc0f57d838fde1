export type Field =
  | 'era'
  | 'year'
  | 'yearOfEra'
  | 'quarter'
  | 'month'
  | 'dayOfMonth'
  | 'dayOfYear'
  | 'dayOfWeek'
  | 'localDayOfWeek'
  | 'weekYear'
  | 'weekOfYear'
  | 'weekOfMonth'
  | 'alignedWeek'
  | 'amPm'
  | 'hour'
  | 'clockHour'
  | 'hourOfAmPm'
  | 'clockHourOfAmPm'
  | 'minute'
  | 'second'
  | 'nano'
  | 'milliOfDay'
  | 'nanoOfDay';

export type TextStyle = 'short' | 'full' | 'narrow';

/** One element of a pattern of java.time.format.DateTimeFormatter. */
export type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | NumberPart
  | { readonly kind: 'text'; readonly field: Field; readonly style: TextStyle }
  | { readonly kind: 'offset'; readonly letter: 'X' | 'x' | 'Z' | 'O'; readonly count: number }
  | { readonly kind: 'zone'; readonly style: 'short' | 'long' | 'id' }
  | { readonly kind: 'optional'; readonly parts: readonly Part[] }
  | { readonly kind: 'pad'; readonly width: number; readonly part: Part };

export interface NumberPart {
  readonly kind: 'number';
  readonly field: Field;
  readonly minimum: number;
  readonly maximum: number;
  /** More digits than the minimum are shown with a plus sign. */
  readonly plus?: boolean;
  /** Two digits of a year, from 2000 to 2099. */
  readonly reduced?: boolean;
  /** Digits after a decimal point: `S`. */
  readonly fraction?: boolean;
  /** Digits that the numbers directly after it need: it leaves them that many when it is read. */
  reserve: number;
  /** Stands directly after another number, and so has exactly its width. */
  fixed: boolean;
}

const NUMBERS: Record<string, Field> = {
  y: 'yearOfEra',
  u: 'year',
  Y: 'weekYear',
  D: 'dayOfYear',
  d: 'dayOfMonth',
  M: 'month',
  L: 'month',
  Q: 'quarter',
  q: 'quarter',
  w: 'weekOfYear',
  W: 'weekOfMonth',
  F: 'alignedWeek',
  e: 'localDayOfWeek',
  c: 'localDayOfWeek',
  E: 'dayOfWeek',
  H: 'hour',
  k: 'clockHour',
  K: 'hourOfAmPm',
  h: 'clockHourOfAmPm',
  m: 'minute',
  s: 'second',
  S: 'nano',
  n: 'nano',
  A: 'milliOfDay',
  N: 'nanoOfDay',
  G: 'era',
  a: 'amPm',
};
const TEXTS: Record<string, Field> = { M: 'month', L: 'month', Q: 'quarter', q: 'quarter', E: 'dayOfWeek', e: 'dayOfWeek', c: 'dayOfWeek', G: 'era', a: 'amPm' };
const ALWAYS_TEXT = 'EGa';
const UNBOUNDED = 19;
const MAX_DEPTH = 20;

/** Reads a pattern as DateTimeFormatterBuilder.appendPattern does. Throws an Error that names what is wrong in it. */
export function parseDatePattern(pattern: string): readonly Part[] {
  return new PatternReader(pattern).read();
}

class PatternReader {
  readonly #pattern: string;
  #at = 0;
  #parts: Part[] = [];
  /** The first of the numbers that stand directly after each other. */
  #active: NumberPart | undefined;
  #padding = 0;
  readonly #outer: Part[][] = [];

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  read(): readonly Part[] {
    while (this.#at < this.#pattern.length) this.#next(this.#pattern[this.#at]!);
    while (this.#outer.length > 0) this.#endOptional();
    return this.#parts;
  }

  #next(c: string): void {
    if (/[A-Za-z]/.test(c)) return this.#letters(c);
    if (c === "'") return this.#quoted();
    this.#at++;
    if (c === '[') {
      if (this.#outer.length >= MAX_DEPTH) throw new Error(`The date format holds more than ${MAX_DEPTH} [ inside each other`);
      this.#active = undefined;
      this.#outer.push(this.#parts);
      this.#parts = [];
    } else if (c === ']') this.#endOptional();
    else if ('{}#'.includes(c)) throw new Error(`The date format '${this.#pattern}' holds the reserved character ${c}`);
    else this.#add({ kind: 'literal', text: c });
  }

  #endOptional(): void {
    const parts = this.#parts;
    const outer = this.#outer.pop();
    if (!outer) throw new Error(`The date format '${this.#pattern}' holds a ] without a [`);
    this.#parts = outer;
    this.#add({ kind: 'optional', parts });
  }

  #quoted(): void {
    let text = '';
    for (let i = this.#at + 1; i < this.#pattern.length; i++) {
      if (this.#pattern[i] !== "'") text += this.#pattern[i];
      else if (this.#pattern[i + 1] === "'") text += this.#pattern[i++];
      else {
        this.#add({ kind: 'literal', text: text === '' ? "'" : text });
        this.#at = i + 1;
        return;
      }
    }
    throw new Error(`The date format '${this.#pattern}' ends inside quotes`);
  }

  #letters(letter: string): void {
    let count = 1;
    while (this.#pattern[this.#at + count] === letter) count++;
    this.#at += count;
    if (letter === 'p') {
      this.#padding = count;
      return;
    }
    const part = this.#part(letter, count);
    if (!part) throw new Error(`The date format '${this.#pattern}' holds ${letter.repeat(count)}, which means nothing`);
    this.#add(part);
  }

  #part(letter: string, count: number): Part | undefined {
    if (letter === 'z') return count <= 4 ? { kind: 'zone', style: count === 4 ? 'long' : 'short' } : undefined;
    if (letter === 'v') return count === 1 || count === 4 ? { kind: 'zone', style: count === 4 ? 'long' : 'short' } : undefined;
    if (letter === 'V') return count === 2 ? { kind: 'zone', style: 'id' } : undefined;
    if (letter === 'X' || letter === 'x' || letter === 'Z') return count <= 5 ? { kind: 'offset', letter, count } : undefined;
    if (letter === 'O') return count === 1 || count === 4 ? { kind: 'offset', letter, count } : undefined;
    const text = TEXTS[letter];
    if (text && (count >= 3 || ALWAYS_TEXT.includes(letter))) return textPart(text, count);
    const field = NUMBERS[letter];
    return field && numberPart(letter, field, count);
  }

  /** Numbers that directly follow each other share the digits: each but the first has its exact width. */
  #add(part: Part): void {
    if (this.#padding > 0) {
      this.#parts.push({ kind: 'pad', width: this.#padding, part });
      this.#padding = 0;
      this.#active = undefined;
      return;
    }
    this.#parts.push(part);
    if (part.kind !== 'number') this.#active = undefined;
    else if (!this.#active) this.#active = part;
    else if (part.minimum === part.maximum) {
      this.#active.reserve += part.maximum;
      part.fixed = true;
    } else {
      this.#active.fixed ||= this.#active.minimum === this.#active.maximum;
      this.#active = part;
    }
  }
}

function textPart(field: Field, count: number): Part | undefined {
  const style = count === 4 ? 'full' : count === 5 ? 'narrow' : 'short';
  return count <= 5 ? { kind: 'text', field, style } : undefined;
}

function numberPart(letter: string, field: Field, count: number): NumberPart | undefined {
  const part = (minimum: number, maximum: number, more?: Partial<NumberPart>): NumberPart => {
    return { kind: 'number', field, minimum, maximum, reserve: 0, fixed: false, ...more };
  };
  if (letter === 'S') return count <= 9 ? part(count, count, { fraction: true }) : undefined;
  if ('yuY'.includes(letter)) return count === 2 ? part(2, 2, { reduced: true }) : part(count, UNBOUNDED, { plus: count >= 4 });
  if (count === 1) return part(1, UNBOUNDED);
  if (letter === 'D') return count <= 3 ? part(count, 3) : undefined;
  if ('nAN'.includes(letter)) return part(count, UNBOUNDED);
  return count === 2 && letter !== 'F' && letter !== 'W' ? part(2, 2) : undefined;
}
