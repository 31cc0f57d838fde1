import assert from 'node:assert/strict';
import { test } from 'node:test';
import PutKlaviyo from '../../../processors/klaviyo/PutKlaviyo.ts';
import { type KlaviyoEmulator, refusal, throttled } from '../../emulators/klaviyo.ts';
import { runner } from '../../runner.ts';
import { connectionTo, withKlaviyo } from './account.ts';

function writer(klaviyo: KlaviyoEmulator, properties: Record<string, string> = {}, key?: string) {
  return runner(PutKlaviyo, { properties: { 'Poll Interval': '5 ms', ...properties }, services: { 'Klaviyo Connection': connectionTo(klaviyo, key) } });
}

const people = (count: number, more: Record<string, unknown> = {}) =>
  Array.from({ length: count }, (_, index) => ({ email: `P${index}@example.com`, 'First Name': `P${index}`, ...more }));
const reasons = (content: string): string[] => (JSON.parse(content) as { _reason: string }[]).map(({ _reason }) => _reason);
const byEmail = (klaviyo: KlaviyoEmulator, email: string) => [...klaviyo.profiles.values()].find(({ attributes }) => attributes.email === email)!;

test('records become profiles by imports of at most 10,000: attributes, location and custom properties, exact to the last digit', () =>
  withKlaviyo(async (klaviyo) => {
    const rows = JSON.stringify(people(20_500, { City: 'Berlin', 'location.zip': 10115, tier: 'gold', tags: ['a', { b: 1 }], empty: '', nothing: null }));
    const run = writer(klaviyo, { 'List IDs': 'LIST1' }).enqueue(rows.replace('"tier"', '"order":12345678901234567890,"tier"'));
    await run.run();
    assert.equal(klaviyo.profiles.size, 20_500);
    assert.equal(klaviyo.jobs.count, 3);
    const sent = klaviyo.received.filter(({ method }) => method === 'POST');
    assert.ok(sent.some(({ bytes }) => bytes.includes('"order":12345678901234567890')));
    const { attributes } = byEmail(klaviyo, 'p7@example.com');
    assert.deepEqual([attributes.first_name, attributes.location, attributes.properties], ['P7', { city: 'Berlin', zip: '10115' }, { tier: 'gold', tags: ['a', { b: 1 }] }]);
    assert.equal(klaviyo.lists.get('LIST1')!.size, 20_500);
    const [done] = run.out('success');
    assert.deepEqual([done!.attributes['klaviyo.sent'], done!.attributes['klaviyo.rejected'], done!.attributes['klaviyo.jobs']], ['20500', '0', '3']);
    assert.deepEqual(run.counters, { 'rows sent': 20_500, 'rows rejected': 0 });
    assert.equal(run.provenance.filter(({ type }) => type === 'SEND').length, 1);
    await run.close();
  }));

test('each bad row is rejected with its reason, whoever finds it: we, the request, or the import', () =>
  withKlaviyo(async (klaviyo) => {
    for (let index = 0; index < 150; index++) klaviyo.unsupported.add(`+4915100${1000 + index}`);
    const rows = [
      { name: 'nobody' },
      { email: 'no address' },
      { email: 'x@example.com', phone_number: '0151 23' },
      { external_id: 'huge', text: 'x'.repeat(100_001) },
      ...Array.from({ length: 150 }, (_, index) => ({ email: `u${index}@example.com`, phone_number: `+4915100${1000 + index}` })),
      { id: 'P1', email: 'good@example.com' },
      { email: 'good2@example.com', n: 1 },
      { email: 'Good2@example.com', n: 2 },
    ];
    klaviyo.fail('/profile-bulk-import-jobs', {
      status: 400,
      body: {
        errors: [{ id: '1', code: 'invalid', title: 'Invalid input.', detail: 'Disposable address', source: { pointer: '/data/attributes/profiles/data/150/attributes/email' } }],
      },
    });
    const run = writer(klaviyo).enqueue(JSON.stringify(rows));
    await run.run();
    const said = reasons(run.out('rejected')[0]!.content);
    assert.deepEqual(said.slice(0, 4), [
      'it has none of id, external_id, email, phone_number',
      "'no address' in email is not an e-mail address",
      "'0151 23' in phone_number is not a number in the form +12345678901",
      'it is larger than the 100 KB that Klaviyo takes for a profile',
    ]);
    assert.deepEqual(said.filter((reason) => reason.includes('Disposable')).length, 1);
    assert.equal(said.filter((reason) => reason.includes('not in a supported region')).length, 150);
    const { attributes } = run.out('success')[0]!;
    assert.deepEqual([attributes['klaviyo.sent'], attributes['klaviyo.rejected'], attributes['klaviyo.superseded']], ['1', '155', '1']);
    assert.deepEqual(byEmail(klaviyo, 'good2@example.com').attributes.properties, { n: 2 });
    await run.close();
  }));

test('storms pass: limits, errors of the server, answers cut in the middle; no profile is lost or doubled', () =>
  withKlaviyo(async (klaviyo) => {
    klaviyo.fail('/profile-bulk-import-jobs', throttled(1), refusal(503, 'service_unavailable', 'Service Unavailable'), 'cut', { status: 502, text: '<html>' });
    klaviyo.fail((request) => /jobs\/\w+$/.test(request.path), { status: 500 }, 'cut', throttled(1));
    const run = writer(klaviyo).enqueue(JSON.stringify(people(300)));
    await run.run();
    assert.equal(klaviyo.profiles.size, 300);
    assert.equal(run.out('success').length, 1);
    assert.deepEqual(
      run.bulletins.map(({ message }) => message),
      [],
    );
    await run.close();
  }));

test('an expired key, a missing scope, an unknown list, a cancelled import: the FlowFile stays, nothing is rejected for it, the bulletin says what to do', () =>
  withKlaviyo(async (klaviyo) => {
    const expired = writer(klaviyo, {}, 'pk_old').enqueue(JSON.stringify(people(2)));
    await expired.run();
    assert.match(expired.bulletins.at(-1)!.message, /401: Incorrect authentication credentials\. Put a valid private API key/);
    assert.doesNotMatch(expired.bulletins.at(-1)!.message, /pk_old/);
    assert.equal(expired.queued.length, 1);
    await expired.close();
    const run = writer(klaviyo, { 'List IDs': 'LIST2' }).enqueue(JSON.stringify(people(2)));
    await run.run();
    assert.match(run.bulletins.at(-1)!.message, /List ID LIST2 does not exist/);
    klaviyo.fail('/profile-bulk-import-jobs', refusal(403, 'permission_denied', 'The API key is missing the scope profiles:write'));
    await run.advance(60_000);
    await run.run();
    assert.match(run.bulletins.at(-1)!.message, /profiles:write.*Settings > API keys/);
    klaviyo.lists.set('LIST2', new Set());
    klaviyo.jobs.hold();
    await run.advance(60_000);
    const running = run.run();
    while (klaviyo.jobs.held === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    klaviyo.jobs.release('cancelled');
    await running;
    assert.match(run.bulletins.at(-1)!.message, /was cancelled in Klaviyo/);
    assert.equal(run.queued.length, 1);
    await run.advance(60_000);
    await run.run();
    assert.deepEqual([run.out('success').length, klaviyo.profiles.size, run.out('rejected').length], [1, 2, 0]);
    await run.close();
  }));

test('what is no JSON goes to failure; lists that are none make the processor invalid', () =>
  withKlaviyo(async (klaviyo) => {
    const run = writer(klaviyo).enqueue('{"email": ').enqueue('');
    await run.run(2);
    assert.match(run.out('failure')[0]!.attributes['error.message']!, /not JSON records/);
    assert.equal(run.out('success')[0]!.attributes['klaviyo.jobs'], '0');
    await run.close();
    const wrong = writer(klaviyo, { 'List IDs': 'a b' });
    assert.match((await wrong.validate()).join(), /it must be ids of lists/);
    await wrong.close();
  }));
