import { type Filter, FilterReader } from './filter.ts';

/** One step of a JSON path. */
export type Step =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'all' }
  /** What follows applies to the value and to all that is inside it. */
  | { readonly kind: 'deep' }
  | { readonly kind: 'filter'; readonly filter: Filter }
  | { readonly kind: 'function'; readonly name: string };

export interface JsonPath {
  readonly steps: readonly Step[];
  /** Whether it can point at one place only; else its result is a list. */
  readonly definite: boolean;
}

const NAME = /[^.[\]()'"\s*,:?$@&|=!<>]+/y;
const INDEXES = /\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/y;
const SLICE = /\s*(-?\d+)?\s*:\s*(-?\d+)?\s*\]/y;
const FUNCTIONS = new Set(['length', 'size', 'min', 'max', 'avg', 'sum', 'stddev', 'keys', 'first', 'last']);

/** Reads a JSON path in the syntax of Jayway JsonPath, which NiFi uses. Throws an Error that says where it is wrong. */
export function parseJsonPath(text: string): JsonPath {
  const trimmed = text.trim();
  const reader = new PathReader(trimmed.startsWith('$') || trimmed.startsWith('@') ? trimmed : `$.${trimmed}`, 0, 0);
  const path = reader.read();
  if (reader.at < reader.text.length) throw reader.wrong();
  return path;
}

/** Reads a path that begins at `at` with `$` or `@`, as far as it goes. */
export class PathReader {
  readonly text: string;
  at: number;
  readonly #depth: number;

  constructor(text: string, at: number, depth: number) {
    this.text = text;
    this.at = at;
    this.#depth = depth;
  }

  read(): JsonPath {
    this.at++;
    const steps: Step[] = [];
    while (this.text[this.at] === '.' || this.text[this.at] === '[') steps.push(...this.#step());
    return { steps, definite: steps.every(isDefinite) };
  }

  /** For a path inside a filter, at the current place. */
  inner(depth: number): PathReader {
    return new PathReader(this.text, this.at, depth);
  }

  wrong(): Error {
    return new Error(`'${this.text}' is not a JSON path: unexpected ${this.text[this.at] ?? 'end'} at position ${this.at}`);
  }

  #step(): Step[] {
    if (this.#skip('..')) {
      if (this.text[this.at] === '[') return [{ kind: 'deep' }, this.#bracket()];
      return [{ kind: 'deep' }, this.#dotted()];
    }
    if (this.#skip('.')) return [this.text[this.at] === '[' ? this.#bracket() : this.#dotted()];
    return [this.#bracket()];
  }

  #dotted(): Step {
    if (this.#skip('*')) return { kind: 'all' };
    const name = this.#match(NAME)?.[0];
    if (name === undefined) throw this.wrong();
    if (!FUNCTIONS.has(name) || !this.#skip('()')) return { kind: 'keys', keys: [name] };
    return { kind: 'function', name };
  }

  #bracket(): Step {
    this.at++;
    const indexes = this.#match(INDEXES);
    if (indexes) return { kind: 'indexes', indexes: indexes[1]!.split(',').map(Number) };
    const slice = this.#match(SLICE);
    if (slice) return { kind: 'slice', from: slice[1] === undefined ? undefined : Number(slice[1]), to: slice[2] === undefined ? undefined : Number(slice[2]) };
    this.space();
    if (this.#skip('?')) return this.#filter();
    if (this.#skip('*')) return this.#closed({ kind: 'all' });
    const keys: string[] = [];
    do {
      this.space();
      keys.push(this.quoted());
      this.space();
    } while (this.#skip(','));
    return this.#closed({ kind: 'keys', keys });
  }

  #closed(step: Step): Step {
    this.space();
    if (!this.#skip(']')) throw this.wrong();
    return step;
  }

  #filter(): Step {
    this.space();
    if (!this.#skip('(')) throw this.wrong();
    const reader = new FilterReader(this, this.#depth);
    const filter = reader.read();
    this.space();
    if (!this.#skip(')')) throw this.wrong();
    return this.#closed({ kind: 'filter', filter });
  }

  /** Text in either kind of quotes; a backslash takes the next character as it stands. */
  quoted(): string {
    const found = this.#match(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/sy);
    if (!found) throw this.wrong();
    return (found[1] ?? found[2]!).replace(/\\(.)/gs, '$1');
  }

  space(): void {
    this.#match(/\s*/y);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  #skip(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }
}

function isDefinite(step: Step): boolean {
  if (step.kind === 'keys') return step.keys.length === 1;
  return step.kind === 'function' || (step.kind === 'indexes' && step.indexes.length === 1);
}
