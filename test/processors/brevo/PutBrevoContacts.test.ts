import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import BrevoConnection from '../../../processors/brevo/BrevoConnection.ts';
import PutBrevoContacts from '../../../processors/brevo/PutBrevoContacts.ts';
import { BrevoEmulator } from '../../emulators/brevo.ts';
import { runner } from '../../runner.ts';

const FIELDS = JSON.stringify([
  { name: 'EMAIL', type: 'text' },
  { name: 'LTV_SCORE', type: 'decimal' },
  { name: 'LAST_ORDER_DATE', type: 'timestamp' },
  { name: 'VIP', type: 'boolean' },
]);

async function withBrevo(work: (brevo: BrevoEmulator) => Promise<void>): Promise<void> {
  const brevo = await BrevoEmulator.start();
  try {
    await work(brevo);
  } finally {
    await brevo.stop();
  }
}

function writer(brevo: BrevoEmulator, properties: Record<string, string> = {}, key = 'xkeysib-test') {
  const connection = { definition: BrevoConnection as never, properties: { 'API Key': key, 'API URL': brevo.url, 'Requests Per Second': '1000' } };
  const run = runner(PutBrevoContacts, { properties: { 'List IDs': '3', 'Poll Interval': '1 ms', ...properties }, services: { 'Brevo Connection': connection } });
  // Where there is no state, the first trigger does nothing but store one.
  run.setState({ 'accepted since': 'the test began' });
  return run;
}

const people = (count: number, more: Record<string, unknown> = {}) =>
  Array.from({ length: count }, (_, index) => ({ EMAIL: `P${index}@example.com`, LTV_SCORE: index / 2, LAST_ORDER_DATE: '2026-11-20T08:00:00', VIP: index % 2 === 0, ...more }));
const imports = (brevo: BrevoEmulator): number => brevo.received.filter(({ path }) => path.endsWith('/import')).length;

test('many contacts go by an import: attributes are made with their types, lists are joined, the process is followed to its end', () =>
  withBrevo(async (brevo) => {
    const run = writer(brevo).enqueue(JSON.stringify(people(500)), { 'record.fields': FIELDS });
    await run.run();
    assert.equal(imports(brevo), 1);
    assert.equal(brevo.contacts.size, 500);
    assert.deepEqual(brevo.contacts.get('p3@example.com')!.attributes, { LTV_SCORE: 1.5, LAST_ORDER_DATE: '2026-11-20', VIP: false });
    assert.deepEqual([...brevo.contacts.get('p3@example.com')!.lists], [3]);
    assert.deepEqual([brevo.attributes.get('LTV_SCORE'), brevo.attributes.get('LAST_ORDER_DATE'), brevo.attributes.get('VIP')], ['float', 'date', 'boolean']);
    const { attributes } = run.out('success')[0]!;
    assert.deepEqual([attributes['brevo.sent'], attributes['brevo.skipped'], attributes['brevo.rejected']], ['500', '0', '0']);
    assert.equal(Number(attributes['brevo.requests']), brevo.received.filter(({ path }) => /import|processes/.test(path)).length);
    assert.equal(run.provenance.filter(({ type }) => type === 'SEND').length, 1);
    await run.close();
  }));

test('only what changed is sent, a restart included; a cleared state sends everything again', () =>
  withBrevo(async (brevo) => {
    const run = writer(brevo);
    await run.enqueue(JSON.stringify(people(100))).run();
    assert.equal(brevo.written, 100);
    await run.enqueue(JSON.stringify(people(100))).run();
    assert.equal(brevo.written, 100);
    const changed = people(100).map((row, index) => (index < 3 ? { ...row, LTV_SCORE: -1 } : row));
    await run.enqueue(JSON.stringify(changed)).run();
    assert.equal(brevo.written, 103);
    assert.equal(imports(brevo), 1, 'three are saved one by one');
    assert.deepEqual(run.counters, { 'rows sent': 103, 'rows unchanged': 197, 'rows rejected': 0 });
    run.setState({});
    await run.enqueue(JSON.stringify(changed)).run();
    assert.equal(brevo.written, 103, 'the state is stored first');
    await run.run();
    assert.equal(brevo.written, 203);
    await run.close();
  }));

test('rows that are no contacts, and those that Brevo refuses, come back with the reason; the others are sent', () =>
  withBrevo(async (brevo) => {
    brevo.invalid.add('p1@example.com');
    const rows = [...people(20), { EMAIL: null, LTV_SCORE: 1 }, { EMAIL: 'no address', LTV_SCORE: 2 }];
    const run = writer(brevo).enqueue(JSON.stringify(rows));
    await run.run();
    const rejected = JSON.parse(run.out('rejected')[0]!.content) as { EMAIL: string | null; _reason: string }[];
    assert.deepEqual(
      rejected.map(({ EMAIL, _reason }) => [EMAIL, _reason]),
      [
        [null, 'it has no address in EMAIL'],
        ['no address', "'no address' in EMAIL is not an e-mail address"],
        ['P1@example.com', 'Brevo left it out of import 1: invalid emails'],
      ],
    );
    assert.equal(brevo.contacts.size, 19);
    run.clear();
    await run.enqueue(JSON.stringify([{ EMAIL: 'p1@example.com' }, { EMAIL: 'good@example.com' }])).run();
    assert.match(run.out('rejected')[0]!.content, /400: invalid_parameter: Invalid email address/);
    assert.ok(brevo.contacts.has('good@example.com'));
    await run.close();
  }));

test('of several rows of one address the last one counts; empty values keep or erase', () =>
  withBrevo(async (brevo) => {
    const twice = [
      { EMAIL: 'a@example.com', FIRSTNAME: 'Old' },
      { EMAIL: 'A@example.com ', FIRSTNAME: 'New' },
    ];
    const keeps = writer(brevo);
    await keeps.enqueue(JSON.stringify(twice)).run();
    assert.equal(brevo.written, 1);
    await keeps.enqueue(JSON.stringify([{ EMAIL: 'a@example.com', FIRSTNAME: null, LASTNAME: 'Doe' }])).run();
    assert.deepEqual(brevo.contacts.get('a@example.com')!.attributes, { FIRSTNAME: 'New', LASTNAME: 'Doe' });
    const erases = writer(brevo, { 'Empty Values': 'erase', 'Individual Saves': '0' });
    await erases.enqueue(JSON.stringify([{ EMAIL: 'a@example.com', FIRSTNAME: '' }])).run();
    assert.deepEqual(brevo.contacts.get('a@example.com')!.attributes, { LASTNAME: 'Doe' });
    for (const run of [keeps, erases]) await run.close();
  }));

test('a dry run sends nothing and tells adds, changes, skips and the first requests', () =>
  withBrevo(async (brevo) => {
    const run = writer(brevo);
    await run.enqueue(JSON.stringify(people(30))).run();
    const before = brevo.received.length;
    run.flow.change(run.node, run.node.revision, (node) => node.configure({ properties: { 'Dry Run': 'true' } }));
    const rows = [...people(30).map((row, index) => (index < 12 ? { ...row, LTV_SCORE: 99 } : row)), { EMAIL: 'new@example.com' }];
    await run.enqueue(JSON.stringify(rows)).run();
    assert.equal(brevo.received.length, before);
    const report = JSON.parse(run.out('dry run')[0]!.content) as Record<string, { count: number }> & { requests: { path: string; contacts: number }[] };
    assert.deepEqual([report.adds!.count, report.changes!.count, report.skips!.count], [1, 12, 18]);
    assert.deepEqual([report.requests[0]!.path, report.requests[0]!.contacts], ['/contacts/import', 13]);
    await run.close();
  }));

test('storms pass; a key that does not count and a list that does not exist leave the FlowFile where it was', () =>
  withBrevo(async (brevo) => {
    const limited = { status: 429, body: { code: 'too_many_requests', message: 'Rate limit exceeded' }, headers: { 'x-sib-ratelimit-reset': '0.01' } };
    brevo.fail('/import', limited, { status: 503 }, 'cut');
    brevo.fail('/processes/1', limited, 'cut');
    const run = writer(brevo).enqueue(JSON.stringify(people(20)));
    await run.run();
    assert.equal(brevo.contacts.size, 20);
    assert.equal(run.out('success').length, 1);
    await run.close();

    const stranger = writer(brevo, {}, 'xkeysib-old').enqueue(JSON.stringify(people(1)));
    await stranger.run();
    assert.equal(stranger.queued.length, 1);
    assert.match(stranger.bulletins.at(-1)!.message, /401: unauthorized: Key not found\. Put a valid API key/);
    await stranger.close();

    const lost = writer(brevo, { 'List IDs': '99' }).enqueue(JSON.stringify(people(20)));
    await lost.run();
    assert.equal(lost.queued.length, 1);
    assert.match(lost.bulletins.at(-1)!.message, /List Id does not exist\. Check the list ids/);
    await lost.close();
  }));

/** Runs while imports are held, until so many have been begun and looked at. */
async function underWay(brevo: BrevoEmulator, count: number): Promise<void> {
  const looked = (): number => new Set(brevo.received.filter(({ path }) => path.includes('/processes/')).map(({ path }) => path)).size;
  while (looked() < count) await setTimeout(1);
}

test('FlowFiles are sent beside each other, but those with an address in common one after the other: the later one counts', () =>
  withBrevo(async (brevo) => {
    const run = writer(brevo, { 'Individual Saves': '0' });
    const of = (name: string, value: number): string => JSON.stringify([{ EMAIL: `${name}@example.com`, LTV_SCORE: value }]);
    for (const content of [of('a', 1), of('b', 1), '{', of('c', 1), of('a', 2)]) run.enqueue(content);
    brevo.hold();
    const running = run.run(2);
    await underWay(brevo, 3);
    assert.equal(imports(brevo), 3, 'the fifth waits for the first');
    brevo.release();
    await running;
    assert.deepEqual(
      ['a', 'b', 'c'].map((name) => brevo.contacts.get(`${name}@example.com`)!.attributes.LTV_SCORE),
      [2, 1, 1],
    );
    assert.deepEqual([run.out('success').length, run.out('failure').length], [4, 1]);
    await run.close();
  }));

test('where one of several FlowFiles fails, nothing overtakes it, and all are told as sent in the end', () =>
  withBrevo(async (brevo) => {
    const run = writer(brevo, { 'Individual Saves': '0', 'Skip Unchanged': 'false' });
    for (const [name, value] of [
      ['a', 1],
      ['b', 1],
      ['a', 2],
      ['b', 2],
    ] as const)
      run.enqueue(JSON.stringify([{ EMAIL: `${name}@example.com`, LTV_SCORE: value }]));
    brevo.fail(({ path, bytes }) => path.endsWith('/import') && bytes.includes('b@'), { status: 400, body: { code: 'invalid_parameter', message: 'not now' } });
    await run.run();
    assert.equal(run.queued.length, 4);
    assert.match(run.bulletins.at(-1)!.message, /invalid_parameter: not now/);
    await run.run();
    assert.deepEqual([brevo.contacts.get('a@example.com')!.attributes.LTV_SCORE, brevo.contacts.get('b@example.com')!.attributes.LTV_SCORE], [2, 2]);
    assert.deepEqual([run.out('success').length, run.counters['rows sent']], [4, 4]);
    await run.close();
  }));

test('what is no JSON goes to failure; no rows send nothing; lists must be numbers', () =>
  withBrevo(async (brevo) => {
    const run = writer(brevo).enqueue('[{"EMAIL": ').enqueue('[]');
    await run.run(2);
    assert.equal(run.out('failure').length, 1);
    assert.equal(run.out('success').length, 1);
    assert.equal(brevo.received.length, 0);
    await run.close();
    assert.match((await writer(brevo, { 'List IDs': 'newsletter' }).validate()).join(), /must be ids of lists/);
  }));
