import type { Runnable } from './runnable.ts';

/** After this many milliseconds of waiting a runnable counts as one step further downstream than it is. */
const AGEING_MILLIS = 10;

/**
 * The runnables that have work. The one furthest downstream goes first, so that queues stay short and most FlowFiles pass
 * through between two turns of the journal; waiting makes up for rank, so that nobody starves.
 */
export class ReadyList {
  readonly #runnables: Runnable[] = [];

  get size(): number {
    return this.#runnables.length;
  }

  add(runnable: Runnable): void {
    runnable.ready = true;
    this.#runnables.push(runnable);
  }

  /** Takes the first; `now` is monotonic. */
  take(now: number): Runnable | undefined {
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.#runnables.length; i++) {
      const { rank, readySince, turnUntil } = this.#runnables[i]!;
      const score = turnUntil > now ? Number.MAX_VALUE : rank + (now - readySince) / AGEING_MILLIS;
      if (score > bestScore) {
        best = i;
        bestScore = score;
      }
    }
    return best < 0 ? undefined : this.#takeAt(best);
  }

  remove(runnable: Runnable): void {
    const index = this.#runnables.indexOf(runnable);
    if (index >= 0) this.#takeAt(index);
  }

  #takeAt(index: number): Runnable {
    const runnable = this.#runnables[index]!;
    const last = this.#runnables.pop()!;
    if (runnable !== last) this.#runnables[index] = last;
    runnable.ready = false;
    return runnable;
  }
}
