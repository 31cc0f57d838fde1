import { Deadline } from '../../server/extension/deadline.ts';
import { type StatementOptions, stoppedError } from '../../server/extension/warehouse.ts';
import { Slots } from './slots.ts';

/** What a statement has come to, under a time limit that counts until `end` is called: when nothing of the statement is needed any more. */
export interface Run<T> {
  readonly outcome: T;
  readonly deadline: Deadline;
  readonly end: () => void;
}

/** Statements under way: at most so many at once, each with its time limit, and all of them end when it is closed. */
export class Running {
  readonly #slots: Slots;
  readonly #deadlines = new Set<Deadline>();
  readonly #ending = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(maxConcurrent: number) {
    this.#slots = new Slots(maxConcurrent);
  }

  /** Does the work of a statement once there is room for it. Throws WarehouseError where it was stopped, and what the work throws. */
  async start<T>(options: StatementOptions, work: (signal: AbortSignal) => Promise<T>): Promise<Run<T>> {
    const deadline = new Deadline(options.signal, options.timeout);
    if (this.#isClosed) deadline.stop();
    this.#deadlines.add(deadline);
    const end = (): void => {
      deadline.close();
      this.#deadlines.delete(deadline);
    };
    const finished = this.#inSlot(work, deadline.signal);
    this.#ending.add(finished);
    try {
      return { outcome: await finished, deadline, end };
    } catch (thrown) {
      end();
      throw deadline.signal.aborted ? stoppedError('Snowflake', deadline.signal.reason) : thrown;
    } finally {
      this.#ending.delete(finished);
    }
  }

  /** Stops everything, and waits until it has stopped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const deadline of this.#deadlines) deadline.stop(new Error('The warehouse service was disabled'));
    await Promise.allSettled(this.#ending);
  }

  async #inSlot<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const leave = await this.#slots.take(signal);
    try {
      return await work(signal);
    } finally {
      leave();
    }
  }
}
