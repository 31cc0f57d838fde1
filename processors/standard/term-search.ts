interface State {
  readonly next: Map<number, State>;
  /** Where the search goes on when the next byte does not follow here: the longest end of this that begins a term. */
  fallback: State | undefined;
  term: Buffer | undefined;
}

const newState = (): State => ({ next: new Map(), fallback: undefined, term: undefined });

/** Looks for many terms at once, each byte once (Aho and Corasick, 1975). */
export class TermSearch {
  readonly #root = newState();

  constructor(terms: readonly Buffer[]) {
    for (const term of terms) if (term.length > 0) this.#add(term);
    this.#link();
  }

  /** The term that ends first in the content; undefined where there is none. */
  async find(content: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
    let state = this.#root;
    for await (const piece of content) {
      for (const byte of piece) {
        state = this.#step(state, byte);
        if (state.term) return state.term;
      }
    }
    return undefined;
  }

  #add(term: Buffer): void {
    let state = this.#root;
    for (const byte of term) {
      const next = state.next.get(byte) ?? newState();
      state.next.set(byte, next);
      state = next;
    }
    state.term = term;
  }

  #link(): void {
    const queue: State[] = [this.#root];
    for (const state of queue) {
      for (const [byte, next] of state.next) {
        next.fallback = state === this.#root ? this.#root : this.#step(state.fallback!, byte);
        next.term ??= next.fallback.term;
        queue.push(next);
      }
    }
  }

  #step(from: State, byte: number): State {
    for (let state: State | undefined = from; state; state = state.fallback) {
      const next = state.next.get(byte);
      if (next) return next;
    }
    return this.#root;
  }
}
