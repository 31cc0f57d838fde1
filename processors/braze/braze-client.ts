import { type ApiAnswer, type ApiRequest, JsonApi, labelOf } from '../../server/extension/json-api.ts';
import { type ApiManners, sendPolitely } from '../../server/extension/polite-api.ts';
import { RateLimiter } from '../../server/extension/rate-limiter.ts';
import { type Batch, type Braze, type BrazeCause, BrazeError, type Refusals } from './braze.ts';
import { refusalsOf, type RefusalBody, saidIn } from './refusals.ts';
import { requestOf } from './requests.ts';

const CONNECTIONS = 64;
const SECOND = 1000;

export interface BrazeSettings {
  /** Such as `https://rest.iad-01.braze.com`. */
  readonly url: string;
  readonly key: string;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
  /** How many requests may begin in three seconds. */
  readonly requests: number;
}

/** Speaks to one workspace of Braze. What failed for the moment is sent again: see README.md for what that means for events. */
export class BrazeClient implements Braze {
  readonly url: string;
  readonly #api: JsonApi;
  readonly #limiter: RateLimiter;

  private constructor(api: JsonApi, requests: number) {
    this.url = api.url;
    this.#api = api;
    this.#limiter = new RateLimiter({ max: requests, millis: 3 * SECOND });
  }

  static async open({ url, key, timeout, requests }: BrazeSettings): Promise<BrazeClient> {
    return new BrazeClient(await JsonApi.open({ url, timeout, connections: CONNECTIONS, headers: { authorization: `Bearer ${key}` } }), requests);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  async send(batch: Batch, signal: AbortSignal): Promise<Refusals> {
    return refusalsOf(batch, await this.#send<RefusalBody>(requestOf(batch), signal));
  }

  /** An empty track request is refused as such only after the key was looked at: it tells a good key, and writes nothing. */
  async check(signal: AbortSignal): Promise<void> {
    try {
      await this.#send({ method: 'POST', path: '/users/track', body: {} }, signal);
    } catch (thrown) {
      if (!(thrown instanceof BrazeError) || thrown.kind !== 'request') throw thrown;
    }
  }

  #send<T>(request: ApiRequest, signal: AbortSignal): Promise<T> {
    return sendPolitely<T>(this.#api, this.#manners, request, signal);
  }

  readonly #manners: ApiManners = {
    limiterOf: () => this.#limiter,
    heed,
    refusal,
    unanswered: (cause) => new BrazeError('connection', cause.message, cause.message, { cause }),
  };
}

/** Where nothing remains of the limit all wait until it begins anew (Braze, "API rate limits"). */
function heed({ status, headers }: ApiAnswer, limiter: RateLimiter): void {
  if (status !== 429 && headers['x-ratelimit-remaining'] !== '0') return;
  limiter.pause(Math.max(secondsIn(headers['retry-after']) ?? secondsUntil(headers['x-ratelimit-reset']) ?? 1, 0) * SECOND);
}

function refusal(request: ApiRequest, answer: ApiAnswer): BrazeError | undefined {
  if (answer.status >= 200 && answer.status <= 299) return undefined;
  const { kind, said } = causeOf(answer);
  return new BrazeError(kind, `Braze answered ${labelOf(request)} with ${answer.status}: ${said}`, said, { cause: answer });
}

type HeaderValue = string | string[] | undefined;

/** Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). */
function secondsIn(value: HeaderValue): number | undefined {
  if (typeof value !== 'string') return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / SECOND;
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** X-RateLimit-Reset is a time in seconds since 1970. */
function secondsUntil(value: HeaderValue): number | undefined {
  const at = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(at) ? at - Date.now() / SECOND : undefined;
}

const CAUSES: Readonly<Record<number, BrazeCause>> = { 401: 'authentication', 403: 'permission', 404: 'missing object', 429: 'rate limit' };

function causeOf(answer: ApiAnswer): { kind: BrazeCause; said: string } {
  const said = saidIn(answer.text) ?? `HTTP ${answer.status}`;
  if (said.includes('company-size-limit-already-reached')) return { kind: 'catalog full', said };
  return { kind: CAUSES[answer.status] ?? (answer.status >= 500 ? 'server' : 'request'), said };
}
