import { Decimal, decimalText, type Whole, wrap } from '../numbers.ts';

/** JSON as Jackson reads it: whole numbers exact, decimals apart from them, objects in the order of their keys. */
export type Json = null | string | boolean | Whole | Decimal | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

const MAX_DEPTH = 1000;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"(?:[ -!#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\r\n]*/y;

/** Reads a document. Throws an Error that says where it is wrong. */
export function parseJson(text: string): Json {
  return new JsonReader(text).read();
}

/** Whether the text is a JSON object or array (Guide, "isJson"). */
export function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Compact text, as Jackson writes it. */
export function jsonText(value: Json): string {
  if (value instanceof Map) return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`).join(',')}}`;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value instanceof Decimal) return decimalText(value.value);
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Json {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#wrong();
    return value;
  }

  #value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new Error(`JSON nested more than ${MAX_DEPTH} deep`);
    this.#space();
    const c = this.#text[this.#at];
    if (c === '{') return this.#object(depth);
    if (c === '[') return this.#array(depth);
    if (c === '"') return this.#string();
    if (this.#skip('true')) return true;
    if (this.#skip('false')) return false;
    if (this.#skip('null')) return null;
    return this.#number();
  }

  #object(depth: number): JsonObject {
    const object: JsonObject = new Map();
    this.#at++;
    this.#space();
    if (this.#skip('}')) return object;
    do {
      this.#space();
      const key = this.#string();
      this.#space();
      if (!this.#skip(':')) throw this.#wrong();
      object.set(key, this.#value(depth + 1));
      this.#space();
    } while (this.#skip(','));
    if (!this.#skip('}')) throw this.#wrong();
    return object;
  }

  #array(depth: number): Json[] {
    const array: Json[] = [];
    this.#at++;
    this.#space();
    if (this.#skip(']')) return array;
    do {
      array.push(this.#value(depth + 1));
      this.#space();
    } while (this.#skip(','));
    if (!this.#skip(']')) throw this.#wrong();
    return array;
  }

  #string(): string {
    STRING.lastIndex = this.#at;
    const found = STRING.exec(this.#text);
    if (!found) throw this.#wrong();
    this.#at = STRING.lastIndex;
    return found[0].includes('\\') ? (JSON.parse(found[0]) as string) : found[0].slice(1, -1);
  }

  #number(): Json {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text);
    if (!found) throw this.#wrong();
    this.#at = NUMBER.lastIndex;
    const [digits, fraction, exponent] = found;
    if (fraction ?? exponent) return new Decimal(Number(digits));
    return digits.length < 16 ? Number(digits) + 0 : bigWhole(digits);
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #wrong(): Error {
    const found = this.#text[this.#at];
    return new Error(found === undefined ? 'the JSON ends too early' : `unexpected ${found} in JSON at position ${this.#at}`);
  }
}

/** JSON has no limit to the length of a number: what 64 bits cannot hold stays a bigint. */
function bigWhole(digits: string): Whole {
  const value = BigInt(digits);
  return BigInt.asIntN(64, value) === value ? wrap(value) : value;
}
