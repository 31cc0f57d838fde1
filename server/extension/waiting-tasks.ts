/** How long a task waits for something to come before it lets others run, milliseconds. */
export const PATIENCE = 500;

/** Tasks that wait for what comes from outside: a message, a request. */
export class WaitingTasks {
  readonly #waiting: (() => void)[] = [];

  wakeOne(): void {
    this.#waiting.shift()?.();
  }

  /** Ends when it is woken, after so many milliseconds, or when the signal fires. */
  wait(signal: AbortSignal, millis: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        const at = this.#waiting.indexOf(done);
        if (at >= 0) this.#waiting.splice(at, 1);
        resolve();
      };
      const timer = setTimeout(done, millis);
      signal.addEventListener('abort', done);
      this.#waiting.push(done);
    });
  }
}
