import { setTimeout as delay } from 'node:timers/promises';

/** So many bytes a second, in the order in which they are asked for; a second's worth may come at once. */
export class TransferRate {
  readonly #bytesPerSecond: number;
  readonly #signal: AbortSignal;
  /** When all that was let through so far is paid for, milliseconds. */
  #paidAt = 0;

  constructor(bytesPerSecond: number, signal: AbortSignal) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#signal = signal;
  }

  /** Ends when so many bytes may pass. Rejects when the signal fires. */
  async take(bytes: number): Promise<void> {
    const now = performance.now();
    const wait = this.#paidAt - now - 1000;
    this.#paidAt = Math.max(this.#paidAt, now) + (bytes / this.#bytesPerSecond) * 1000;
    if (wait > 0) await delay(wait, undefined, { signal: this.#signal });
  }
}
