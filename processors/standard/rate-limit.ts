/**
 * So much within any span of so many milliseconds. What passes may go beyond the maximum once, as the last of its span; the time
 * that its surplus would have taken is then waited for as well.
 */
export class RateLimit {
  readonly #maximum: number;
  readonly #span: number;
  /** What passed within the span, oldest first. */
  readonly #passed: { readonly at: number; amount: number }[] = [];
  #sum = 0;
  #closedUntil = 0;

  constructor(maximum: number, span: number) {
    this.#maximum = maximum;
    this.#span = span;
  }

  hasRoom(now: number): boolean {
    this.#forget(now);
    return now >= this.#closedUntil && this.#sum < this.#maximum;
  }

  add(amount: number, now: number): void {
    const last = this.#passed.at(-1);
    if (last?.at === now) last.amount += amount;
    else this.#passed.push({ at: now, amount });
    this.#sum += amount;
    const surplus = this.#sum - this.#maximum;
    if (surplus > 0) this.#closedUntil = now + this.#span + Math.floor((this.#span * surplus) / this.#maximum);
  }

  /** Whether it holds nothing that would keep anything back. */
  isIdle(now: number): boolean {
    this.#forget(now);
    return this.#sum === 0 && now >= this.#closedUntil;
  }

  #forget(now: number): void {
    while (this.#passed.length > 0 && this.#passed[0]!.at <= now - this.#span) this.#sum -= this.#passed.shift()!.amount;
  }
}
