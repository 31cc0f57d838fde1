import { type ApiRequest, JsonApi } from '../../server/extension/json-api.ts';
import { type ApiManners, sendPolitely } from '../../server/extension/polite-api.ts';
import { type DataRecord, parseExactly } from '../../server/extension/record.ts';
import { type AccountLimits, accountLimits, limiterOf } from './account-limits.ts';
import { heed, refusalIn } from './answers.ts';
import {
  type AdditionalField,
  type EventPage,
  type ImportedProfile,
  type ImportJob,
  type Klaviyo,
  KlaviyoError,
  type Metric,
  type Page,
  type Refusal,
  type Resource,
  type Span,
} from './klaviyo.ts';

const CONNECTIONS = 8;
const JSON_API = 'application/vnd.api+json';
/** The most that a page holds (Klaviyo, "Get Profiles", "Get Events", "Get Errors for Bulk Import Profiles Job"). */
const PAGE = { profiles: 100, events: 1000, errors: 100 };
const SECOND = 1000;

export interface KlaviyoSettings {
  /** Such as `https://a.klaviyo.com`. */
  readonly url: string;
  readonly key: string;
  /** The version of the API, as 2026-07-15. */
  readonly revision: string;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
}

/** A document as JSON:API has it. */
interface Document<T> {
  readonly data: T;
  readonly included?: readonly Resource[];
  readonly links?: { readonly next?: string | null };
}

/** Speaks to one account of Klaviyo: within its limits, and again where a request failed for the moment. What is sent twice changes nothing. */
export class KlaviyoClient implements Klaviyo {
  readonly url: string;
  readonly #settings: KlaviyoSettings;
  readonly #api: JsonApi;
  readonly #limits: AccountLimits;

  private constructor(api: JsonApi, settings: KlaviyoSettings) {
    this.url = api.url;
    this.#api = api;
    this.#settings = settings;
    this.#limits = accountLimits.take(this.url, settings.key);
  }

  static async open(settings: KlaviyoSettings): Promise<KlaviyoClient> {
    const { url, key, revision, timeout } = settings;
    const headers = { authorization: `Klaviyo-API-Key ${key}`, revision, accept: JSON_API };
    return new KlaviyoClient(await JsonApi.open({ url, timeout, connections: CONNECTIONS, headers }), settings);
  }

  async close(): Promise<void> {
    accountLimits.release(this.url, this.#settings.key);
    await this.#api.close();
  }

  async account(signal: AbortSignal): Promise<string> {
    const { data } = await this.#get<Resource[]>('/api/accounts', {}, signal);
    const contact = data[0]?.attributes.contact_information as DataRecord | undefined;
    return String(contact?.organization_name ?? data[0]?.id);
  }

  async profiles({ from, to, cursor }: Span, additional: readonly AdditionalField[], signal: AbortSignal): Promise<Page> {
    // There is no "or equal" for profiles; moments are whole seconds.
    const filter = `greater-than(updated,${moment(from - SECOND)}),less-than(updated,${moment(to)})`;
    const fields: Record<string, string> = additional.length === 0 ? {} : { 'additional-fields[profile]': additional.join(',') };
    return pageIn(await this.#get<Resource[]>('/api/profiles', { filter, sort: 'updated', 'page[size]': String(PAGE.profiles), ...fields, ...at(cursor) }, signal));
  }

  async events({ from, to, cursor }: Span, metrics: readonly string[], signal: AbortSignal): Promise<EventPage> {
    const some = metrics.length === 0 ? '' : `equals(metric_id,${metrics.length === 1 ? `"${metrics[0]}"` : JSON.stringify(metrics)}),`;
    const filter = `${some}greater-or-equal(datetime,${moment(from)}),less-than(datetime,${moment(to)})`;
    const document = await this.#get<Resource[]>('/api/events', { filter, sort: 'datetime', include: 'metric', 'page[size]': String(PAGE.events), ...at(cursor) }, signal);
    return { ...pageIn(document), metrics: new Map((document.included ?? []).map((each) => [each.id, metricIn(each)])) };
  }

  async metrics(signal: AbortSignal): Promise<Metric[]> {
    return (await this.#all('/api/metrics', {}, signal)).map(metricIn);
  }

  async beginImport(profiles: readonly ImportedProfile[], lists: readonly string[], signal: AbortSignal): Promise<string> {
    const relationships = lists.length === 0 ? {} : { relationships: { lists: { data: lists.map((id) => ({ type: 'list', id })) } } };
    const body = { data: { type: 'profile-bulk-import-job', attributes: { profiles: { data: profiles } }, ...relationships } };
    const { data } = await this.#send<Document<Resource>>({ method: 'POST', path: '/api/profile-bulk-import-jobs', body, headers: { 'content-type': JSON_API } }, signal);
    return data.id;
  }

  async importJob(id: string, signal: AbortSignal): Promise<ImportJob> {
    const { data } = await this.#get<Resource>(`/api/profile-bulk-import-jobs/${encodeURIComponent(id)}`, {}, signal);
    return { status: data.attributes.status as ImportJob['status'], failed: Number(data.attributes.failed_count ?? 0) };
  }

  async importErrors(id: string, signal: AbortSignal): Promise<Refusal[]> {
    const errors = await this.#all(`/api/profile-bulk-import-jobs/${encodeURIComponent(id)}/import-errors`, { 'page[size]': String(PAGE.errors) }, signal);
    return errors.map(({ attributes: { detail, source, original_payload } }) => ({
      detail: String(detail),
      pointer: (source as { pointer?: string } | null)?.pointer,
      payload: (original_payload as DataRecord | null) ?? undefined,
    }));
  }

  async #all(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Resource[]> {
    const all: Resource[] = [];
    for (let cursor: string | undefined; ; ) {
      const { objects, next } = pageIn(await this.#get<Resource[]>(path, { ...query, ...at(cursor) }, signal));
      all.push(...objects);
      if (next === undefined) return all;
      cursor = next;
    }
  }

  #get<T>(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Document<T>> {
    const asked = new URLSearchParams(query).toString();
    return this.#send<Document<T>>({ method: 'GET', path: asked === '' ? path : `${path}?${asked}` }, signal);
  }

  #send<T>(request: ApiRequest, signal: AbortSignal): Promise<T> {
    return sendPolitely<T>(this.#api, this.#manners, request, signal);
  }

  readonly #manners: ApiManners = {
    limiterOf: ({ path }) => limiterOf(this.#limits, path),
    heed,
    refusal: refusalIn,
    unanswered: (cause) => new KlaviyoError('connection', cause.message, [], { cause }),
    parse: parseExactly,
  };
}

/** Moments stand in filters without quotes. */
const moment = (millis: number): string => new Date(millis).toISOString();

const at = (cursor: string | undefined): Readonly<Record<string, string>> => (cursor === undefined ? {} : { 'page[cursor]': cursor });

/** Of the link to the next page only the cursor counts: the address is ours, so that nobody else is sent the key. */
function pageIn({ data, links }: Document<Resource[]>): Page {
  const next = links?.next ? new URL(links.next).searchParams.get('page[cursor]') : null;
  return { objects: data, next: next ?? undefined };
}

function metricIn({ id, attributes: { name, integration } }: Resource): Metric {
  const from = (integration as DataRecord | null | undefined)?.name;
  return { id, name: String(name ?? ''), integration: typeof from === 'string' ? from : null };
}
