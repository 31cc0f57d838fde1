import { setTimeout as delay } from 'node:timers/promises';
import type { VerificationStep } from './component.ts';
import { messageOf, ProcessError } from './errors.ts';
import { type ApiAnswer, type ApiRequest, type JsonApi, jsonOf, NoAnswer } from './json-api.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** A refusal of an API: `again` says whether the same request may succeed at once when a limiter lets it, after a pause, or not. */
export abstract class ApiError extends ProcessError {
  abstract readonly again: 'when the limit allows' | 'after a pause' | 'no';
}

const ATTEMPTS = 6;
const FIRST_PAUSE_MILLIS = 250;

/** Tries again what may succeed, six times in all, with growing pauses. Only for requests that do no harm when sent twice. */
export async function insist<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let pause = FIRST_PAUSE_MILLIS;
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (thrown) {
      signal.throwIfAborted();
      if (count === ATTEMPTS || !(thrown instanceof ApiError) || thrown.again === 'no') throw thrown;
      if (thrown.again === 'when the limit allows') continue;
      await delay(pause, undefined, { signal });
      pause *= 2;
    }
  }
}

/** A refusal whose cause has a name, and a remedy that goes with the name. */
export abstract class NamedApiError<Cause extends string> extends ApiError {
  readonly kind: Cause;

  constructor(kind: Cause, what: string, remedies: Readonly<Record<Cause, string>>, options?: ErrorOptions) {
    super(`${what.replace(/\.?$/, '.')} ${remedies[kind]}`, options);
    this.kind = kind;
  }

  get again(): ApiError['again'] {
    if (this.kind === 'rate limit') return 'when the limit allows';
    return this.kind === 'server' || this.kind === 'connection' ? 'after a pause' : 'no';
  }
}

/** What an API has of its own. */
export interface ApiManners {
  /** The limit that a request falls under. */
  limiterOf(request: ApiRequest): RateLimiter;
  /** Slows down as an answer asks for. */
  heed(answer: ApiAnswer, limiter: RateLimiter): void;
  /** What an answer means that is no success; undefined for one that is. */
  refusal(request: ApiRequest, answer: ApiAnswer): ApiError | undefined;
  /** What no answer, or half of one, means. */
  unanswered(cause: NoAnswer): ApiError;
  /** Reads a body; JSON.parse where nothing is said. Throws SyntaxError. */
  parse?(text: string): unknown;
}

/** Sends within the limits, and again where that may help: only requests that do no harm when sent twice. Throws what the manners make of a refusal. */
export function sendPolitely<T>(api: JsonApi, manners: ApiManners, request: ApiRequest, signal: AbortSignal): Promise<T> {
  return insist(() => attempt<T>(api, manners, request, signal), signal);
}

async function attempt<T>(api: JsonApi, manners: ApiManners, request: ApiRequest, signal: AbortSignal): Promise<T> {
  const limiter = manners.limiterOf(request);
  await limiter.begin(signal);
  try {
    const answer = await api.exchange(request, signal);
    manners.heed(answer, limiter);
    const refusal = manners.refusal(request, answer);
    if (refusal) throw refusal;
    return jsonOf<T>(answer, request, manners.parse);
  } catch (thrown) {
    throw thrown instanceof NoAnswer ? manners.unanswered(thrown) : thrown;
  }
}

/** "Test connection" of an account: one step, on a client of its own. `ask` resolves to what to say. */
export async function verifyClient<C extends { close(): Promise<void> }>(name: string, open: () => Promise<C>, ask: (client: C) => Promise<string>): Promise<VerificationStep[]> {
  const client = await open();
  try {
    return [{ name, outcome: 'SUCCESSFUL', explanation: await ask(client) }];
  } catch (thrown) {
    return [{ name, outcome: 'FAILED', explanation: messageOf(thrown) }];
  } finally {
    await client.close();
  }
}
