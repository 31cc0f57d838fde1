import type { Clock } from '../server/engine/clock.ts';

/** A clock that stands still until a test turns it. */
export class ManualClock implements Clock {
  #now: number;
  #soon: (() => void)[] = [];
  #timers: { at: number; action: () => void }[] = [];

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now - this.#setBack;
  }

  /** Each look costs a little, so that slices and turns come to an end. */
  monotonic(): number {
    this.#steps += 0.01;
    return this.#now + this.#steps;
  }

  #steps = 0;
  #setBack = 0;

  /** As if somebody had set the machine's clock back; timers go on as they were. */
  setBack(millis: number): void {
    this.#setBack += millis;
  }

  soon(action: () => void): void {
    this.#soon.push(action);
  }

  after(delay: number, action: () => void): () => void {
    const timer = { at: this.#now + delay, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Runs everything that waits for the event loop's next turn, and what follows from it, promises included. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      while (this.#soon.length > 0) {
        quiet = 0;
        const actions = this.#soon;
        this.#soon = [];
        for (const action of actions) action();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Turns time on, timer by timer. */
  async advance(millis: number): Promise<void> {
    const end = this.#now + millis;
    for (;;) {
      await this.settle();
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = end;
    await this.settle();
  }
}
