import { PropertyError } from '../errors.ts';

/** A RecordPath as a tree. A path begins at the root, or at the field that is looked at (`.`), or above it (`..`). */
export type PathNode =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly PathNode[] }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: PathNode; readonly right: PathNode }
  | { readonly kind: 'path'; readonly from: 'root' | 'current' | 'parent'; readonly steps: readonly Step[] };

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** From an index to another, both included. */
export type Range = readonly [number, number];

export type Step =
  | { readonly kind: 'child' | 'descendant'; readonly name: string | undefined }
  | { readonly kind: 'parent' | 'self' | 'every' }
  | { readonly kind: 'indices'; readonly ranges: readonly Range[] }
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'predicate'; readonly filter: PathNode };

interface Token {
  readonly kind: 'mark' | 'number' | 'name' | 'text' | 'end';
  readonly text: string;
  readonly at: number;
}

const MARK = /\/\/|\/|\[|\]|\(|\)|,|\.\.|\.|\*|<=|>=|!=|<|>|=/y;
const NUMBER = /-?\d+/y;
const NAME = /[^/[\]*"',\t\r\n0-9 .\-=?<>()][^/[\]*"',\t\r\n=?<> ()]*/y;
const TEXT = /"(?:\\[\s\S]|[^"\\\n\r\t])*"|'(?:\\[\s\S]|[^'\\\n\r\t])*'/y;
const KINDS = [
  ['mark', MARK],
  ['number', NUMBER],
  ['text', TEXT],
  ['name', NAME],
] as const;

/** Escapes of quotes and line breaks; any other backslash is meant as it stands, for regular expressions. */
const unescaped = (text: string): string => text.slice(1, -1).replace(/\\([\s\S])/g, (whole, c: string) => ({ '"': '"', "'": "'", n: '\n', r: '\r', t: '\t' })[c] ?? whole);

function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    const match = KINDS.map(([kind, pattern]) => ({ kind, text: matchAt(pattern, text, at) })).find((one) => one.text !== undefined);
    if (!match) throw wrong(text, at, `'${text[at]}' is not expected`);
    found.push({ kind: match.kind, text: match.kind === 'text' ? unescaped(match.text!) : match.text!, at });
    at += match.text!.length;
  }
  return [...found, { kind: 'end', text: 'the end', at: text.length }];
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const wrong = (path: string, at: number, what: string): PropertyError => new PropertyError(`'${path}' is not a RecordPath: ${what} at position ${at}`);

const OPERATORS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='];
const MAX_DEPTH = 100;

class Parser {
  readonly #path: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(path: string) {
    this.#path = path;
    this.#tokens = tokens(path);
  }

  whole(): PathNode {
    const node = this.#filter();
    if (this.#peek.kind !== 'end') throw this.#unexpected();
    return node;
  }

  get #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #is(mark: string): boolean {
    return this.#peek.kind === 'mark' && this.#peek.text === mark;
  }

  #take(mark: string): boolean {
    if (!this.#is(mark)) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw this.#unexpected(`, '${mark}' is`);
  }

  #unexpected(instead = ''): PropertyError {
    return wrong(this.#path, this.#peek.at, `'${this.#peek.text}' is not expected${instead}`);
  }

  #filter(): PathNode {
    if (++this.#depth > MAX_DEPTH) throw wrong(this.#path, this.#peek.at, 'it is nested too deep');
    const left = this.#expression();
    const operator = this.#peek.kind === 'mark' && OPERATORS.includes(this.#peek.text) ? (this.#tokens[this.#at++]!.text as Operator) : undefined;
    const node: PathNode = operator ? { kind: 'compare', operator, left, right: this.#expression() } : left;
    this.#depth--;
    return node;
  }

  #expression(): PathNode {
    const { kind, text } = this.#peek;
    if (kind === 'mark') return this.#pathNode();
    this.#at++;
    if (kind === 'number') return { kind, value: Number(text) };
    if (kind === 'text') return { kind, value: text };
    if (kind === 'name' && this.#take('(')) return { kind: 'function', name: text, args: this.#args() };
    this.#at--;
    throw this.#unexpected();
  }

  #args(): PathNode[] {
    const args: PathNode[] = [];
    if (this.#take(')')) return args;
    do args.push(this.#filter());
    while (this.#take(','));
    this.#expect(')');
    return args;
  }

  #pathNode(): PathNode {
    const from = this.#take('..') ? 'parent' : this.#take('.') ? 'current' : 'root';
    const steps: Step[] = [];
    for (let step = this.#step(from); step; step = this.#step(from)) steps.push(step);
    if (steps.length === 0 && from === 'root' && !this.#take('/')) throw this.#unexpected();
    return { kind: 'path', from, steps };
  }

  #step(from: string): Step | undefined {
    if (this.#take('[')) return this.#bracket();
    if (this.#take('//')) return { kind: 'descendant', name: this.#fieldName() };
    if (!this.#is('/')) return undefined;
    const next = this.#tokens[this.#at + 1] ?? this.#peek;
    // A slash alone is the root.
    if (from === 'root' && !this.#startsStep(next)) return undefined;
    this.#at++;
    if (this.#take('..')) return { kind: 'parent' };
    if (this.#take('.')) return { kind: 'self' };
    if (this.#is('[')) return { kind: 'self' };
    return { kind: 'child', name: this.#fieldName() };
  }

  #startsStep({ kind, text }: Token): boolean {
    return kind === 'name' || kind === 'text' || (kind === 'mark' && ['*', '..', '.', '['].includes(text));
  }

  #fieldName(): string | undefined {
    if (this.#take('*')) return undefined;
    const { kind, text } = this.#peek;
    if (kind !== 'name' && kind !== 'text') throw this.#unexpected();
    this.#at++;
    return text;
  }

  #bracket(): Step {
    const first = this.#peek;
    const next = this.#tokens[this.#at + 1] ?? this.#peek;
    const ends = next.kind === 'mark' && [']', ',', '..'].includes(next.text);
    const step: Step =
      this.#is('*') && ends
        ? this.#every()
        : first.kind === 'number' && ends
          ? this.#indices()
          : first.kind === 'text' && ends
            ? this.#keys()
            : { kind: 'predicate', filter: this.#filter() };
    this.#expect(']');
    return step;
  }

  #every(): Step {
    this.#at++;
    return { kind: 'every' };
  }

  #number(): number {
    const { kind, text } = this.#peek;
    if (kind !== 'number') throw this.#unexpected();
    this.#at++;
    return Number(text);
  }

  #indices(): Step {
    const ranges: Range[] = [];
    do {
      const from = this.#number();
      ranges.push([from, this.#take('..') ? this.#number() : from]);
    } while (this.#take(','));
    return { kind: 'indices', ranges };
  }

  #keys(): Step {
    const keys: string[] = [];
    do {
      if (this.#peek.kind !== 'text') throw this.#unexpected();
      keys.push(this.#tokens[this.#at++]!.text);
    } while (this.#take(','));
    return { kind: 'keys', keys };
  }
}

/** A RecordPath's text to its tree. Throws PropertyError, which names the position. */
export const parseRecordPath = (text: string): PathNode => new Parser(text).whole();
