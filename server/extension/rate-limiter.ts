import { setTimeout as delay } from 'node:timers/promises';
import { countThrottled } from './run-meter.ts';

/** So many requests begin in any span of so many milliseconds. */
export interface Limit {
  readonly max: number;
  readonly millis: number;
}

/** What the limiter knows of time, in milliseconds; a test has its own. */
export interface Time {
  now(): number;
  sleep(millis: number, signal: AbortSignal): Promise<void>;
}

const realTime: Time = { now: () => performance.now(), sleep: (millis, signal) => delay(millis, undefined, { signal }) };

/** Lets requests begin as a limit allows, or several that all hold, in the order in which they ask. */
export class RateLimiter {
  #limits: readonly Limit[];
  /** When the latest requests began, oldest first. */
  #begun: number[] = [];
  #closedUntil = 0;
  #line: Promise<void> = Promise.resolve();
  readonly #time: Time;

  constructor(limit: Limit | readonly Limit[], time: Time = realTime) {
    this.#limits = [limit].flat();
    this.#time = time;
  }

  /** Resolves when a request may begin. Rejects when the signal fires. */
  begin(signal: AbortSignal): Promise<void> {
    const asked = this.#time.now();
    const turn = this.#line.then(() => this.#begin(signal, asked));
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  async #begin(signal: AbortSignal, asked: number): Promise<void> {
    for (let wait = this.#wait(); wait > 0; wait = this.#wait()) await this.#time.sleep(wait, signal);
    signal.throwIfAborted();
    const begun = this.#time.now();
    countThrottled(Math.round(begun - asked));
    this.#begun.push(begun);
  }

  #wait(): number {
    const now = this.#time.now();
    const longest = Math.max(...this.#limits.map(({ millis }) => millis));
    this.#begun = this.#begun.filter((at) => at > now - longest);
    const waits = this.#limits.map((limit) => this.#full(limit, now));
    return Math.ceil(Math.max(...waits, this.#closedUntil - now));
  }

  /** How long the limit is used up. */
  #full({ max, millis }: Limit, now: number): number {
    const oldest = this.#begun[this.#begun.length - max];
    return oldest === undefined ? 0 : oldest + millis - now;
  }

  /** What the server says its limit is. */
  set limit(limit: Limit) {
    this.#limits = [limit];
  }

  /** Nothing begins for so many milliseconds. */
  pause(millis: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, this.#time.now() + millis);
  }
}
