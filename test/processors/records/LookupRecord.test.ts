import assert from 'node:assert/strict';
import { test } from 'node:test';
import SimpleKeyValueLookupService from '../../../processors/lookup/SimpleKeyValueLookupService.ts';
import LookupRecord from '../../../processors/records/LookupRecord.ts';
import { type Properties, runJson, service } from './record-services.ts';

const people = '[{"id":1,"in":{"land":"AT"}},{"id":2,"in":{"land":"XX"}},{"id":3,"in":null}]';
const countries = service(SimpleKeyValueLookupService, { AT: 'Austria', DE: 'Germany' });
const byRecord = { requiredKeys: ['key'], lookup: async (asked: Map<string, unknown>) => (asked.get('key') === 'AT' ? { value: { name: 'Austria', size: 84 } } : undefined) };
const run = (properties: Properties, lookup: object = countries, content = people) =>
  runJson(LookupRecord, content, { key: '/in/land', ...properties }, {}, { 'Lookup Service': lookup });

test('what is found goes where it is told', async () => {
  const { out, counts } = await run({ 'Result RecordPath': '/country' }).then((done) => ({ out: done.out('success'), counts: done.counts }));
  assert.equal(out[0]!.content, '[{"id":1,"in":{"land":"AT"},"country":"Austria"},{"id":2,"in":{"land":"XX"},"country":null},{"id":3,"in":null,"country":null}]');
  assert.deepEqual([counts, out[0]!.attributes['record.count']], [{ success: 1 }, '3']);
  const replaced = await run({ 'Record Update Strategy': 'replace-existing-values' });
  assert.equal(replaced.out('success')[0]!.content, people.replace('AT', 'Austria'));
});

test('records that are found go another way than others', async () => {
  const done = await run({ 'Routing Strategy': 'route-to-matched-unmatched', 'Result RecordPath': '/c', 'Cache Size': '10' });
  assert.deepEqual(done.counts, { matched: 1, unmatched: 1 });
  assert.deepEqual(
    ['matched', 'unmatched'].map((name) => done.out(name)[0]!.attributes['record.count']),
    ['1', '2'],
  );
});

test('records from a service are put in whole, or field by field', async () => {
  const whole = await run({ 'Result RecordPath': '/c' }, byRecord, '[{"in":{"land":"AT"}}]');
  assert.equal(whole.out('success')[0]!.content, '[{"in":{"land":"AT"},"c":{"name":"Austria","size":84}}]');
  const fields = await run({ 'Result RecordPath': '/in', 'Record Result Contents': 'record-fields' }, byRecord, '[{"in":{"land":"AT"}}]');
  assert.equal(fields.out('success')[0]!.content, '[{"in":{"land":"AT","name":"Austria","size":84}}]');
});

test('bad records fail, and so does a look-up without its coordinate', async () => {
  assert.deepEqual((await run({}, countries, '[{"a"')).counts, { failure: 1 });
  const several = await run({ key: '/*' }, countries, '[{"a":1,"b":2}]');
  assert.match(several.out('failure')[0]!.attributes['record.error.message']!, /leads to 2 values; a look-up needs one/);
  const missing = await runJson(LookupRecord, people, { other: '/id' }, {}, { 'Lookup Service': countries });
  assert.match(missing.out('failure')[0]!.attributes['record.error.message']!, /needs the coordinate 'key'/);
});
