import assert from 'node:assert/strict';
import { test } from 'node:test';
import FetchHubSpotObjects from '../../../processors/hubspot/FetchHubSpotObjects.ts';
import HubSpotConnection from '../../../processors/hubspot/HubSpotConnection.ts';
import type { DataRecord } from '../../../server/extension/record.ts';
import { HubSpotEmulator, refusal } from '../../emulators/hubspot.ts';
import { runner } from '../../runner.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const WINDOW = { 'hubspot.object.type': 'Contacts', 'hubspot.window.from': '1970-01-01T00:00:00.000Z', 'hubspot.window.to': '2026-11-21T00:00:00.000Z', 'hubspot.after.id': '0' };

async function withCrm(work: (crm: HubSpotEmulator) => Promise<void>): Promise<void> {
  const crm = await HubSpotEmulator.start();
  try {
    await work(crm);
  } finally {
    await crm.stop();
  }
}

function fetcher(crm: HubSpotEmulator, token = 'pat-test') {
  const properties = { 'Access Token': token, 'API URL': crm.url, 'Search Requests Per Second': '1000' };
  return runner(FetchHubSpotObjects, { services: { 'HubSpot Connection': { definition: HubSpotConnection as never, properties } } });
}

const rowsOf = (outputs: readonly { content: string }[]): DataRecord[] => outputs.flatMap(({ content }) => JSON.parse(content) as DataRecord[]);
const idsOf = (outputs: readonly { content: string }[]): number[] => rowsOf(outputs).map(({ id }) => Number(id));

test('more objects than a search answers, all changed in the same moment: each is read once', () =>
  withCrm(async (crm) => {
    for (let id = 1; id <= 12_345; id++) crm.put('contacts', id, NOON);
    crm.put('contacts', 20_000, Date.parse('2026-11-21T00:00:00Z'));
    const run = fetcher(crm).enqueue('', WINDOW);
    await run.run(100);
    const ids = idsOf(run.out('success'));
    assert.equal(ids.length, 12_345);
    assert.equal(new Set(ids).size, 12_345);
    assert.ok(!ids.includes(20_000), 'a change after the window');
    assert.equal(run.out('completed').length, 1);
    assert.equal(run.counters['objects read'], 12_345);
    assert.equal(run.provenance.filter(({ type }) => type === 'RECEIVE').length, 62);
    await run.close();
  }));

test('every property becomes a typed column; a property that appears is there in the next window', () =>
  withCrm(async (crm) => {
    crm.define(
      'contacts',
      { name: 'email', type: 'string' },
      { name: 'score', type: 'number' },
      { name: 'vip', type: 'bool' },
      { name: 'birthday', type: 'date' },
      { name: 'ID', type: 'string' },
    );
    crm.put('contacts', 9007199254740991, NOON, { email: 'a@b.c', score: '0.30000000000000004', vip: 'true', birthday: '1990-02-28', ID: 'mine' });
    const run = fetcher(crm).enqueue('', WINDOW);
    await run.run(2);
    const [page] = run.out('success');
    const fields = Object.fromEntries((JSON.parse(page!.attributes['record.fields']!) as { name: string; type: string }[]).map(({ name, type }) => [name, type]));
    assert.deepEqual(fields, {
      id: 'text',
      archived: 'boolean',
      archived_at: 'timestamp_tz',
      created_at: 'timestamp_tz',
      updated_at: 'timestamp_tz',
      hs_object_id: 'decimal',
      createdate: 'timestamp_tz',
      lastmodifieddate: 'timestamp_tz',
      email: 'text',
      score: 'double',
      vip: 'boolean',
      birthday: 'date',
      property_ID: 'text',
    });
    const [row] = rowsOf([page!]);
    assert.equal(row!.score, 0.30000000000000004);
    assert.deepEqual([row!.vip, row!.birthday, row!.archived, row!.property_ID], [true, '1990-02-28', false, 'mine']);
    assert.match(page!.content, /"hs_object_id":9007199254740991/);
    run.clear();
    crm.define('contacts', { name: 'plan', type: 'enumeration' });
    crm.put('contacts', 1, NOON, { plan: 'gold' });
    await run.enqueue('', WINDOW).run(2);
    assert.equal(rowsOf(run.out('success')).find(({ id }) => id === '1')!.plan, 'gold');
    await run.close();
  }));

test('objects in the recycling bin are marked', () =>
  withCrm(async (crm) => {
    for (let id = 1; id <= 250; id++) crm.put('deals', id, NOON);
    for (let id = 1; id <= 249; id++) crm.archive('deals', id, NOON + 1000);
    const run = fetcher(crm).enqueue('', { 'hubspot.object.type': 'Deals', 'hubspot.archived': 'true' });
    await run.run(10);
    const rows = rowsOf(run.out('success'));
    assert.equal(rows.length, 249);
    assert.deepEqual([rows[0]!.archived, rows[0]!.archived_at], [true, '2026-11-20T12:00:01.000Z']);
    assert.equal(run.out('completed').length, 1);
    await run.close();
  }));

test('storms pass: limits, errors of the server, answers cut in the middle, broken JSON', () =>
  withCrm(async (crm) => {
    for (let id = 1; id <= 450; id++) crm.put('contacts', id, NOON);
    const tooMany = { ...refusal(429, 'RATE_LIMITS', 'secondly limit', { policyName: 'SECONDLY' }), headers: { 'x-hubspot-ratelimit-interval-milliseconds': '20' } };
    crm.fail('/search', tooMany, tooMany, tooMany, 'cut', { status: 502, body: 'bad gateway' });
    crm.fail('/contacts', { status: 500 }, 'cut');
    const run = fetcher(crm).enqueue('', WINDOW);
    await run.run(10);
    assert.deepEqual(
      idsOf(run.out('success')).sort((a, b) => a - b),
      Array.from({ length: 450 }, (_, index) => index + 1),
    );
    assert.deepEqual(
      run.bulletins.map(({ message }) => message),
      [],
    );
    await run.close();
  }));

test('an expired token, missing scopes, the daily limit: the FlowFile stays, the bulletin says what to do', () =>
  withCrm(async (crm) => {
    const expired = fetcher(crm, 'pat-old').enqueue('', WINDOW);
    await expired.run();
    assert.equal(expired.queued.length, 1);
    assert.match(expired.bulletins.at(-1)!.message, /401: Authentication credentials not found or not valid.* Put a valid token/);
    await expired.close();
    const run = fetcher(crm).enqueue('', WINDOW);
    crm.fail(
      '/contacts',
      refusal(403, 'MISSING_SCOPES', 'This app has not been granted all required scopes', {
        errors: [{ message: 'One of these is needed', context: { requiredScopes: ['crm.objects.contacts.read'] } }],
      }),
    );
    await run.run();
    assert.match(run.bulletins.at(-1)!.message, /crm\.objects\.contacts\.read.*scopes in HubSpot/);
    crm.fail('/search', refusal(429, 'RATE_LIMITS', 'You have reached your daily limit.', { policyName: 'DAILY' }));
    await run.advance(60_000);
    await run.run();
    assert.match(run.bulletins.at(-1)!.message, /daily limit.*midnight/);
    assert.equal(run.queued.length, 1);
    await run.close();
  }));

test('a property that is deleted while a window is read costs one more attempt', () =>
  withCrm(async (crm) => {
    crm.define('contacts', { name: 'old', type: 'string' });
    for (let id = 1; id <= 300; id++) crm.put('contacts', id, NOON);
    const run = fetcher(crm).enqueue('', WINDOW);
    await run.start();
    await run.run(1);
    crm.undefine('contacts', 'old');
    await run.run(1);
    assert.match(run.bulletins.at(-1)!.message, /Property old does not exist/);
    await run.advance(60_000);
    await run.run(2);
    assert.equal(new Set(idsOf(run.out('success'))).size, 300);
    await run.close();
  }));

test('a FlowFile that does not say what to read goes to failure', () =>
  withCrm(async (crm) => {
    const run = fetcher(crm);
    run
      .enqueue('', {})
      .enqueue('', { ...WINDOW, 'hubspot.window.to': 'soon' })
      .enqueue('', { ...WINDOW, 'hubspot.after.id': '1 OR 1' });
    await run.run(3);
    assert.deepEqual(
      run.out('failure').map(({ attributes }) => attributes['error.message']!.slice(0, 40)),
      ["The attribute hubspot.object.type is '':", 'The attributes hubspot.window.from and h', 'The attribute hubspot.after.id must be t'],
    );
    await run.close();
  }));

test('Test connection says whether the token counts', () =>
  withCrm(async (crm) => {
    const { verify } = HubSpotConnection;
    const context = (token: string) =>
      ({ properties: { token, url: crm.url, searches: 5, timeout: 1000 }, signal: new AbortController().signal }) as unknown as Parameters<NonNullable<typeof verify>>[0];
    assert.deepEqual(
      (await verify!(context('pat-test'))).map(({ outcome }) => outcome),
      ['SUCCESSFUL'],
    );
    const [step] = await verify!(context('wrong'));
    assert.equal(step!.outcome, 'FAILED');
    assert.doesNotMatch(step!.explanation, /wrong/);
  }));
