const MAX_PATTERNS = 1000;

/** Compiled patterns by their text: an expression in a property may give another one for each FlowFile, and usually gives the same. */
export class PatternCache {
  readonly #patterns = new Map<string, RegExp>();
  readonly #compile: (text: string) => RegExp;

  constructor(compile: (text: string) => RegExp) {
    this.#compile = compile;
  }

  /** Throws PropertyError. */
  get(text: string): RegExp {
    const known = this.#patterns.get(text);
    if (known) return known;
    const compiled = this.#compile(text);
    if (this.#patterns.size < MAX_PATTERNS) this.#patterns.set(text, compiled);
    return compiled;
  }
}
