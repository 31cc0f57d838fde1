import { Emulator, type Received, type Reply } from './emulator.ts';

type Fields = Record<string, unknown>;
type RowFault = { type: string; input_array: string; index: number };

const ARRAYS = ['attributes', 'events', 'purchases'] as const;
const IDENTIFIERS = ['external_id', 'user_alias', 'braze_id', 'email', 'phone'];
const DELETABLE: Readonly<Record<string, string>> = {
  external_ids: 'external_id',
  user_aliases: 'user_alias',
  braze_ids: 'braze_id',
  email_addresses: 'email',
  phone_numbers: 'phone',
};
/** Bytes that all catalogs may have together before they are full. */
const PLENTY = Number.POSITIVE_INFINITY;

/** How a user is known here: by the identifier that the request names. */
const keyOf = (object: Fields): string | undefined => {
  const name = IDENTIFIERS.find((each) => object[each] !== undefined);
  return name && JSON.stringify({ [name]: object[name] });
};

/** What is written to a profile: beside another identifier an address or a phone number is an attribute like others. */
const attributesOf = (object: Fields): Fields => {
  const identifier = IDENTIFIERS.find((each) => object[each] !== undefined);
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== identifier && name !== '_update_existing_only'));
};

/** Braze's users, events, purchases and catalogs: limits of objects and requests, errors by index, and all the ways to be refused. */
export class BrazeEmulator {
  readonly users = new Map<string, Fields>();
  readonly events: Fields[] = [];
  readonly purchases: Fields[] = [];
  readonly catalogs = new Map<string, Map<string, Fields>>([['products', new Map()]]);
  /** Objects taken so far, which is what is billed. */
  taken = 0;
  /** The most items that all catalogs may have together. */
  room = PLENTY;
  /** How many requests may come in a window of three seconds. */
  limit = PLENTY;
  /** Whether bad rows spoil their request without being named, as some of Braze's refusals do. */
  silent = false;
  #window = { began: 0, used: 0 };
  #emulator!: Emulator;

  static async start(): Promise<BrazeEmulator> {
    const braze = new BrazeEmulator();
    braze.#emulator = await Emulator.start((request) => braze.#answer(request));
    return braze;
  }

  get url(): string {
    return this.#emulator.url;
  }

  get received(): Received[] {
    return this.#emulator.received;
  }

  get count(): number {
    return this.#emulator.count;
  }

  /** See Emulator. */
  set forgets(forgets: boolean) {
    this.#emulator.forgets = forgets;
  }

  /** See Emulator.fail. */
  fail(...fault: Parameters<Emulator['fail']>): void {
    this.#emulator.fail(...fault);
  }

  stop(): Promise<void> {
    return this.#emulator.stop();
  }

  /** A user as a test asks for it, such as `{ external_id: 'a' }`. */
  user(identifier: Fields): Fields | undefined {
    return this.users.get(keyOf(identifier)!);
  }

  #answer(request: Received): Reply {
    if (request.headers.authorization !== 'Bearer braze-test') return { status: 401, body: { message: 'Invalid API key' } };
    if (!this.#admit()) return { status: 429, body: { message: 'rate limit exceeded' }, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(this.#reset) } };
    const reply = this.#route(request);
    return this.limit === PLENTY
      ? reply
      : {
          ...reply,
          headers: { 'x-ratelimit-limit': String(this.limit), 'x-ratelimit-remaining': String(this.limit - this.#window.used), 'x-ratelimit-reset': String(this.#reset) },
        };
  }

  get #reset(): number {
    return Math.ceil((this.#window.began + 3000) / 1000);
  }

  #admit(): boolean {
    const now = Date.now();
    if (now - this.#window.began >= 3000) this.#window = { began: now, used: 0 };
    return ++this.#window.used <= this.limit;
  }

  #route({ method, path, body }: Received): Reply {
    const [, catalog] = /^\/catalogs\/([^/]+)\/items$/.exec(path) ?? [];
    if (path === '/users/track' && method === 'POST') return this.#track((body ?? {}) as Fields);
    if (path === '/users/delete' && method === 'POST') return this.#delete((body ?? {}) as Record<string, unknown[]>);
    if (catalog !== undefined) return this.#items(method, decodeURIComponent(catalog), (body as { items?: Fields[] } | undefined)?.items);
    return { status: 404, body: { message: 'Not found' } };
  }

  #track(body: Fields): Reply {
    const all = ARRAYS.flatMap((name) => ((body[name] ?? []) as Fields[]).map((object, index) => ({ name, object, index })));
    if (all.length === 0) return { status: 400, body: { message: 'Valid data must be provided in the attributes, events or purchases fields' } };
    if (all.length > 75) return { status: 400, body: { message: 'No more than 75 objects are allowed per request' } };
    const errors = all.flatMap(({ name, object, index }): RowFault[] => {
      const type = this.#fault(name, object);
      return type ? [{ type, input_array: name, index }] : [];
    });
    if (errors.length > 0 && this.silent) return { status: 400, body: { message: 'The request is malformed' } };
    const good = all.filter(({ name, index }) => !errors.some((error) => error.input_array === name && error.index === index));
    for (const { name, object } of good) this.#take(name, object);
    if (good.length === 0) return { status: 400, body: { message: 'No valid objects', errors } };
    return { status: 201, body: { message: 'success', ...counts(good), ...(errors.length > 0 && { errors }) } };
  }

  #fault(name: string, object: Fields): string | undefined {
    const named = IDENTIFIERS.filter((each) => object[each] !== undefined);
    const ids = named.filter((each) => each !== 'email' && each !== 'phone');
    if (named.length === 0 || ids.length > 1) return 'One of external_id, user_alias, braze_id, email or phone is required';
    if (name === 'attributes' && 'favourite' in object && typeof object.favourite !== 'string') return "The value provided for the 'favourite' field is not of its type";
    if (name === 'events' && Number.isNaN(Date.parse(String(object.time)))) return 'The time is invalid';
    if (name === 'purchases' && !/^[A-Z]{3}$/.test(String(object.currency))) return 'The currency is invalid';
    return undefined;
  }

  #take(name: (typeof ARRAYS)[number], object: Fields): void {
    this.taken++;
    const key = keyOf(object)!;
    if (object._update_existing_only === true && !this.users.has(key)) return;
    this.users.set(key, { ...this.users.get(key), ...(name === 'attributes' ? attributesOf(object) : {}) });
    if (name === 'events') this.events.push(object);
    if (name === 'purchases') this.purchases.push(object);
  }

  #delete(body: Record<string, unknown[]>): Reply {
    const kinds = Object.keys(body).filter((name) => name in DELETABLE);
    if (kinds.length !== 1) return { status: 400, body: { message: 'Exactly one of external_ids, user_aliases, braze_ids, email_addresses or phone_numbers must be given' } };
    const values = body[kinds[0]!]!;
    if (values.length > 50) return { status: 400, body: { message: 'No more than 50 users may be deleted in a request' } };
    const deleted = values.filter((value) => this.users.delete(JSON.stringify({ [DELETABLE[kinds[0]!]!]: value }))).length;
    return { status: 201, body: { deleted, message: 'success' } };
  }

  #items(method: string, name: string, items: Fields[] = []): Reply {
    const catalog = this.catalogs.get(name);
    if (!catalog) return refusal(404, 'catalog-not-found', 'Could not find catalog', ['catalog_name'], [name]);
    if (method === 'GET') return { status: 200, body: { items: [...catalog.values()].slice(0, 50), message: 'success' } };
    if (items.length > 50) return refusal(400, 'item-array-invalid', 'items must be an array of 50 objects at most', ['items'], []);
    const ids = items.map(({ id }) => id as string);
    if (new Set(ids).size < ids.length) return refusal(400, 'ids-not-unique', 'Item ids in the request are not unique', ['items'], []);
    if (method === 'DELETE') for (const id of ids) catalog.delete(id);
    else return this.#write(catalog, items);
    return { status: 202, body: { message: 'success' } };
  }

  #write(catalog: Map<string, Fields>, items: readonly Fields[]): Reply {
    const unknown = items.filter((item) => 'no_such_field' in item).map(({ id }) => id);
    if (unknown.length > 0) return refusal(400, 'invalid-fields', 'Some of the fields given do not exist in the catalog', ['id'], unknown);
    const all = [...this.catalogs.values()].reduce((sum, { size }) => sum + size, 0) + items.filter(({ id }) => !catalog.has(id as string)).length;
    if (all > this.room) return refusal(400, 'company-size-limit-already-reached', 'The total storage limit for catalogs has been reached', [], []);
    for (const item of items) catalog.set(item.id as string, item);
    this.taken += items.length;
    return { status: 202, body: { message: 'success' } };
  }
}

function counts(good: readonly { readonly name: string }[]): Record<string, number> {
  return Object.fromEntries(ARRAYS.map((name) => [`${name}_processed`, good.filter((each) => each.name === name).length]).filter(([, count]) => (count as number) > 0)) as Record<
    string,
    number
  >;
}

function refusal(status: number, id: string, message: string, parameters: readonly string[], values: readonly unknown[]): Reply {
  return { status, body: { errors: [{ id, message, parameters, parameter_values: values }], message: 'Invalid Request' } };
}
