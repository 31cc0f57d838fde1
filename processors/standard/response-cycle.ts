/** Responses in their order, each as often in a row as it is asked for, then from the beginning. */
export class ResponseCycle<R extends string = string> {
  readonly #responses: readonly (readonly [R, number])[];
  #current = 0;
  #given = 0;

  constructor(counts: Readonly<Record<R, number>>) {
    this.#responses = (Object.entries(counts) as [R, number][]).filter(([, count]) => count > 0);
  }

  /** The next response, undefined where none is asked for; `isNew` says that it is another one than before. */
  next(): { readonly response: R | undefined; readonly isNew: boolean } {
    if (this.#responses.length === 0) return { response: undefined, isNew: false };
    const isNew = this.#given >= this.#responses[this.#current]![1];
    if (isNew) {
      this.#current = (this.#current + 1) % this.#responses.length;
      this.#given = 0;
    }
    this.#given++;
    return { response: this.#responses[this.#current]![0], isNew };
  }
}
