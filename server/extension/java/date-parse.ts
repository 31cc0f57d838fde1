import { findName } from './date-names.ts';
import { type Field, type NumberPart, type Part, parseDatePattern } from './date-pattern.ts';
import { type Zone, zoneOf } from './zones.ts';
import { OFFSETS_BY_SHORT_NAME, ZONES_BY_SHORT_NAME } from './zone-names.ts';

/** What was read from a text, before the fields are put together. */
export interface ParsedDate {
  readonly fields: ReadonlyMap<Field, number>;
  readonly zone?: Zone;
  /** Seconds to UTC. */
  readonly offset?: number;
}

/** A compiled pattern of java.time.format.DateTimeFormatter, for input. Throws an Error where the text does not fit it. */
export type DateParser = (text: string) => ParsedDate;

const caches = { lenient: new Map<string, DateParser>(), strict: new Map<string, DateParser>() };

/**
 * Compiles a pattern. Leniently, as `toDate` reads: capitals do not matter, `d` and `dd` both take one digit or more, `MMM`
 * takes `March` as well. Throws an Error that names what is wrong in the pattern.
 */
export function compileDateParser(pattern: string, manner: 'lenient' | 'strict'): DateParser {
  const cache = caches[manner];
  let parser = cache.get(pattern);
  if (!parser) {
    const parts = parseDatePattern(pattern);
    parser = (text) => new Reader(text, manner === 'lenient').read(parts, pattern);
    if (cache.size > 500) cache.clear();
    cache.set(pattern, parser);
  }
  return parser;
}

const OFFSET = /([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?/y;
const ZONE_ID = /(?:UTC|GMT|UT)[+-]\d{1,2}(?::?\d{2})?|[A-Za-z][A-Za-z0-9~/._+-]*|[+-]\d{1,2}(?::?\d{2}){0,2}/y;

class Reader {
  readonly #text: string;
  readonly #lenient: boolean;
  #at = 0;
  #fields = new Map<Field, number>();
  #zone: Zone | undefined;
  #offset: number | undefined;

  constructor(text: string, lenient: boolean) {
    this.#text = text;
    this.#lenient = lenient;
  }

  read(parts: readonly Part[], pattern: string): ParsedDate {
    if (!this.#parts(parts) || this.#at < this.#text.length) {
      throw new Error(`'${this.#text}' does not fit the date format '${pattern}': unexpected at position ${this.#at}`);
    }
    return { fields: this.#fields, zone: this.#zone, offset: this.#offset };
  }

  #parts(parts: readonly Part[]): boolean {
    return parts.every((part) => this.#part(part));
  }

  #part(part: Part): boolean {
    switch (part.kind) {
      case 'literal':
        return this.#literal(part.text);
      case 'number':
        return part.fraction ? this.#fraction(part) : this.#number(part);
      case 'text':
        return this.#name(part.field, part.style);
      case 'offset':
        return this.#readOffset(part.letter, part.count);
      case 'zone':
        return this.#readZone();
      case 'optional':
        return this.#optional(part.parts);
      case 'pad':
        while (this.#text[this.#at] === ' ') this.#at++;
        return this.#part(part.part);
    }
  }

  #optional(parts: readonly Part[]): boolean {
    const before = { at: this.#at, fields: new Map(this.#fields), zone: this.#zone, offset: this.#offset };
    if (this.#parts(parts)) return true;
    this.#at = before.at;
    this.#fields = before.fields;
    this.#zone = before.zone;
    this.#offset = before.offset;
    return true;
  }

  #literal(text: string): boolean {
    const found = this.#text.slice(this.#at, this.#at + text.length);
    if (found !== text && !(this.#lenient && found.toLowerCase() === text.toLowerCase())) return false;
    this.#at += text.length;
    return true;
  }

  #set(field: Field, value: number): boolean {
    const before = this.#fields.get(field);
    this.#fields.set(field, value);
    return before === undefined || before === value;
  }

  /** How many digits stand at the current place, up to a limit. */
  #digits(limit: number): number {
    let count = 0;
    while (count < limit && isDigit(this.#text.charCodeAt(this.#at + count))) count++;
    return count;
  }

  #number({ field, minimum, maximum, reserve, fixed, reduced }: NumberPart): boolean {
    const exact = fixed || (reserve > 0 && minimum === maximum && !(reduced && this.#lenient));
    const anyWidth = this.#lenient && !exact;
    const least = anyWidth ? 1 : minimum;
    const sign = maximum > 2 && !exact ? this.#sign() : 1;
    const digits = this.#digits((anyWidth ? 9 : maximum) + reserve);
    const width = Math.max(least, digits - reserve);
    if (digits < width) return false;
    const value = sign * Number(this.#text.slice(this.#at, this.#at + width));
    this.#at += width;
    return this.#set(field, reduced && width === 2 ? 2000 + value : value);
  }

  #sign(): number {
    const c = this.#text[this.#at];
    if (c !== '-' && c !== '+') return 1;
    this.#at++;
    return c === '-' ? -1 : 1;
  }

  #fraction({ field, minimum, fixed }: NumberPart): boolean {
    const anyWidth = this.#lenient && !fixed;
    const width = this.#digits(anyWidth ? 9 : minimum);
    if (width < (anyWidth ? 0 : minimum)) return false;
    const digits = this.#text.slice(this.#at, this.#at + width);
    this.#at += width;
    return this.#set(field, Number(digits.padEnd(9, '0')));
  }

  #name(field: Field, style: 'short' | 'full' | 'narrow'): boolean {
    const found = findName(field, this.#text, this.#at, this.#lenient ? undefined : style, this.#lenient);
    if (!found) return this.#lenient && this.#number({ kind: 'number', field, minimum: 1, maximum: 9, reserve: 0, fixed: false });
    this.#at += found.length;
    return this.#set(field, found.value);
  }

  #readOffset(letter: 'X' | 'x' | 'Z' | 'O', count: number): boolean {
    const localized = letter === 'O' || (letter === 'Z' && count === 4);
    if (localized && !this.#literal('GMT')) return false;
    const zulu = (letter === 'X' || (letter === 'Z' && count === 5)) && this.#literal('Z');
    OFFSET.lastIndex = this.#at;
    const found = zulu ? null : OFFSET.exec(this.#text);
    if (found) {
      const [, sign, hours, minutes = '0', seconds = '0'] = found;
      this.#offset = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
      this.#at = OFFSET.lastIndex;
    } else if (zulu || localized) this.#offset = 0;
    return found !== null || zulu || localized;
  }

  #readZone(): boolean {
    ZONE_ID.lastIndex = this.#at;
    const found = ZONE_ID.exec(this.#text)?.[0];
    if (!found) return false;
    const short = found.toUpperCase();
    try {
      this.#zone = zoneOf(ZONES_BY_SHORT_NAME[short] ?? found);
    } catch {
      return false;
    }
    if (ZONES_BY_SHORT_NAME[short]) this.#offset ??= OFFSETS_BY_SHORT_NAME[short];
    this.#at += found.length;
    return true;
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
