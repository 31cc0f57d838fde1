import { compileRegex, type JavaRegex } from '../../../extension/java/regex.ts';
import { Decimal, doubleValue, type Numeric } from '../numbers.ts';
import { type Json, jsonText, parseJson } from './document.ts';
import type { JsonPath, PathReader } from './path.ts';

/** How a filter looks a path up; given to it, so that reading paths and following them stay apart. */
export type Lookup = (path: JsonPath, from: Json) => Json | undefined;
/** Whether a member of an object or array passes. */
export type Filter = (current: Json, root: Json, lookup: Lookup) => boolean;

type Operand = (current: Json, root: Json, lookup: Lookup) => Json | JavaRegex | undefined;
type Comparison = (a: Json | undefined, b: Json | undefined) => boolean;

const MAX_DEPTH = 50;
const OPERATOR = /===|!==|==|!=|<=|>=|=~|<|>|(?:in|nin|subsetof|anyof|noneof|size|empty|contains)\b/iy;
const LITERAL = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b/y;
const REGEX = /\/((?:[^/\\]|\\.)*)\/([a-zA-Z]*)/sy;

/** Reads the condition of `[?(...)]`, from where its path's reader stands. */
export class FilterReader {
  readonly #path: PathReader;
  #depth: number;

  constructor(path: PathReader, depth: number) {
    this.#path = path;
    this.#depth = depth;
  }

  read(): Filter {
    if (++this.#depth > MAX_DEPTH) throw new Error(`'${this.#path.text}' is not a JSON path: too many filters inside each other`);
    const alternatives = [this.#conjunction()];
    while (this.#skip('||')) alternatives.push(this.#conjunction());
    this.#depth--;
    return (...on) => alternatives.some((alternative) => alternative(...on));
  }

  #conjunction(): Filter {
    const conditions = [this.#condition()];
    while (this.#skip('&&')) conditions.push(this.#condition());
    return (...on) => conditions.every((condition) => condition(...on));
  }

  #condition(): Filter {
    let negated = false;
    while (!this.#starts('!=') && this.#skip('!')) negated = !negated;
    const filter = this.#skip('(') ? this.#grouped() : this.#comparison();
    return negated ? (...on) => !filter(...on) : filter;
  }

  #grouped(): Filter {
    const filter = this.read();
    if (!this.#skip(')')) throw this.#path.wrong();
    return filter;
  }

  #comparison(): Filter {
    const left = this.#operand();
    const operator = this.#match(OPERATOR)?.[0].toLowerCase();
    if (!operator) return (...on) => left(...on) !== undefined;
    const right = this.#operand();
    if (operator === '=~') return (...on) => isMatch(left(...on), right(...on));
    const compare = COMPARISONS[operator]!;
    return (...on) => compare(left(...on) as Json | undefined, right(...on) as Json | undefined);
  }

  #operand(): Operand {
    this.#path.space();
    const c = this.#path.text[this.#path.at];
    if (c === '@' || c === '$') return this.#pathOperand(c);
    const regex = this.#match(REGEX);
    if (regex) return constant(compileRegex(regex[2] ? `(?${regex[2]})${regex[1]}` : regex[1]!));
    if (c === "'" || c === '"') return constant(this.#path.quoted());
    if (c === '[' || c === '{') return constant(this.#json());
    const literal = this.#match(LITERAL);
    if (!literal) throw this.#path.wrong();
    return constant(parseJson(literal[0]));
  }

  #pathOperand(start: string): Operand {
    const reader = this.#path.inner(this.#depth);
    const path = reader.read();
    this.#path.at = reader.at;
    return start === '@' ? (current, _, lookup) => lookup(path, current) : (_, root, lookup) => lookup(path, root);
  }

  /** A list such as `['a', 'b']`. */
  #json(): Json {
    const end = this.#path.text.indexOf(this.#path.text[this.#path.at] === '[' ? ']' : '}', this.#path.at);
    if (end < 0) throw this.#path.wrong();
    const source = this.#path.text.slice(this.#path.at, end + 1);
    this.#path.at = end + 1;
    return parseJson(source.replace(/'((?:[^'\\]|\\.)*)'/gs, (_, inner: string) => JSON.stringify(inner)));
  }

  #starts(text: string): boolean {
    this.#path.space();
    return this.#path.text.startsWith(text, this.#path.at);
  }

  #skip(text: string): boolean {
    if (!this.#starts(text)) return false;
    this.#path.at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    this.#path.space();
    pattern.lastIndex = this.#path.at;
    const found = pattern.exec(this.#path.text);
    if (found) this.#path.at = pattern.lastIndex;
    return found;
  }
}

function constant(value: Json | JavaRegex): Operand {
  return () => value;
}

function isMatch(value: Json | JavaRegex | undefined, pattern: Json | JavaRegex | undefined): boolean {
  return typeof value === 'string' && pattern !== undefined && typeof pattern === 'object' && pattern !== null && 'matches' in pattern && pattern.matches(value);
}

function isNumeric(value: Json | undefined): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal;
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (isNumeric(a) && isNumeric(b)) return doubleValue(a) === doubleValue(b);
  if (typeof a === 'object' && typeof b === 'object') return jsonText(a) === jsonText(b);
  return a === b;
}

function ordered(holds: (a: number | string, b: number | string) => boolean): Comparison {
  return (a, b) => {
    if (isNumeric(a) && isNumeric(b)) return holds(doubleValue(a), doubleValue(b));
    return typeof a === 'string' && typeof b === 'string' && holds(a, b);
  };
}

function among(value: Json | undefined, list: Json | undefined): boolean {
  return Array.isArray(list) && list.some((member) => isSame(member, value));
}

function sizeOf(value: Json | undefined): number | undefined {
  return Array.isArray(value) || typeof value === 'string' ? value.length : value instanceof Map ? value.size : undefined;
}

const COMPARISONS: Record<string, Comparison> = {
  '==': isSame,
  '===': isSame,
  '!=': (a, b) => !isSame(a, b),
  '!==': (a, b) => !isSame(a, b),
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
  in: among,
  nin: (a, b) => !among(a, b),
  subsetof: (a, b) => Array.isArray(a) && a.every((member) => among(member, b)),
  anyof: (a, b) => Array.isArray(a) && a.some((member) => among(member, b)),
  noneof: (a, b) => Array.isArray(a) && !a.some((member) => among(member, b)),
  size: (a, b) => sizeOf(a) !== undefined && isSame(sizeOf(a), b),
  empty: (a, b) => sizeOf(a) !== undefined && (sizeOf(a) === 0) === b,
  contains: (a, b) => (typeof a === 'string' ? typeof b === 'string' && a.includes(b) : among(b, a)),
};
