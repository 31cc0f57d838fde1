import { bounded, harmlessFor } from './regex-guard.ts';
import { compileReplacement, type Replacement } from './replacement.ts';
import { translateRegex } from './regex-translation.ts';

/** A java.util.regex.Pattern, translated once. Its methods throw RegexTimeout where a match takes too long. */
export class JavaRegex {
  /** For find, not global: `test` keeps no state. */
  readonly #find: RegExp;
  readonly #pattern: string;
  /** How long texts may be that no match can take long on. */
  readonly harmless: number;
  readonly #source: string;
  readonly #flags: string;
  readonly #groups: readonly number[];
  readonly #names: ReadonlyMap<string, number>;
  #whole: RegExp | undefined;
  #all: RegExp | undefined;
  #replacement: Replacement | undefined;

  /** Throws an Error that says what is wrong with the pattern. */
  constructor(pattern: string) {
    const { source, flags, groups, names } = translateRegex(pattern);
    this.#source = source;
    this.#flags = flags;
    this.#groups = groups;
    this.#names = names;
    this.#find = new RegExp(source, flags);
    this.#pattern = pattern;
    this.harmless = harmlessFor(this.#find);
  }

  /** Whether the pattern matches anywhere in the text. */
  find(text: string): boolean {
    return this.#bounded(text, () => this.#find.test(text));
  }

  /** The first match anywhere in the text: what a named group holds, undefined where it took no part. Null where there is none. */
  exec(text: string): ((name: string) => string | undefined) | null {
    const match = this.#bounded(text, () => this.#find.exec(text));
    if (!match) return null;
    return (name) => {
      const group = this.#names.get(name);
      return group === undefined ? undefined : match[this.#groups[group]!];
    };
  }

  /** The names of its groups. */
  get groupNames(): readonly string[] {
    return [...this.#names.keys()];
  }

  /** Whether the pattern matches the whole text. */
  matches(text: string): boolean {
    this.#whole ??= new RegExp(`(?:${this.#source})(?![^])`, `${this.#flags}y`);
    const whole = this.#whole;
    whole.lastIndex = 0;
    return this.#bounded(text, () => whole.test(text));
  }

  /** `replacement` is in Java's form: `$1`, `${name}`, and a backslash before what is meant as it stands. */
  replaceAll(text: string, replacement: string): string {
    this.#all ??= new RegExp(this.#source, `${this.#flags}g`);
    const all = this.#all;
    return this.#bounded(text, () => text.replace(all, this.#compiled(replacement)));
  }

  /** Replaces the first match. */
  replaceFirst(text: string, replacement: string): string {
    return this.#bounded(text, () => text.replace(this.#find, this.#compiled(replacement)));
  }

  /** Parts of the text between the matches, as Java's String.split: without empty ones at the end. */
  split(text: string): string[] {
    return this.#bounded(text, () => this.#parts(text));
  }

  #parts(text: string): string[] {
    const parts: string[] = [];
    let from = 0;
    this.#all ??= new RegExp(this.#source, `${this.#flags}g`);
    for (const match of text.matchAll(this.#all)) {
      const end = match.index + match[0].length;
      if (end === 0 || (match[0] === '' && match.index === text.length)) continue;
      parts.push(text.slice(from, match.index));
      from = end;
    }
    parts.push(text.slice(from));
    return parts;
  }

  #bounded<T>(text: string, run: () => T): T {
    return text.length <= this.harmless ? run() : bounded(this.#find, { pattern: this.#pattern, length: text.length, property: undefined }, run);
  }

  #compiled(source: string): Replacement['replacer'] {
    if (this.#replacement?.source !== source) this.#replacement = compileReplacement(source, this.#groups, this.#names);
    return this.#replacement.replacer;
  }
}

const MAX_CACHED = 500;
const cache = new Map<string, JavaRegex>();

/** A compiled pattern; the same text gives the same object. Throws an Error that says what is wrong with the pattern. */
export function compileRegex(pattern: string): JavaRegex {
  let found = cache.get(pattern);
  if (!found) {
    try {
      found = new JavaRegex(pattern);
    } catch (cause) {
      throw new Error(`'${pattern}' is not a regular expression: ${(cause as Error).message}`);
    }
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(pattern, found);
  }
  return found;
}
