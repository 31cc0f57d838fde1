import assert from 'node:assert/strict';
import { test } from 'node:test';
import BrazeConnection from '../../../processors/braze/BrazeConnection.ts';
import PutBraze from '../../../processors/braze/PutBraze.ts';
import { BrazeEmulator } from '../../emulators/braze.ts';
import { runner } from '../../runner.ts';

async function withBraze(work: (braze: BrazeEmulator) => Promise<void>): Promise<void> {
  const braze = await BrazeEmulator.start();
  try {
    await work(braze);
  } finally {
    await braze.stop();
  }
}

function writer(braze: BrazeEmulator, properties: Record<string, string> = {}, key = 'braze-test') {
  const connection = { definition: BrazeConnection as never, properties: { 'REST Endpoint': braze.url, 'API Key': key } };
  return runner(PutBraze, { properties, services: { 'Braze Connection': connection } });
}

const users = (count: number, payload: (index: number) => object, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ UPDATED_AT: '2026-11-20T08:00:00', EXTERNAL_ID: `u${from + index}`, PAYLOAD: JSON.stringify(payload(from + index)) }));

const sizes = (braze: BrazeEmulator): number[] => braze.received.map(({ body }) => Object.values(body as Record<string, unknown[]>)[0]!.length);

test('attributes go 75 at a time, beside each other, and rows of one user in their order', () =>
  withBraze(async (braze) => {
    const rows = [1, 2, 3].flatMap((version) => users(500, (index) => ({ version, address: { city: `c${index}` }, pets: [{ name: 'Rex' }] })));
    const run = writer(braze).enqueue(JSON.stringify(rows));
    await run.run();
    assert.equal(braze.users.size, 500);
    for (const user of braze.users.values()) assert.equal(user.version, 3);
    assert.deepEqual(braze.user({ external_id: 'u7' }), { version: 3, address: { city: 'c7' }, pets: [{ name: 'Rex' }] });
    assert.equal(braze.taken, 1500);
    assert.ok(Math.max(...sizes(braze)) <= 75);
    assert.ok(braze.received.length <= 75, `${braze.received.length} requests`);
    const { attributes } = run.out('success')[0]!;
    assert.deepEqual([attributes['braze.sent'], attributes['braze.rejected'], attributes['braze.requests']], ['1500', '0', String(braze.received.length)]);
    assert.deepEqual(run.counters, { 'rows sent': 1500, 'rows rejected': 0 });
    assert.equal(run.provenance.filter(({ type }) => type === 'SEND').length, 1);
    await run.close();
  }));

test('one identifier a row: the address wins over the phone number, any other pair is an error; names fold as warehouses do', () =>
  withBraze(async (braze) => {
    const rows = [
      { email: 'a@example.com', phone: '+491', payload: { n: 1 } },
      { PHONE: '+492', PAYLOAD: '{"n": 2}' },
      { ALIAS_NAME: 'x', ALIAS_LABEL: 'shop', PAYLOAD: '{"n": 3}', EXTERNAL_ID: '' },
      { BRAZE_ID: 'unknown', PAYLOAD: '{"n": 4}' },
      { EXTERNAL_ID: 5, PAYLOAD: '{"n": 5}' },
      { EXTERNAL_ID: 'e', EMAIL: 'e@example.com', PAYLOAD: '{}' },
      { ALIAS_NAME: 'x', PAYLOAD: '{}' },
      { PAYLOAD: '{}' },
      { EXTERNAL_ID: 'f', PAYLOAD: '[1]' },
      { EXTERNAL_ID: 'g', PAYLOAD: '{"n": ' },
      { EXTERNAL_ID: 'h', PAYLOAD: null },
      { EXTERNAL_ID: { a: 1 }, PAYLOAD: '{}' },
    ];
    const run = writer(braze).enqueue(JSON.stringify(rows));
    await run.run();
    const known = [{ email: 'a@example.com' }, { phone: '+492' }, { user_alias: { alias_name: 'x', alias_label: 'shop' } }, { external_id: '5' }];
    assert.deepEqual(
      known.map((user) => braze.user(user)?.n),
      [1, 2, 3, 5],
    );
    assert.equal(braze.users.size, 4, 'an id of Braze only updates');
    const reasons = (JSON.parse(run.out('rejected')[0]!.content) as { _reason: string }[]).map(({ _reason }) => _reason);
    const wanted = [
      /more than one identifier: EXTERNAL_ID and EMAIL/,
      /ALIAS_NAME and ALIAS_LABEL/,
      /no identifier/,
      /no object/,
      /PAYLOAD is no JSON/,
      /PAYLOAD is empty/,
      /EXTERNAL_ID is no text/,
    ];
    assert.equal(reasons.length, wanted.length);
    for (const [index, words] of wanted.entries()) assert.match(reasons[index]!, words);
    await run.close();
  }));

test('events and purchases: what Braze would refuse is refused here, with its reason', () =>
  withBraze(async (braze) => {
    const at = { time: '2026-11-20T08:00:00Z' };
    const events = [
      ...users(200, (index) => ({ name: 'opened', ...at, properties: { index } })),
      ...users(1, () => ({ name: 'opened' })),
      ...users(1, () => at),
      ...users(1, () => ({ name: 'x', time: 'soon' })),
    ];
    const run = writer(braze, { 'Data Type': 'events' }).enqueue(JSON.stringify(events));
    await run.run();
    assert.equal(braze.events.length, 200);
    assert.match(run.out('rejected')[0]!.content, /PAYLOAD has no time.*PAYLOAD has no name.*'soon' in PAYLOAD is no moment/s);
    await run.close();

    const bought = { product_id: 'p', currency: 'EUR', price: 9.5, ...at };
    const purchases = [
      ...users(80, () => bought),
      ...users(1, () => ({ ...bought, price: '9' })),
      ...users(1, () => ({ ...bought, quantity: 0 })),
      ...users(1, () => ({ ...bought, currency: 'euro' })),
    ];
    const shop = writer(braze, { 'Data Type': 'purchases' }).enqueue(JSON.stringify(purchases));
    await shop.run();
    assert.equal(braze.purchases.length, 80);
    assert.match(shop.out('rejected')[0]!.content, /no price.*quantity.*Braze refused it: The currency is invalid/s);
    await shop.close();
  }));

test('catalog items are written and deleted in the order of the rows, 50 at a time; users are deleted by one kind of identifier a request', () =>
  withBraze(async (braze) => {
    const item = (id: string, more: object) => ({ ID: id, PAYLOAD: JSON.stringify(more), DELETED: false });
    const rows = [
      ...Array.from({ length: 120 }, (_, index) => item(`i${index}`, { price: index })),
      item('i1', { price: 99 }),
      { ...item('i2', {}), DELETED: true },
      item('not good!', {}),
      { ID: 'i3', DELETED: 'true' },
      item('i3', { price: 3.5 }),
    ];
    const run = writer(braze, { 'Data Type': 'catalog items', 'Catalog Name': 'products' }).enqueue(JSON.stringify(rows));
    await run.run();
    const catalog = braze.catalogs.get('products')!;
    assert.equal(catalog.size, 119);
    assert.deepEqual([catalog.get('i1'), catalog.has('i2'), catalog.get('i3')], [{ id: 'i1', price: 99 }, false, { id: 'i3', price: 3.5 }]);
    assert.match(run.out('rejected')[0]!.content, /ID 'not good!' may have letters/);
    await run.close();

    await writer(braze)
      .enqueue(JSON.stringify([...users(120, () => ({ a: 1 })), { EMAIL: 'm@example.com', PAYLOAD: '{}' }]))
      .run();
    const goes = writer(braze, { 'Data Type': 'user deletes' }).enqueue(JSON.stringify([...users(120, () => ({})), { EMAIL: 'm@example.com' }]));
    await goes.run();
    assert.equal(braze.users.size, 0);
    assert.equal(goes.out('rejected').length, 0);
    await goes.close();
  }));

test('rows that Braze refuses by index, with the whole request, or without a word which: the others arrive', () =>
  withBraze(async (braze) => {
    const rows = users(300, (index) => (index % 100 === 42 ? { favourite: index } : { favourite: 'x' }));
    const run = writer(braze).enqueue(JSON.stringify(rows));
    await run.run();
    assert.equal(braze.users.size, 297);
    const rejected = JSON.parse(run.out('rejected')[0]!.content) as { EXTERNAL_ID: string; _reason: string }[];
    assert.deepEqual(
      rejected.map(({ EXTERNAL_ID }) => EXTERNAL_ID),
      ['u42', 'u142', 'u242'],
    );
    assert.match(rejected[0]!._reason, /^Braze refused it: The value provided for the 'favourite' field/);
    assert.equal(run.out('success')[0]!.attributes['braze.sent'], '297');
    await run.close();

    braze.silent = true;
    braze.users.clear();
    const blind = writer(braze).enqueue(JSON.stringify(rows));
    await blind.run();
    assert.equal(braze.users.size, 297);
    assert.match(blind.out('rejected')[0]!.content, /"u42".*The request is malformed.*"u142".*"u242"/s);
    await blind.close();

    const items = writer(braze, { 'Data Type': 'catalog items', 'Catalog Name': 'products' });
    await items.enqueue(JSON.stringify([1, 2, 3].map((id) => ({ ID: `n${id}`, PAYLOAD: id === 2 ? { no_such_field: 1 } : { price: 1 } })))).run();
    assert.equal(braze.catalogs.get('products')!.size, 2);
    assert.match(items.out('rejected')[0]!.content, /"n2".*invalid-fields/s);
    await items.close();
  }));

test('limits, errors and cut connections pass; an outage in the middle leaves the FlowFile, and only what is not sure is sent again', () =>
  withBraze(async (braze) => {
    const limited = { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '0' } };
    braze.fail('/track', limited, { status: 500 }, 'cut', limited);
    const run = writer(braze).enqueue(JSON.stringify(users(400, (index) => ({ index }))));
    await run.run();
    assert.equal(braze.users.size, 400);
    await run.close();

    const once = writer(braze, { 'Data Type': 'events', 'Concurrent Requests': '2' });
    const rows = users(1000, (index) => ({ name: `e${index}`, time: '2026-11-20' }));
    braze.received.length = 0;
    const refuse = { status: 401, body: { message: 'expired' } };
    const send = braze.events.push.bind(braze.events);
    braze.events.push = (...events) => {
      if (braze.events.length === 300) braze.fail('/track', refuse, refuse);
      return send(...events);
    };
    await once.enqueue(JSON.stringify(rows)).run();
    assert.equal(once.queued.length, 1);
    assert.match(once.bulletins.at(-1)!.message, /401: expired\. Put a valid REST API key/);
    assert.ok(braze.events.length >= 300 && braze.events.length < 1000);
    await once.advance(60_000);
    await once.run();
    assert.deepEqual(braze.events.map(({ name }) => name).sort(), rows.map((_, index) => `e${index}`).sort());
    assert.equal(once.out('success')[0]!.attributes['braze.sent'], '1000');
    await once.close();
  }));

test('what was settled as one data type is not settled as another', () =>
  withBraze(async (braze) => {
    const run = writer(braze, { 'Data Type': 'events', 'Concurrent Requests': '2' });
    const refuse = { status: 401, body: { message: 'expired' } };
    const take = braze.events.push.bind(braze.events);
    braze.events.push = (...events) => {
      if (braze.events.length === 150) braze.fail('/track', refuse, refuse);
      return take(...events);
    };
    await run.enqueue(JSON.stringify(users(400, (index) => ({ name: `e${index}`, time: '2026-11-20' })))).run();
    assert.equal(run.queued.length, 1);
    run.flow.change(run.node, run.node.revision, (node) => node.configure({ properties: { 'Data Type': 'attributes' } }));
    await run.advance(60_000);
    await run.run();
    assert.equal([...braze.users.values()].filter(({ name }) => String(name).startsWith('e')).length, 400);
    await run.close();
  }));

test('a full catalog, one that is not there and a foreign key stop the rows and say what to do', () =>
  withBraze(async (braze) => {
    const row = JSON.stringify([{ ID: 'a', PAYLOAD: '{}' }]);
    braze.room = 0;
    const cases = [
      [writer(braze, { 'Data Type': 'catalog items', 'Catalog Name': 'products' }), /company-size-limit-already-reached.* Delete items or catalogs/],
      [writer(braze, { 'Data Type': 'catalog items', 'Catalog Name': 'shoes' }), /404: .*catalog-not-found.* Create the catalog in Braze/],
      [writer(braze, {}, 'other'), /401: Invalid API key\. Put a valid REST API key/],
    ] as const;
    for (const [run, words] of cases) {
      await run.enqueue(run === cases[2][0] ? JSON.stringify(users(1, () => ({}))) : row).run();
      assert.equal(run.queued.length, 1);
      assert.match(run.bulletins.at(-1)!.message, words);
      await run.close();
    }
  }));

test('what is no records goes to failure; no rows send nothing', () =>
  withBraze(async (braze) => {
    const run = writer(braze).enqueue('no JSON').enqueue('[]');
    await run.run();
    await run.run();
    assert.match(run.out('failure')[0]!.attributes['error.message']!, /not JSON records/);
    assert.equal(run.out('success')[0]!.attributes['braze.sent'], '0');
    assert.equal(braze.received.length, 0);
    await run.close();
  }));
