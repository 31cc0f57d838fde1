import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { messageOf } from '../../server/extension/errors.ts';
import { answerError, type Answer, isMomentary, limitIn, pauseIn } from './answers.ts';
import { type ArchivedPage, type ChangeWindow, CHANGES_PER_PAGE, type HubSpot, HubSpotError, type HubSpotObject, type HubSpotProperty } from './hubspot.ts';
import type { ObjectType } from './object-types.ts';
import { type AccountLimits, limitsOf, releaseLimits } from './rate-limit.ts';

/** The version of HubSpot's API that this speaks. */
const VERSION = '2026-03';
/** The most that a list answers at once. */
const LISTED_PER_PAGE = 100;
/** How often a request is sent before its failure is told. */
const ATTEMPTS = 6;
const FIRST_PAUSE_MILLIS = 250;

export interface HubSpotSettings {
  /** Such as `https://api.hubapi.com`. */
  readonly url: string;
  readonly token: string;
  readonly searchesPerSecond: number;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

/** Speaks to one account of HubSpot: within its rate limits, and again where a request failed for the moment. All requests only read. */
export class HubSpotClient implements HubSpot {
  readonly url: string;
  readonly #settings: HubSpotSettings;
  readonly #pool: Pool;
  readonly #limits: AccountLimits;

  constructor(settings: HubSpotSettings) {
    this.url = settings.url.replace(/\/+$/, '');
    this.#settings = settings;
    const { timeout } = settings;
    this.#pool = new Pool(new URL(this.url).origin, { connections: 8, headersTimeout: timeout, bodyTimeout: timeout, connectTimeout: timeout });
    this.#limits = limitsOf(this.url, settings.token, settings.searchesPerSecond);
  }

  async close(): Promise<void> {
    releaseLimits(this.url, this.#settings.token);
    await this.#pool.destroy();
  }

  async properties({ path }: ObjectType, signal: AbortSignal): Promise<HubSpotProperty[]> {
    const { results } = await this.#send<{ results: HubSpotProperty[] }>({ method: 'GET', path: `/crm/properties/${VERSION}/${path}` }, signal);
    return results;
  }

  /**
   * A search answers at most 10,000 objects for a query however it is paged, and pages shift while objects change. Asking for the
   * ids beyond the last one read has neither fault, and no window need be split, however many objects share a timestamp.
   */
  async changes({ path, modified }: ObjectType, { from, to, afterId }: ChangeWindow, properties: readonly string[], signal: AbortSignal): Promise<HubSpotObject[]> {
    const filters = [
      { propertyName: modified, operator: 'GTE', value: String(from) },
      { propertyName: modified, operator: 'LT', value: String(to) },
      { propertyName: 'hs_object_id', operator: 'GT', value: afterId },
    ];
    const body = { filterGroups: [{ filters }], sorts: ['hs_object_id'], properties, limit: CHANGES_PER_PAGE, after: '0' };
    const { results } = await this.#send<{ results: HubSpotObject[] }>({ method: 'POST', path: `/crm/objects/${VERSION}/${path}/search`, body }, signal);
    return results;
  }

  async archived({ path }: ObjectType, after: string | undefined, signal: AbortSignal): Promise<ArchivedPage> {
    const query = new URLSearchParams({ limit: String(LISTED_PER_PAGE), archived: 'true', properties: 'hs_object_id', ...(after !== undefined && { after }) });
    const { results, paging } = await this.#send<{ results: HubSpotObject[]; paging?: { next?: { after: string } } }>(
      { method: 'GET', path: `/crm/objects/${VERSION}/${path}?${query}` },
      signal,
    );
    return { objects: results, next: paging?.next?.after };
  }

  async #send<T>(request: Request, signal: AbortSignal): Promise<T> {
    let pause = FIRST_PAUSE_MILLIS;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt<T>(request, signal);
      } catch (thrown) {
        signal.throwIfAborted();
        if (attempt === ATTEMPTS || !(thrown instanceof HubSpotError) || !isMomentary(thrown)) throw thrown;
        // A limit has a pause of its own (see #attempt); whatever else failed is given some time.
        if (thrown.kind === 'rate limit') continue;
        await delay(pause, undefined, { signal });
        pause *= 2;
      }
    }
  }

  async #attempt<T>(request: Request, signal: AbortSignal): Promise<T> {
    const limiter = request.path.endsWith('/search') ? this.#limits.search : this.#limits.general;
    await limiter.begin(signal);
    const answer = await this.#exchange(request, signal);
    const limit = limitIn(answer);
    if (limit) this.#limits.general.limit = limit;
    const pause = pauseIn(answer);
    if (pause > 0) limiter.pause(pause);
    if (answer.status !== 200) throw answerError(`${request.method} ${request.path.split('?')[0]}`, answer);
    return parsed<T>(answer.text, request);
  }

  async #exchange({ method, path, body }: Request, signal: AbortSignal): Promise<Answer> {
    const base = new URL(this.url).pathname.replace(/\/$/, '');
    const headers = { authorization: `Bearer ${this.#settings.token}`, accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) };
    try {
      const answer = await this.#pool.request({ method, path: base + path, headers, body: body === undefined ? null : JSON.stringify(body), signal });
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    } catch (cause) {
      signal.throwIfAborted();
      throw new HubSpotError('connection', `${this.url} did not answer ${method} ${path.split('?')[0]} (${messageOf(cause)})`, { cause });
    }
  }
}

function parsed<T>(text: string, { method, path }: Request): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new HubSpotError('connection', `The answer to ${method} ${path.split('?')[0]} is not whole (${messageOf(cause)})`, { cause });
  }
}
