import type { HttpContextMap, WaitingRequest } from '../../server/extension/http-context.ts';

/** Requests that wait for their answers, so many and so long at most. */
export class WaitingRequests implements HttpContextMap {
  readonly #maximum: number;
  readonly #expiration: number;
  readonly #requests = new Map<string, { readonly request: WaitingRequest; readonly timer: NodeJS.Timeout }>();

  /** `expiration` in milliseconds. */
  constructor(maximum: number, expiration: number) {
    this.#maximum = maximum;
    this.#expiration = expiration;
  }

  register(id: string, request: WaitingRequest): boolean {
    if (this.#requests.size >= this.#maximum) return false;
    const timer = setTimeout(() => this.#refuse(id), Math.min(this.#expiration, 2 ** 31 - 1)).unref();
    this.#requests.set(id, { request, timer });
    return true;
  }

  take(id: string): WaitingRequest | undefined {
    const found = this.#requests.get(id);
    if (!found) return undefined;
    clearTimeout(found.timer);
    this.#requests.delete(id);
    return found.request;
  }

  close(): void {
    for (const id of [...this.#requests.keys()]) this.#refuse(id);
  }

  #refuse(id: string): void {
    // Whoever has gone meanwhile needs no answer.
    this.take(id)
      ?.respond(503, {}, Buffer.from('Nobody answered in time.'))
      .catch(() => undefined);
  }
}
