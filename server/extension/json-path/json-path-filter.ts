import { messageOf, PropertyError } from '../errors.ts';
import { compileRegex, type JavaRegex } from '../java/regex.ts';
import { isNumber, type Json, jsonText, parseJson } from './json-document.ts';
import type { PathText } from './json-path-text.ts';

/** Whether a member passes a filter; `root` is the whole document. */
export type Condition = (member: Json, root: Json) => boolean;
type Operand = (member: Json, root: Json) => Json | undefined;

/** Reads the path that stands after `@` or `$`. */
export type ReadPath = (at: PathText) => { read(from: Json, root?: Json): Json | undefined };

/** Reads the condition of `[?(...)]`, from behind its opening parenthesis to before the closing one. */
export class ConditionReader {
  readonly #at: PathText;
  readonly #readPath: ReadPath;

  constructor(at: PathText, readPath: ReadPath) {
    this.#at = at;
    this.#readPath = readPath;
  }

  read(): Condition {
    const alternatives = [this.#conjunction()];
    while (this.#at.match(/\s*\|\|/y)) alternatives.push(this.#conjunction());
    return (member, root) => alternatives.some((alternative) => alternative(member, root));
  }

  #conjunction(): Condition {
    const conditions = [this.#single()];
    while (this.#at.match(/\s*&&/y)) conditions.push(this.#single());
    return (member, root) => conditions.every((condition) => condition(member, root));
  }

  #single(): Condition {
    this.#at.space();
    if (this.#at.match(/!(?!=)/y)) {
      const condition = this.#single();
      return (member, root) => !condition(member, root);
    }
    if (!this.#at.skip('(')) return this.#comparison();
    const condition = this.read();
    if (!this.#at.match(/\s*\)/y)) throw this.#at.wrong();
    return condition;
  }

  #comparison(): Condition {
    const left = this.#operand();
    if (this.#at.match(/\s*=~/y)) return this.#match(left);
    const operator = this.#at.match(/\s*(===?|!==?|<=|>=|<|>|nin\b|in\b)/iy)?.[1]?.toLowerCase();
    if (!operator) return (member, root) => left(member, root) !== undefined;
    const right = this.#operand();
    const compare = COMPARISONS[operator]!;
    return (member, root) => compare(left(member, root), right(member, root));
  }

  #match(left: Operand): Condition {
    const found = this.#at.match(/\s*\/((?:[^/\\]|\\.)*)\/([a-z]*)/sy);
    if (!found) throw this.#at.wrong();
    const regex = regexOf(found[2] ? `(?${found[2]})${found[1]}` : found[1]!);
    return (member, root) => {
      const value = left(member, root);
      return typeof value === 'string' && regex.matches(value);
    };
  }

  #operand(): Operand {
    this.#at.space();
    if (this.#at.skip('@')) {
      const path = this.#readPath(this.#at);
      return (member, root) => path.read(member, root);
    }
    if (this.#at.skip('$')) {
      const path = this.#readPath(this.#at);
      return (_, root) => path.read(root);
    }
    const value = this.#value();
    return () => value;
  }

  #value(): Json {
    const text = this.#at.quoted();
    if (text !== undefined) return text;
    const literal = this.#at.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b/y);
    if (literal) return parseJson(literal[0]);
    if (!this.#at.match(/\[\s*/y)) throw this.#at.wrong();
    const list: Json[] = [];
    while (!this.#at.match(/\s*\]/y)) {
      this.#at.space();
      list.push(this.#value());
      this.#at.match(/\s*,/y);
    }
    return list;
  }
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (isNumber(a) && isNumber(b)) return a.value === b.value || Number(a.value) === Number(b.value);
  if (typeof a === 'object' && typeof b === 'object') return jsonText(a) === jsonText(b);
  return a === b;
}

function ordered(holds: (a: number | string, b: number | string) => boolean): (a: Json | undefined, b: Json | undefined) => boolean {
  return (a, b) => {
    if (isNumber(a) && isNumber(b)) return holds(Number(a.value), Number(b.value));
    return typeof a === 'string' && typeof b === 'string' && holds(a, b);
  };
}

const among = (value: Json | undefined, list: Json | undefined): boolean => Array.isArray(list) && list.some((member) => isSame(member, value));
const isOther = (a: Json | undefined, b: Json | undefined): boolean => !isSame(a, b);

const COMPARISONS: Readonly<Record<string, (a: Json | undefined, b: Json | undefined) => boolean>> = {
  '==': isSame,
  '===': isSame,
  '!=': isOther,
  '!==': isOther,
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
  in: among,
  nin: (a, b) => !among(a, b),
};

function regexOf(pattern: string): JavaRegex {
  try {
    return compileRegex(pattern);
  } catch (thrown) {
    throw new PropertyError(messageOf(thrown));
  }
}
