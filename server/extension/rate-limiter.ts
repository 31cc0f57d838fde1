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

/** Lets requests begin as a limit allows, in the order in which they ask. */
export class RateLimiter {
  #limit: Limit;
  /** When the latest requests began, oldest first. */
  #begun: number[] = [];
  #closedUntil = 0;
  #line: Promise<void> = Promise.resolve();
  readonly #time: Time;

  constructor(limit: Limit, time: Time = realTime) {
    this.#limit = limit;
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
    const { max, millis } = this.#limit;
    this.#begun = this.#begun.filter((at) => at > now - millis);
    const full = this.#begun.length < max ? 0 : this.#begun[this.#begun.length - max]! + millis - now;
    return Math.ceil(Math.max(full, this.#closedUntil - now));
  }

  /** What the server says its limit is. */
  set limit(limit: Limit) {
    this.#limit = limit;
  }

  /** Nothing begins for so many milliseconds. */
  pause(millis: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, this.#time.now() + millis);
  }
}
