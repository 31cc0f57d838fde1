import type { Clock } from './clock.ts';
import type { Schedule } from './runnable.ts';

/** A timer may fire so much before its moment; a clock that is further behind was set back. */
const EARLY_MILLIS = 1000;

/** Calls something at a schedule, never twice at once: a timer's period counts from the end of a call to the begin of the next. */
export class ReportSchedule {
  readonly #clock: Clock;
  readonly #schedule: Schedule;
  readonly #report: () => unknown;
  #cancel = (): void => undefined;
  #call: Promise<void> | undefined;
  #ended = false;
  /** The moment that a cron schedule fired for last. */
  #due = Number.NEGATIVE_INFINITY;

  /** `report` must not throw. */
  constructor(clock: Clock, schedule: Schedule, report: () => unknown) {
    this.#clock = clock;
    this.#schedule = schedule;
    this.#report = report;
  }

  /** Whether a call is under way. */
  get isCalling(): boolean {
    return this.#call !== undefined;
  }

  start(): void {
    if (this.#schedule.strategy === 'cron') this.#plan();
    else this.#after(0);
  }

  /** Calls no more; resolves when the call under way has ended. */
  stop(): Promise<void> {
    this.#ended = true;
    this.#cancel();
    return this.#call ?? Promise.resolve();
  }

  #plan(): void {
    if (this.#ended) return;
    if (this.#schedule.strategy === 'timer') return this.#after(this.#schedule.period);
    const now = this.#clock.now();
    const isEarly = this.#due > now && this.#due - now < EARLY_MILLIS;
    const next = this.#schedule.next(isEarly ? this.#due : now);
    if (next === undefined) return;
    this.#due = next;
    this.#after(next - now);
  }

  #after(millis: number): void {
    this.#cancel = this.#clock.after(millis, () => {
      this.#call = this.#run();
    });
  }

  async #run(): Promise<void> {
    await this.#report();
    this.#call = undefined;
    this.#plan();
  }
}
