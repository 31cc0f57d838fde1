/** Stylesheets that were read, the least recently used ones forgotten first. */
export class Stylesheets {
  readonly #kept = new Map<string, { text: string; until: number }>();
  readonly #size: number;
  readonly #duration: number;

  /** `duration`: how long one is kept after its last use, milliseconds; 0 for ever. */
  constructor(size: number, duration: number) {
    this.#size = size;
    this.#duration = duration;
  }

  async get(place: string, now: number, read: (place: string) => Promise<string>): Promise<string> {
    const kept = this.#kept.get(place);
    const text = kept && kept.until > now ? kept.text : await read(place);
    this.#kept.delete(place);
    if (this.#size > 0) this.#kept.set(place, { text, until: this.#duration > 0 ? now + this.#duration : Number.POSITIVE_INFINITY });
    if (this.#kept.size > this.#size) this.#kept.delete(this.#kept.keys().next().value!);
    return text;
  }
}
