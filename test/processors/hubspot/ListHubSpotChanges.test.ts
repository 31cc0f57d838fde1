import assert from 'node:assert/strict';
import { test } from 'node:test';
import ListHubSpotChanges from '../../../processors/hubspot/ListHubSpotChanges.ts';
import { runner } from '../../runner.ts';

const times = (attributes: Readonly<Record<string, string>>) => ['hubspot.window.from', 'hubspot.window.to'].map((name) => Date.parse(attributes[name]!));

test('the first window begins at Updated After, the next ones overlap, and a cleared state begins anew', async () => {
  const run = runner(ListHubSpotChanges, { properties: { 'Updated After': '2026-01-31', Overlap: '5 min', Lag: '10 sec' } });
  const before = Date.now();
  await run.run();
  const [from, to] = times(run.out('success')[0]!.attributes);
  assert.equal(from, Date.parse('2026-01-31'));
  assert.ok(to! >= before - 10_000 && to! <= Date.now() - 10_000);
  assert.deepEqual(run.state(), { 'Contacts read up to': new Date(to!).toISOString() });
  run.clear();
  await run.run();
  const [again, next] = times(run.out('success')[0]!.attributes);
  assert.equal(again, to! - 5 * 60_000);
  assert.ok(next! >= to!);
  run.clear();
  run.setState({});
  await run.run();
  assert.equal(times(run.out('success')[0]!.attributes)[0], from);
});

test('each object type has a cursor of its own', async () => {
  const run = runner(ListHubSpotChanges, { properties: { 'Object Type': 'Deals' }, state: { 'Contacts read up to': '2026-11-20T12:00:00.000Z' } });
  await run.run();
  assert.equal(times(run.out('success')[0]!.attributes)[0], 0);
  assert.deepEqual(Object.keys(run.state()), ['Contacts read up to', 'Deals read up to']);
  assert.equal(run.state()['Contacts read up to'], '2026-11-20T12:00:00.000Z');
});

test('the recycling bin is read as a whole, without state', async () => {
  const run = runner(ListHubSpotChanges, { properties: { 'What To Read': 'archived', 'Object Type': 'Tickets' } });
  await run.run();
  const [flowFile] = run.out('success');
  assert.deepEqual([flowFile!.attributes['hubspot.archived'], flowFile!.attributes['hubspot.object.type']], ['true', 'Tickets']);
  assert.deepEqual(run.state(), {});
});

test('a date that is none makes the processor invalid', async () => {
  const run = runner(ListHubSpotChanges, { properties: { 'Updated After': 'yesterday' } });
  assert.match((await run.validate()).join(), /'Updated After' validated against 'yesterday' is invalid because it must be a date/);
});
