/** Steps that a match may take without anybody noticing: some 50 ms. */
const STEPS = 1e7;
/** Repetitions inside repetitions double the work with each character. */
const NESTED_LENGTH = 20;
/** Repeated so often, a part counts as repeated without end. */
const MANY = 10;

const QUANTIFIER = /[*+?]|\{(\d+)(,(\d*))?\}/y;

interface Repetition {
  readonly isMany: boolean;
  readonly end: number;
}

function repetitionAt(source: string, at: number): Repetition | undefined {
  QUANTIFIER.lastIndex = at;
  const found = QUANTIFIER.exec(source);
  if (!found) return undefined;
  const [text, least, hasMost, most] = found;
  const isMany = least === undefined ? text !== '?' : hasMost !== undefined && most === '' ? true : Number(most || least) >= MANY;
  return { isMany, end: QUANTIFIER.lastIndex };
}

/** The end of a class, which may hold others (flag v). */
function classEnd(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '[') depth++;
    else if (source[at] === ']' && --depth === 0) return at + 1;
  }
  return source.length;
}

/** What stands before a name or an assertion in a group: its question mark is no quantifier. */
const GROUP = /\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/y;

function groupEnd(source: string, at: number): number {
  GROUP.lastIndex = at;
  return GROUP.exec(source) ? GROUP.lastIndex : at + 1;
}

/** How many parts of an expression repeat, and whether one does within another. */
class RepetitionCount {
  count = 0;
  isNested = false;
  /** Of each open group: whether there is more than one way through it. */
  readonly #open: boolean[] = [false];

  /** Reads what stands at a place; returns where the next begins. */
  step(source: string, at: number): number {
    const char = source[at]!;
    if (char === '(') {
      this.#open.push(false);
      return groupEnd(source, at);
    }
    if (char === '|') this.#open[this.#open.length - 1] = true;
    const varies = char === ')' && this.#open.length > 1 ? this.#open.pop()! : false;
    const end = char === '\\' ? at + 2 : char === '[' ? classEnd(source, at) : at + 1;
    return this.#quantified(source, end, varies);
  }

  #quantified(source: string, at: number, varies: boolean): number {
    const repetition = repetitionAt(source, at);
    if (repetition?.isMany) {
      this.count++;
      this.isNested ||= varies;
    }
    if (varies || repetition) this.#open[this.#open.length - 1] = true;
    return repetition ? repetition.end + Number(/[?+]/.test(source[repetition.end] ?? '')) : at;
  }
}

/**
 * How long a text may be so that a JavaScript regular expression cannot take long on it, however badly it backtracks: without
 * end where nothing repeats; else the more parts repeat, the shorter.
 */
export function harmlessLength(source: string): number {
  const found = new RepetitionCount();
  for (let at = 0; at < source.length; ) at = found.step(source, at);
  if (found.isNested) return NESTED_LENGTH;
  return found.count === 0 ? Number.POSITIVE_INFINITY : Math.floor(STEPS ** (1 / (found.count + 1)));
}
