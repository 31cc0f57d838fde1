/**
 * Ends work when a caller cancels it or when it has taken too long: `signal` aborts with the caller's reason, or with a DOMException
 * named `TimeoutError`, or with that of `stop`. Close it when the work has ended.
 *
 * Not AbortSignal.any with AbortSignal.timeout: Node holds both weakly, so that a time limit is silently lost when the garbage
 * collector runs before it (https://github.com/nodejs/node/issues/57736).
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;

  /** `millis`: how long the work may take; endless where it is not given or 0. */
  constructor(caller: AbortSignal | undefined, millis?: number) {
    this.#caller = caller;
    if (caller?.aborted) this.#cancel();
    else caller?.addEventListener('abort', this.#cancel, { once: true });
    if (millis) this.#timer = setTimeout(() => this.#controller.abort(new DOMException(`Not done within ${millis} ms`, 'TimeoutError')), Math.min(millis, 2 ** 31 - 1)).unref();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the work for a reason of whoever does it, such as that its service is disabled. */
  stop(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#cancel);
  }

  readonly #cancel = (): void => this.#controller.abort(this.#caller?.reason);
}
