import { randomUUID } from 'node:crypto';
import { Emulator, type Received, type Reply } from './emulator.ts';
import { checkAnswer } from './hubspot-description.ts';
import { firstId, type SearchBody, searchError, searchTest } from './hubspot-search.ts';

/** An object of the emulated CRM. `modified` is milliseconds since 1970. */
export interface CrmObject {
  readonly id: number;
  properties: Record<string, string>;
  created: number;
  modified: number;
  archivedAt: number | undefined;
}

export interface CrmProperty {
  readonly name: string;
  readonly type: string;
  readonly numberDisplayHint?: string;
}

export interface Granted {
  readonly token: string;
  /** Requests but for searches in any span of so many milliseconds. */
  readonly requests: number;
  readonly millis: number;
}

const MODIFIED = (type: string): string => (type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate');
/** What every kind of object has. */
const STANDARD = (type: string): CrmProperty[] => [
  { name: 'hs_object_id', type: 'number', numberDisplayHint: 'unformatted' },
  { name: 'createdate', type: 'datetime' },
  { name: MODIFIED(type), type: 'datetime' },
];

interface Kind {
  properties: CrmProperty[];
  readonly objects: Map<number, CrmObject>;
  /** Those that searches find in the order of their ids, as long as no object comes or goes. */
  live: CrmObject[] | undefined;
}

/** HubSpot's CRM as far as reading goes: properties, search, lists, with its limits and its errors. */
export class HubSpotEmulator {
  readonly #granted: Granted;
  readonly #types = new Map<string, Kind>();
  #emulator!: Emulator;
  #general: number[] = [];

  private constructor(granted: Granted) {
    this.#granted = granted;
  }

  /** `check` is told each answer, with the request. */
  static async start(granted: Partial<Granted> = {}, check = checkAnswer): Promise<HubSpotEmulator> {
    const crm = new HubSpotEmulator({ token: 'pat-test', requests: 190, millis: 10_000, ...granted });
    crm.#emulator = await Emulator.start((request) => {
      const reply = crm.#answer(request);
      check(request, reply.status, reply.body);
      return reply;
    });
    return crm;
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
    return this.#emulator.stop();
  }

  // ---- what people do in HubSpot

  define(type: string, ...properties: readonly CrmProperty[]): void {
    this.#type(type).properties.push(...properties);
  }

  undefine(type: string, name: string): void {
    const found = this.#type(type);
    found.properties = found.properties.filter((property) => property.name !== name);
  }

  put(type: string, id: number, modified: number, properties: Record<string, string> = {}): void {
    const kind = this.#type(type);
    const known = kind.objects.get(id);
    kind.live = undefined;
    kind.objects.set(id, { id, properties: { ...known?.properties, ...properties }, created: known?.created ?? modified, modified, archivedAt: undefined });
  }

  archive(type: string, id: number, at: number): void {
    const kind = this.#type(type);
    kind.live = undefined;
    kind.objects.get(id)!.archivedAt = at;
  }

  objects(type: string): CrmObject[] {
    return [...this.#type(type).objects.values()];
  }

  #type(type: string): Kind {
    const known = this.#types.get(type) ?? { properties: STANDARD(type), objects: new Map<number, CrmObject>(), live: undefined };
    this.#types.set(type, known);
    return known;
  }

  #live(type: string): CrmObject[] {
    const kind = this.#type(type);
    kind.live ??= [...kind.objects.values()].filter(({ archivedAt }) => archivedAt === undefined).sort((a, b) => a.id - b.id);
    return kind.live;
  }

  // ---- the API

  #answer(request: Received): Reply {
    if (request.headers.authorization !== `Bearer ${this.#granted.token}`) return refusal(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found or not valid');
    const [, family, , type, action] = /^\/crm\/(objects|properties)\/(2026-03)\/(\w+)(\/search)?$/.exec(request.path) ?? [];
    if (family === undefined) return refusal(404, 'OBJECT_NOT_FOUND', `resource not found: ${request.path}`);
    if (action === '/search') return this.#search(type!, request.body as SearchBody);
    const limited = this.#limit();
    const headers = this.#limitHeaders();
    if (limited) return { ...refusal(429, 'RATE_LIMITS', 'You have reached your ten_secondly_rolling limit.', { policyName: 'TEN_SECONDLY_ROLLING' }), headers };
    return { ...(family === 'properties' ? this.#properties(type!) : this.#list(type!, request.query)), headers };
  }

  #limit(): boolean {
    const now = performance.now();
    this.#general = this.#general.filter((at) => at > now - this.#granted.millis);
    if (this.#general.length >= this.#granted.requests) return true;
    this.#general.push(now);
    return false;
  }

  #limitHeaders(): Record<string, string> {
    const { requests, millis } = this.#granted;
    return {
      'x-hubspot-ratelimit-max': String(requests),
      'x-hubspot-ratelimit-remaining': String(requests - this.#general.length),
      'x-hubspot-ratelimit-interval-milliseconds': String(millis),
    };
  }

  #properties(type: string): Reply {
    const results = this.#type(type).properties.map((property) => ({
      ...property,
      label: property.name,
      description: '',
      groupName: 'information',
      fieldType: 'text',
      options: [],
    }));
    return { status: 200, body: { results } };
  }

  #search(type: string, body: SearchBody): Reply {
    const { properties } = this.#type(type);
    const problem = searchError(body, new Set(properties.map(({ name }) => name)));
    if (problem) return refusal(400, 'VALIDATION_ERROR', problem.message, { errors: [{ message: problem.message, code: problem.code }] });
    const live = this.#live(type);
    const [begin, matches] = [indexBeyond(live, firstId(body)), searchTest<CrmObject>(body, (object, property) => numberOf(type, object, property))];
    const found = live.slice(begin).filter(matches);
    const from = Number(body.after);
    const results = found.slice(from, from + body.limit).map((object) => this.#dto(type, object, body.properties));
    const more = from + body.limit < found.length;
    return { status: 200, body: { total: found.length, results, ...(more && { paging: { next: { after: String(from + body.limit) } } }) } };
  }

  #list(type: string, query: URLSearchParams): Reply {
    const limit = Number(query.get('limit') ?? 10);
    if (limit > 100) return refusal(400, 'VALIDATION_ERROR', 'limit must be at most 100');
    const wanted = (object: CrmObject): boolean => (object.archivedAt !== undefined) === (query.get('archived') === 'true') && object.id > Number(query.get('after') ?? 0);
    const found = this.objects(type)
      .filter(wanted)
      .sort((a, b) => a.id - b.id);
    const results = found.slice(0, limit).map((object) => this.#dto(type, object, query.getAll('properties')));
    const last = found[limit - 1];
    return { status: 200, body: { results, ...(found.length > limit && { paging: { next: { after: String(last!.id) } } }) } };
  }

  #values(type: string, { id, properties, created, modified }: CrmObject): Record<string, string> {
    return { ...properties, hs_object_id: String(id), createdate: new Date(created).toISOString(), [MODIFIED(type)]: new Date(modified).toISOString() };
  }

  #dto(type: string, object: CrmObject, names: readonly string[]) {
    const values = this.#values(type, object);
    const archivedAt = object.archivedAt === undefined ? {} : { archivedAt: new Date(object.archivedAt).toISOString() };
    return {
      id: String(object.id),
      properties: Object.fromEntries(names.map((name) => [name, values[name] ?? null])),
      createdAt: new Date(object.created).toISOString(),
      updatedAt: new Date(object.modified).toISOString(),
      archived: object.archivedAt !== undefined,
      ...archivedAt,
    };
  }
}

function numberOf(type: string, { id, created, modified, properties }: CrmObject, property: string): number | undefined {
  if (property === 'hs_object_id') return id;
  if (property === 'createdate') return created;
  if (property === MODIFIED(type)) return modified;
  const text = properties[property];
  return text === undefined ? undefined : /^\d{4}-/.test(text) ? Date.parse(text) : Number(text);
}

/** Where the objects with higher ids begin. */
function indexBeyond(sorted: readonly CrmObject[], id: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.id > id) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** HubSpot's form of an error. */
export function refusal(status: number, category: string, message: string, more: Record<string, unknown> = {}): Reply {
  return { status, body: { status: 'error', message, category, correlationId: randomUUID(), ...more } };
}
