import assert from 'node:assert/strict';
import { test } from 'node:test';
import DeduplicateRecord from '../../../processors/records/DeduplicateRecord.ts';
import type { CacheEntry } from '../../../server/extension/map-cache.ts';
import { type Properties, reasonOf, runJson } from './record-services.ts';

const people = '[{"a":1,"b":"x"},{"a":1,"b":"y"},{"a":1,"b":"x"},{"a":null,"b":"x"}]';
const outcome = async (properties: Properties, content = people, services = {}): Promise<unknown[]> => {
  const run = await runJson(DeduplicateRecord, content, properties, {}, services);
  if (run.counts.failure) throw new Error(reasonOf(run));
  assert.equal(run.out('original')[0]!.content, content);
  return ['non-duplicate', 'duplicate'].map((kind) => run.out(kind)[0] && `${run.out(kind)[0]!.attributes['record.count']} ${run.out(kind)[0]!.content}`);
};

test('records of a FlowFile are compared by all values, or by those of paths', async () => {
  const exact = ['3 [{"a":1,"b":"x"},{"a":1,"b":"y"},{"a":null,"b":"x"}]', '1 [{"a":1,"b":"x"}]'];
  for (const algorithm of ['none', 'SHA-256', 'SHA-512']) assert.deepEqual(await outcome({ 'Record Hashing Algorithm': algorithm }), exact);
  assert.deepEqual(await outcome({ 'Filter Type': 'bloom-filter', 'Bloom Filter Certainty': '0.0001' }), exact);
  assert.deepEqual(await outcome({ key: '/b' }), ['2 [{"a":1,"b":"x"},{"a":1,"b":"y"}]', '2 [{"a":1,"b":"x"},{"a":null,"b":"x"}]']);
  assert.deepEqual(await outcome({}, '[{"a":1}]'), ['1 [{"a":1}]', '0 []']);
  assert.deepEqual(await outcome({ 'Include Zero Record FlowFiles': 'false' }, '[{"a":1}]'), ['1 [{"a":1}]', undefined]);
});

test('a Bloom filter finds all duplicates and few others', async () => {
  const rows = Array.from({ length: 4000 }, (_, n) => ({ n: n % 2000 }));
  const run = await runJson(DeduplicateRecord, JSON.stringify(rows), { 'Filter Type': 'bloom-filter', 'Filter Capacity Hint': '2000', 'Bloom Filter Certainty': '0.01' });
  const fresh = Number(run.out('non-duplicate')[0]!.attributes['record.count']);
  assert.ok(fresh > 1900 && fresh <= 2000, String(fresh));
});

test('records of all FlowFiles are compared by a cache', async () => {
  const entries = new Map<string, CacheEntry>();
  const cache = {
    get: async (key: string) => entries.get(key),
    putIfAbsent: async (key: string, value: string) => {
      const known = entries.get(key);
      if (!known) entries.set(key, { value, revision: 0 });
      return known;
    },
  };
  const services = { 'Distributed Map Cache Client': cache };
  const multiple = {
    'Deduplication Strategy': 'multiple',
    'Cache Entry Identifier': 'true',
    'Cache Identifier': 'p-${record.hash.value}',
    'Record Hashing Algorithm': 'none',
    key: '/a',
  };
  assert.deepEqual(await outcome(multiple, '[{"a":1},{"a":1},{"a":2}]', services), ['2 [{"a":1},{"a":2}]', '1 [{"a":1}]']);
  assert.deepEqual(await outcome(multiple, '[{"a":2},{"a":3}]', services), ['1 [{"a":3}]', '1 [{"a":2}]']);
  assert.deepEqual(await outcome({ ...multiple, 'Cache Entry Identifier': 'false' }, '[{"a":4},{"a":4},{"a":1}]', services), ['2 [{"a":4},{"a":4}]', '1 [{"a":1}]']);
  assert.deepEqual([...entries.keys()], ['p-[["key",1]]', 'p-[["key",2]]', 'p-[["key",3]]']);
  await assert.rejects(outcome({ 'Deduplication Strategy': 'multiple' }), /Distributed Map Cache Client must be set/);
});

test('what cannot be read goes to failure as it came', async () => {
  const run = await runJson(DeduplicateRecord, '[{"a":1},{"a":');
  assert.deepEqual([run.counts, run.out('failure')[0]!.content], [{ failure: 1 }, '[{"a":1},{"a":']);
});
