/** EnforceOrder's state: for each group the number that comes next (`.target`), when that last changed (`.updatedAt`), the last number (`.max`). */
export class GroupOrders {
  readonly #state: Map<string, string>;
  hasChanged = false;

  constructor(state: ReadonlyMap<string, string>) {
    this.#state = new Map(state);
  }

  target(group: string): number | undefined {
    return this.#number(`${group}.target`);
  }

  maximum(group: string): number | undefined {
    return this.#number(`${group}.max`);
  }

  setMaximum(group: string, maximum: number): void {
    this.#set(`${group}.max`, maximum);
  }

  /** `now` in milliseconds since 1970. */
  advance(group: string, target: number, now: number): void {
    this.#set(`${group}.target`, target);
    this.#set(`${group}.updatedAt`, now);
  }

  /** Drops the groups that last went on before a time. */
  forget(before: number): void {
    const idle = [...this.#state].filter(([key, value]) => key.endsWith('.updatedAt') && Number(value) < before).map(([key]) => key.slice(0, -'.updatedAt'.length));
    for (const group of idle) for (const suffix of ['target', 'updatedAt', 'max']) this.hasChanged = this.#state.delete(`${group}.${suffix}`) || this.hasChanged;
  }

  toState(): Record<string, string> {
    return Object.fromEntries(this.#state);
  }

  #number(key: string): number | undefined {
    const text = this.#state.get(key);
    return text === undefined ? undefined : Number(text);
  }

  #set(key: string, value: number): void {
    if (this.#state.get(key) === String(value)) return;
    this.#state.set(key, String(value));
    this.hasChanged = true;
  }
}
