import { randomUUID } from 'node:crypto';
import { NotFoundError } from '../engine/errors.ts';
import { HttpError } from './errors.ts';
import type { Clock } from '../engine/clock.ts';

/** A piece of work that a client starts, polls and deletes. */
export interface AsynchronousRequest<T> {
  readonly id: string;
  /** Who may ask for it. */
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly submitted: number;
  updated: number;
  finished: boolean;
  failure: string | undefined;
  /** Set by the work as it goes on. */
  value: T;
}

/** Finished requests that nobody deletes are forgotten after this. */
const LIFE_MILLIS = 5 * 60_000;
/** So many are kept at most; the oldest go first. */
const MOST = 1000;

/** The requests of one kind. They live in memory: whoever restarts the server asks again. */
export class AsynchronousRequests<T> {
  readonly #what: string;
  readonly #clock: Clock;
  readonly #requests = new Map<string, AsynchronousRequest<T>>();

  /** `what` names the kind in messages: `listing request`. */
  constructor(what: string, clock: Clock) {
    this.#what = what;
    this.#clock = clock;
  }

  /** Starts work. Where it returns no promise the request is finished at once; what it throws is thrown. */
  start(user: string, value: T, work: (request: AsynchronousRequest<T>) => void | Promise<void>): AsynchronousRequest<T> {
    this.#tidy();
    const now = this.#clock.now();
    const request: AsynchronousRequest<T> = { id: randomUUID(), user, submitted: now, updated: now, finished: false, failure: undefined, value };
    const running = work(request);
    if (running instanceof Promise)
      running.then(
        () => this.#finish(request),
        (error: Error) => this.#finish(request, error.message),
      );
    else this.#finish(request);
    this.#requests.set(request.id, request);
    return request;
  }

  /** Throws NotFoundError, and HttpError 403 where it is another user's. */
  get(id: string, user: string): AsynchronousRequest<T> {
    const request = this.#requests.get(id);
    if (!request) throw new NotFoundError(`Unable to find ${this.#what} with id '${id}'.`);
    if (request.user !== user) throw new HttpError(403, `Only the user that submitted the ${this.#what} can get or remove it.`);
    return request;
  }

  remove(id: string, user: string): AsynchronousRequest<T> {
    const request = this.get(id, user);
    this.#requests.delete(id);
    return request;
  }

  #finish(request: AsynchronousRequest<T>, failure?: string): void {
    request.finished = true;
    request.failure = failure;
    request.updated = this.#clock.now();
  }

  #tidy(): void {
    const from = this.#clock.now() - LIFE_MILLIS;
    for (const { id, finished, updated } of this.#requests.values()) {
      if ((finished && updated < from) || this.#requests.size >= MOST) this.#requests.delete(id);
    }
  }
}
