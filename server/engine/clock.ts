/** The engine's only source of time, so that tests may turn it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment, finer than `now` and never turned back: for measuring how long something takes. */
  monotonic(): number;
  /** Runs `action` once the event loop has had its turn. */
  soon(action: () => void): void;
  /** Runs `action` once, `delay` milliseconds from now; returns what cancels it. */
  after(delay: number, action: () => void): () => void;
}

/** setTimeout cannot wait longer than this. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The machine's clock. Waiting for it never keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  soon: (action) => void setImmediate(action),
  after(delay, action) {
    const step = Math.min(delay, LONGEST_TIMEOUT);
    let cancelRest = (): void => undefined;
    const timer = setTimeout(() => {
      if (delay > step) cancelRest = systemClock.after(delay - step, action);
      else action();
    }, Math.ceil(step));
    timer.unref();
    return () => {
      clearTimeout(timer);
      cancelRest();
    };
  },
};
