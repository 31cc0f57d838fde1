import { AsyncLocalStorage } from 'node:async_hooks';

/** Told of what a trigger asks of other systems while it happens: it has happened even where the trigger's work is undone. */
export interface RunMeter {
  /** A request was sent. */
  request(): void;
  /** A request waited so many milliseconds for a rate limit. */
  throttled(millis: number): void;
}

const meters = new AsyncLocalStorage<RunMeter>();

/** Runs work whose requests are counted by a meter; the engine does so for what belongs to a sync. */
export function metered<T>(meter: RunMeter, work: () => T): T {
  return meters.run(meter, work);
}

/** A client is about to send a request. */
export function countRequest(): void {
  meters.getStore()?.request();
}

/** A client waited for a rate limit. */
export function countThrottled(millis: number): void {
  if (millis > 0) meters.getStore()?.throttled(millis);
}
