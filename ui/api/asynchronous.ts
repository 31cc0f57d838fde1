import { request } from './client.ts';

const POLL_MILLIS = [50, 100, 200, 400, 800] as const;

/** NiFi's requests that are started, polled until they are done, and then deleted. */
interface Work {
  readonly id: string;
  readonly finished: boolean;
  readonly failureReason?: string;
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

/** Runs a request to its end and returns its last answer. `path` makes them; `unwrap` takes the request out of its entity, `body` says what is asked for. */
export async function runToEnd<E, W extends Work>(path: string, unwrap: (entity: E) => W, signal?: AbortSignal, body?: unknown): Promise<W> {
  let work = unwrap(await request<E>(path, { method: 'POST', body, signal }));
  const own = `${path}/${encodeURIComponent(work.id)}`;
  try {
    for (let round = 0; !work.finished; round++) {
      await pause(POLL_MILLIS[Math.min(round, POLL_MILLIS.length - 1)]!);
      work = unwrap(await request<E>(own, { signal }));
    }
  } finally {
    // The server forgets it by itself where this fails.
    void request(own, { method: 'DELETE' }).catch(() => undefined);
  }
  if (work.failureReason) throw new Error(work.failureReason);
  return work;
}
