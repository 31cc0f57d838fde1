import { Bytes, type Literal, standsAt } from './byte-writer.ts';

/** What stands at a place of a record, as far as the quick way must know. */
export const Kind = { null: 0, word: 1, ascii: 2, text: 3, integer: 4, number: 5 } as const;

const QUOTE = 0x22,
  BACKSLASH = 0x5c,
  COMMA = 0x2c,
  COLON = 0x3a,
  OPEN = 0x7b,
  CLOSE = 0x7d,
  MINUS = 0x2d,
  DOT = 0x2e,
  ZERO = 0x30,
  NINE = 0x39;
const NULL = Buffer.from('null'),
  TRUE = Buffer.from('true'),
  FALSE = Buffer.from('false');

/** The field names of a record in the order of its text, each with the bytes that stand before its value: `{"id":`, `,"name":`. */
export interface Shape {
  readonly names: readonly string[];
  readonly literals: readonly Literal[];
}

/**
 * Finds the values of flat, compactly written records without making a string or an object of them. Whatever is out of the
 * ordinary (another order of fields, escapes, nested values, blanks) answers -1, and the record is parsed in the usual way.
 */
export class JsonScanner {
  starts = new Int32Array(0);
  ends = new Int32Array(0);
  kinds = new Uint8Array(0);
  private shape: Shape = { names: [], literals: [] };

  /** Takes the shape of the record at `at` for those to come; undefined where it is out of the ordinary. */
  learn(source: Bytes, at: number): Shape | undefined {
    const { bytes } = source;
    const names: string[] = [];
    const literals: Literal[] = [];
    this.resize(1);
    for (let place = at; names.length < 1000; ) {
      if (bytes[place] !== (names.length === 0 ? OPEN : COMMA) || bytes[place + 1] !== QUOTE) return undefined;
      const nameEnd = this.text(source, place + 1, 0);
      if (nameEnd < 0 || bytes[nameEnd] !== COLON) return undefined;
      literals.push(Bytes.literal(Buffer.from(bytes.subarray(place, nameEnd + 1)).toString('utf8')));
      names.push(Buffer.from(bytes.subarray(place + 2, nameEnd - 1)).toString('utf8'));
      place = this.value(source, nameEnd + 1, 0);
      if (place < 0) return undefined;
      if (bytes[place] === CLOSE) break;
    }
    if (new Set(names).size < names.length) return undefined;
    this.resize(names.length);
    this.shape = { names, literals };
    return this.shape;
  }

  /** Finds the values of the record at `at`; the place after it, or -1. */
  record(source: Bytes, at: number): number {
    const { literals } = this.shape;
    let place = at;
    for (let slot = 0; slot < literals.length; slot++) {
      const literal = literals[slot]!;
      if (!standsAt(source, place, literal)) return -1;
      place = this.value(source, place + literal.length, slot);
      if (place < 0) return -1;
    }
    return source.bytes[place] === CLOSE ? place + 1 : -1;
  }

  private resize(slots: number): void {
    this.starts = new Int32Array(slots);
    this.ends = new Int32Array(slots);
    this.kinds = new Uint8Array(slots);
  }

  private value(source: Bytes, at: number, slot: number): number {
    const { bytes } = source;
    const first = bytes[at]!;
    this.starts[slot] = at;
    const end = first === QUOTE ? this.text(source, at, slot) : first === MINUS || (first >= ZERO && first <= NINE) ? this.number(bytes, at, slot) : this.word(bytes, at, slot);
    this.ends[slot] = end;
    return end;
  }

  private text({ bytes, view, length }: Bytes, at: number, slot: number): number {
    let seen = 0;
    let place = at + 1;
    for (; place + 4 <= length; place += 4) {
      const four = view.getUint32(place);
      if (!isPlain(four)) break;
      seen |= four;
    }
    for (; place < length; place++) {
      const byte = bytes[place]!;
      if (byte === QUOTE) {
        this.kinds[slot] = (seen & 0x80808080) === 0 ? Kind.ascii : Kind.text;
        return place + 1;
      }
      if (byte === BACKSLASH || byte < 0x20) return -1;
      seen |= byte;
    }
    return -1;
  }

  /** Digits, perhaps with a sign and a fraction; exponents, and what JSON forbids, are left to the usual way. */
  private number(bytes: Uint8Array, at: number, slot: number): number {
    const first = bytes[at] === MINUS ? at + 1 : at;
    let place = digits(bytes, first);
    if (place === first || (bytes[first] === ZERO && (place > first + 1 || first > at))) return -1;
    this.kinds[slot] = Kind.integer;
    if (bytes[place] === DOT) {
      const fraction = place + 1;
      place = digits(bytes, fraction);
      if (place === fraction) return -1;
      this.kinds[slot] = Kind.number;
    }
    return bytes[place] === COMMA || bytes[place] === CLOSE ? place : -1;
  }

  private word(bytes: Uint8Array, at: number, slot: number): number {
    const word = bytes[at] === NULL[0] ? NULL : bytes[at] === TRUE[0] ? TRUE : FALSE;
    for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word[index]) return -1;
    this.kinds[slot] = word === NULL ? Kind.null : Kind.word;
    return at + word.length;
  }
}

/** Whether none of four bytes is a quote, a backslash or a control character: a byte of zero, or below 0x20, borrows from its top bit. */
function isPlain(four: number): boolean {
  const quotes = four ^ 0x22222222;
  const slashes = four ^ 0x5c5c5c5c;
  return ((((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes) | ((four - 0x20202020) & ~four)) & 0x80808080) === 0;
}

function digits(bytes: Uint8Array, at: number): number {
  let place = at;
  while (bytes[place]! >= ZERO && bytes[place]! <= NINE) place++;
  return place;
}

/** The place after the value that begins at `at`, whatever it is; -1 where the text ends first. */
export function skipValue(bytes: Uint8Array, at: number): number {
  let depth = 0;
  let inText = false;
  for (let place = at; place < bytes.length; place++) {
    const byte = bytes[place]!;
    if (inText) {
      if (byte === BACKSLASH) place++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN || byte === 0x5b) depth++;
    else if ((byte === CLOSE || byte === 0x5d) && --depth === 0) return place + 1;
  }
  return -1;
}

/** The next place that holds no blank. */
export function skipBlanks(bytes: Uint8Array, at: number): number {
  let place = at;
  while (bytes[place] === 0x20 || (bytes[place]! >= 0x09 && bytes[place]! <= 0x0d)) place++;
  return place;
}
