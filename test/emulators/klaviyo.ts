import { randomUUID } from 'node:crypto';
import { Emulator, type Received, type Reply } from './emulator.ts';
import { checkAnswer, wrongParameter } from './klaviyo-description.ts';
import { errorResource, type ImportBody, ImportJobs, type Job, jobResource, refusalsOf } from './klaviyo-imports.ts';
import { type Granted, GRANTED, type LimitName, Windows } from './klaviyo-limits.ts';
import { BadQuery, filterTest, type FilterRules, pageOf } from './klaviyo-query.ts';

/** Moments are milliseconds since 1970; Klaviyo answers whole seconds. */
export interface EmulatedProfile {
  readonly id: string;
  attributes: Record<string, unknown>;
  created: number;
  updated: number;
}

export interface EmulatedEvent {
  readonly id: string;
  readonly metric: string;
  readonly profile: string;
  readonly at: number;
  readonly properties: unknown;
}

export interface EmulatedMetric {
  readonly id: string;
  readonly name: string;
  readonly integration: string;
}

const ORDER = ['greater-than', 'greater-or-equal', 'less-than', 'less-or-equal'];
const PROFILE_RULES: FilterRules = {
  id: { single: ['equals'], list: ['equals', 'any'] },
  email: { single: ['equals'], list: ['equals', 'any'] },
  created: { single: ['greater-than', 'less-than'], moment: true },
  updated: { single: ['greater-than', 'less-than'], moment: true },
};
const EVENT_RULES: FilterRules = { metric_id: { single: ['equals'], list: ['equals'] }, profile_id: { single: ['equals'] }, datetime: { single: ORDER, moment: true } };
const METRIC_RULES: FilterRules = { 'integration.name': { single: ['equals'] }, 'integration.category': { single: ['equals'] } };

const IDENTIFIERS = ['external_id', 'email', 'phone_number'];

const seconds = (millis: number): number => Math.floor(millis / 1000) * 1000;
const moment = (millis: number): string => new Date(seconds(millis)).toISOString().replace('.000Z', '+00:00');

/** An account of Klaviyo: profiles, events, metrics, imports in the background, with its limits, its errors and its way of paging. */
export class KlaviyoEmulator {
  readonly profiles = new Map<string, EmulatedProfile>();
  readonly events = new Map<string, EmulatedEvent>();
  readonly metrics = new Map<string, EmulatedMetric>();
  readonly lists = new Map<string, Set<string>>([['LIST1', new Set()]]);
  /** Phone numbers that an import finds out to be of no use. */
  readonly unsupported = new Set<string>();
  /** Keys that count; another is refused. */
  readonly keys = new Set(['pk_test']);
  /** Profiles written by imports so far. */
  written = 0;
  readonly jobs = new ImportJobs((job) => this.#import(job));
  readonly #windows: Record<LimitName, Windows>;
  /** Profiles by what identifies them. */
  readonly #identified = new Map<string, string>();
  #emulator!: Emulator;

  private constructor(limits: Partial<Record<LimitName, Granted>>) {
    this.#windows = Object.fromEntries(Object.entries({ ...GRANTED, ...limits }).map(([name, granted]) => [name, new Windows(granted)])) as Record<LimitName, Windows>;
  }

  /** `limits` in place of those that Klaviyo grants. `check` is told each answer, with the request. */
  static async start(limits: Partial<Record<LimitName, Granted>> = {}, check = checkAnswer): Promise<KlaviyoEmulator> {
    const klaviyo = new KlaviyoEmulator(limits);
    klaviyo.#emulator = await Emulator.start((request) => {
      const reply = klaviyo.#answer(request);
      check(request, reply.status, reply.body);
      return { ...reply, headers: { 'content-type': 'application/vnd.api+json', ...reply.headers } };
    });
    return klaviyo;
  }

  get url(): string {
    return this.#emulator.url;
  }

  get received(): readonly Received[] {
    return this.#emulator.received;
  }

  /** See Emulator.fail. */
  fail(...fault: Parameters<Emulator['fail']>): void {
    this.#emulator.fail(...fault);
  }

  stop(): Promise<void> {
    this.jobs.stop();
    return this.#emulator.stop();
  }

  // ---- what people do in Klaviyo

  put(id: string, updated: number, attributes: Record<string, unknown> = {}): void {
    const known = this.profiles.get(id);
    this.profiles.set(id, { id, attributes: { ...known?.attributes, ...attributes }, created: known?.created ?? updated, updated });
    for (const field of IDENTIFIERS) if (attributes[field]) this.#identified.set(`${field} ${attributes[field]}`, id);
  }

  track(event: EmulatedEvent): void {
    this.events.set(event.id, event);
  }

  define(...metrics: readonly EmulatedMetric[]): void {
    for (const metric of metrics) this.metrics.set(metric.id, metric);
  }

  // ---- the API

  #answer(request: Received): Reply {
    const key = /^Klaviyo-API-Key (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined) return refusal(401, 'not_authenticated', 'Authentication credentials were not provided.');
    if (!this.keys.has(key)) return refusal(401, 'authentication_failed', 'Incorrect authentication credentials.');
    if (!/^\d{4}-\d{2}-\d{2}(\.\w+)?$/.test(String(request.headers.revision))) return refusal(400, 'invalid', 'The revision header is missing or is no API revision.');
    const windows = this.#windows[limitOf(request)];
    const wait = windows.take(performance.now());
    if (wait !== undefined) return { ...throttled(wait), headers: { 'retry-after': String(wait) } };
    return { ...this.#operate(request), headers: windows.headers(performance.now()) };
  }

  #operate(request: Received): Reply {
    const wrong = wrongParameter(request);
    if (wrong !== undefined) return refusal(400, 'invalid', `Invalid value for the query parameter '${wrong}'.`, { parameter: wrong });
    try {
      return this.#route(request);
    } catch (thrown) {
      if (!(thrown instanceof BadQuery)) throw thrown;
      return refusal(400, 'invalid', thrown.message, { parameter: thrown.parameter });
    }
  }

  #route(request: Received): Reply {
    const [, job, errors] = /^\/api\/profile-bulk-import-jobs\/(\w+)(\/import-errors)?$/.exec(request.path) ?? [];
    if (job !== undefined) return this.#job(request, job, errors !== undefined);
    if (request.path === '/api/profile-bulk-import-jobs' && request.method === 'POST') return this.#begin(request);
    if (request.path === '/api/profiles') return this.#listProfiles(request);
    if (request.path === '/api/events') return this.#listEvents(request);
    if (request.path === '/api/metrics') return this.#listMetrics(request);
    if (request.path === '/api/accounts') return { status: 200, body: { data: [this.#account()], links: this.#links(request, undefined) } };
    return refusal(404, 'not_found', `A resource with path ${request.path} does not exist.`);
  }

  #links({ path, query }: Received, next: string | undefined) {
    const address = (cursor: string | undefined): string => {
      const asked = new URLSearchParams(query);
      if (cursor !== undefined) asked.set('page[cursor]', cursor);
      return `${this.url}${path}?${asked}`;
    };
    return { self: address(undefined), next: next === undefined ? null : address(next), prev: null };
  }

  #account() {
    const contact_information = { default_sender_name: 'Shop', default_sender_email: 'shop@example.com', organization_name: 'Shop', street_address: {} };
    const attributes = { test_account: true, contact_information, timezone: 'Europe/Berlin', preferred_currency: 'EUR', public_api_key: 'AbC123', locale: 'en-US' };
    return { type: 'account', id: 'AbC123', attributes, links: { self: `${this.url}/api/accounts/AbC123` } };
  }

  #listProfiles(request: Received): Reply {
    const { query } = request;
    const value = (profile: EmulatedProfile, field: string): number | string =>
      field === 'id' ? profile.id : field === 'updated' || field === 'created' ? seconds(profile[field]) : String(profile.attributes[field] ?? '');
    const found = [...this.profiles.values()].filter(filterTest(query.get('filter'), PROFILE_RULES, value));
    const order = query.get('sort') ?? 'id';
    const { objects, next } = pageOf(found, query, Number(query.get('page[size]') ?? 20), order, (profile) => value(profile, order.replace('-', '')));
    const more = (query.get('additional-fields[profile]') ?? '').split(',');
    return { status: 200, body: { data: objects.map((profile) => this.#profile(profile, more)), links: this.#links(request, next) } };
  }

  #profile({ id, attributes, created, updated }: EmulatedProfile, more: readonly string[]) {
    const { subscriptions, predictive_analytics, ...own } = { email: null, phone_number: null, external_id: null, ...attributes } as Record<string, unknown>;
    const asked = {
      ...(more.includes('subscriptions') && { subscriptions: subscriptions ?? {} }),
      ...(more.includes('predictive_analytics') && { predictive_analytics: predictive_analytics ?? null }),
    };
    return { type: 'profile', id, attributes: { ...own, ...asked, created: moment(created), updated: moment(updated) }, links: { self: `${this.url}/api/profiles/${id}` } };
  }

  #listEvents(request: Received): Reply {
    const { query } = request;
    const value = (event: EmulatedEvent, field: string): number | string => (field === 'metric_id' ? event.metric : field === 'profile_id' ? event.profile : seconds(event.at));
    const found = [...this.events.values()].filter(filterTest(query.get('filter'), EVENT_RULES, value));
    const { objects, next } = pageOf(found, query, Number(query.get('page[size]') ?? 200), query.get('sort') ?? '-datetime', ({ at }) => seconds(at));
    const included = query.get('include') === 'metric' ? [...new Set(objects.map(({ metric }) => metric))].map((id) => this.#metric(this.metrics.get(id)!)) : undefined;
    return { status: 200, body: { data: objects.map((event) => this.#event(event)), links: this.#links(request, next), ...(included && { included }) } };
  }

  #event({ id, metric, profile, at, properties }: EmulatedEvent) {
    const self = `${this.url}/api/events/${id}`;
    const related = (name: string) => ({ self: `${self}/relationships/${name}`, related: `${self}/${name}` });
    const relationships = {
      profile: { data: { type: 'profile', id: profile }, links: related('profile') },
      metric: { data: { type: 'metric', id: metric }, links: related('metric') },
    };
    return {
      type: 'event',
      id,
      attributes: { timestamp: seconds(at) / 1000, event_properties: properties, datetime: moment(at), uuid: `uuid-${id}` },
      relationships,
      links: { self },
    };
  }

  #metric({ id, name, integration }: EmulatedMetric) {
    const attributes = {
      name,
      created: moment(0),
      updated: moment(0),
      integration: { object: 'integration', id: integration.slice(0, 6), name: integration, category: 'eCommerce' },
    };
    return { type: 'metric', id, attributes, links: { self: `${this.url}/api/metrics/${id}` } };
  }

  #listMetrics(request: Received): Reply {
    const { query } = request;
    const found = [...this.metrics.values()].filter(
      filterTest(query.get('filter'), METRIC_RULES, ({ integration }, field) => (field === 'integration.name' ? integration : 'eCommerce')),
    );
    const { objects, next } = pageOf(found, query, 200, 'id', ({ id }) => id);
    return { status: 200, body: { data: objects.map((metric) => this.#metric(metric)), links: this.#links(request, next) } };
  }

  // ---- imports

  #begin({ body, bytes }: Received): Reply {
    const refused = refusalsOf(body as ImportBody, bytes.length, new Set(this.lists.keys()));
    if (refused === 'too large') return refusal(413, 'payload_too_large', 'The payload is larger than 5MB.');
    if (refused.length > 0) return { status: 400, body: { errors: refused.map(({ pointer, detail }) => problem(400, 'invalid', detail, { pointer })) } };
    const job = this.jobs.begin(body as ImportBody);
    return { status: 202, body: { data: jobResource(job, `${this.url}/api/profile-bulk-import-jobs/${job.id}`) } };
  }

  #job(request: Received, id: string, wantsErrors: boolean): Reply {
    const job = this.jobs.of(id);
    if (!job) return refusal(404, 'not_found', `A bulk import job with id ${id} does not exist.`);
    if (!wantsErrors) return { status: 200, body: { data: jobResource(job, `${this.url}${request.path}`), links: { self: `${this.url}${request.path}` } } };
    const { objects, next } = pageOf(job.errors, request.query, Number(request.query.get('page[size]') ?? 20), 'id', ({ id: each }) => each);
    return { status: 200, body: { data: objects.map((error) => errorResource(error, job)), links: this.#links(request, next) } };
  }

  #import(job: Job): void {
    const { attributes, relationships } = job.body.data;
    for (const [index, { id, attributes: given }] of attributes.profiles.data.entries()) {
      if (this.unsupported.has(String(given.phone_number))) {
        const detail = 'Phone number is valid but is not in a supported region for this account.';
        job.errors.push({ id: randomUUID(), index, field: 'phone_number', detail });
        continue;
      }
      const profile = this.#upsert(id, given);
      for (const list of relationships?.lists?.data ?? []) this.lists.get(list.id)!.add(profile);
      job.completed++;
    }
  }

  /** Whoever has one of the identifiers is the profile; null leaves what is there (Klaviyo, "Bulk Import Profiles API"). */
  #upsert(id: string | undefined, given: Readonly<Record<string, unknown>>): string {
    const found = IDENTIFIERS.map((field) => this.#identified.get(`${field} ${given[field]}`)).find((each) => each !== undefined);
    const known = this.profiles.get(id ?? '') ?? this.profiles.get(found ?? '');
    const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
    const properties = { ...(known?.attributes.properties as object | undefined), ...(kept.properties as object | undefined) };
    const profile = known?.id ?? id ?? `01P${String(this.profiles.size + 1).padStart(8, '0')}`;
    this.put(profile, Date.now(), { ...kept, properties });
    this.written++;
    return profile;
  }
}

function limitOf({ path, query }: Received): LimitName {
  if (path.startsWith('/api/profiles')) return query.get('additional-fields[profile]')?.includes('predictive_analytics') ? 'analytics' : 'profiles';
  if (path.startsWith('/api/events')) return 'events';
  if (path.startsWith('/api/metrics')) return 'metrics';
  return path.startsWith('/api/accounts') ? 'accounts' : 'jobs';
}

const TITLES: Readonly<Record<string, string>> = {
  invalid: 'Invalid input.',
  throttled: 'Rate limit reached',
  not_found: 'Not found.',
  authentication_failed: 'Authentication failed',
};

function problem(status: number, code: string, detail: string, source: { pointer?: string; parameter?: string } = {}) {
  return { id: randomUUID(), status, code, title: TITLES[code] ?? code.replaceAll('_', ' '), detail, source, links: {}, meta: {} };
}

/** Klaviyo's form of an error (JSON:API 1.0, "Error Objects"). */
export function refusal(status: number, code: string, detail: string, source?: { pointer?: string; parameter?: string }): Reply {
  return { status, body: { errors: [problem(status, code, detail, source)] } };
}

/** A request too many: it says how long to wait, and not what the limit is. */
export function throttled(wait: number): Reply {
  return { ...refusal(429, 'throttled', `Request was throttled. Expected available in ${wait} seconds.`), headers: { 'retry-after': String(wait) } };
}
