import { type ApiRequest, JsonApi, labelOf } from '../../server/extension/json-api.ts';
import { type ApiManners, sendPolitely } from '../../server/extension/polite-api.ts';
import { answerError, limitIn, pauseIn } from './answers.ts';
import { type ArchivedPage, type ChangeWindow, CHANGES_PER_PAGE, type HubSpot, HubSpotError, type HubSpotObject, type HubSpotProperty } from './hubspot.ts';
import type { ObjectType } from './object-types.ts';
import { type AccountLimits, limitsOf, releaseLimits } from './account-limits.ts';

/** The version of HubSpot's API that this speaks. */
const VERSION = '2026-03';
/** The most that a list answers at once. */
const LISTED_PER_PAGE = 100;
const CONNECTIONS = 8;

export interface HubSpotSettings {
  /** Such as `https://api.hubapi.com`. */
  readonly url: string;
  readonly token: string;
  readonly searchesPerSecond: number;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
}

/** Speaks to one account of HubSpot: within its rate limits, and again where a request failed for the moment. All requests only read. */
export class HubSpotClient implements HubSpot {
  readonly url: string;
  readonly #settings: HubSpotSettings;
  readonly #api: JsonApi;
  readonly #limits: AccountLimits;

  private constructor(api: JsonApi, settings: HubSpotSettings) {
    this.url = api.url;
    this.#api = api;
    this.#settings = settings;
    this.#limits = limitsOf(this.url, settings.token, settings.searchesPerSecond);
  }

  static async open(settings: HubSpotSettings): Promise<HubSpotClient> {
    const { url, token, timeout } = settings;
    return new HubSpotClient(await JsonApi.open({ url, timeout, connections: CONNECTIONS, headers: { authorization: `Bearer ${token}` } }), settings);
  }

  async close(): Promise<void> {
    releaseLimits(this.url, this.#settings.token);
    await this.#api.close();
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

  #send<T>(request: ApiRequest, signal: AbortSignal): Promise<T> {
    return sendPolitely<T>(this.#api, this.#manners, request, signal);
  }

  readonly #manners: ApiManners = {
    limiterOf: ({ path }) => (path.endsWith('/search') ? this.#limits.search : this.#limits.general),
    heed: (answer, limiter) => {
      const limit = limitIn(answer);
      if (limit) this.#limits.general.limit = limit;
      const pause = pauseIn(answer);
      if (pause > 0) limiter.pause(pause);
    },
    refusal: (request, answer) => (answer.status === 200 ? undefined : answerError(labelOf(request), answer)),
    unanswered: (cause) => new HubSpotError('connection', cause.message, { cause }),
  };
}
