import assert from 'node:assert/strict';
import { test } from 'node:test';
import DetectDuplicate from '../../../processors/cache/DetectDuplicate.ts';
import FetchDistributedMapCache from '../../../processors/cache/FetchDistributedMapCache.ts';
import PutDistributedMapCache from '../../../processors/cache/PutDistributedMapCache.ts';
import { runner } from '../../runner.ts';
import { cacheRig, unreachable } from './cache-rig.ts';

const CACHE = 'Distributed Cache Service';

test('the first is new, the others are duplicates, until it has aged off', async () => {
  const { client, release } = cacheRig();
  const properties = { 'Cache Entry Identifier': '${id}', 'FlowFile Description': 'from ${filename}', 'Age Off Duration': '1 min' };
  const run = runner(DetectDuplicate, { properties, services: { [CACHE]: client } });
  run.enqueue('', { id: '1', filename: 'a' }).enqueue('', { id: '1', filename: 'b' }).enqueue('', { filename: 'c' });
  await run.run();
  assert.deepEqual(run.counts, { 'non-duplicate': 1, duplicate: 1, failure: 1 });
  assert.equal(run.out('duplicate')[0]!.attributes['original.flowfile.description'], 'from a');
  assert.equal(run.out('failure')[0]!.penalized, true);
  await run.advance(61_000);
  run.enqueue('', { id: '1' }).enqueue('', { id: '1' });
  await run.run();
  assert.deepEqual(run.counts, { 'non-duplicate': 2, duplicate: 2, failure: 1 });
  release();
});

test('identifiers are looked up only, and a cache that cannot be reached fails', async () => {
  const { client, store, release } = cacheRig();
  const properties = { 'Cache Entry Identifier': '1', 'FlowFile Description': 'x', 'Cache The Entry Identifier': 'false' };
  const run = runner(DetectDuplicate, { properties, services: { [CACHE]: client } });
  run.enqueue('').enqueue('');
  await run.run();
  assert.deepEqual([run.counts, store.keys()], [{ 'non-duplicate': 2 }, []]);
  const broken = runner(DetectDuplicate, { properties, services: { [CACHE]: unreachable() } });
  broken.enqueue('');
  await broken.run();
  assert.deepEqual(broken.counts, { failure: 1 });
  release();
});

test('contents are put and fetched', async () => {
  const { client, store, release } = cacheRig();
  const put = runner(PutDistributedMapCache, {
    properties: { 'Cache Entry Identifier': '${k}', 'Cache Update Strategy': 'keeporiginal', 'Max Cache Size': '5 B' },
    services: { [CACHE]: client },
  });
  put
    .enqueue('one', { k: 'a' })
    .enqueue('two', { k: 'a' })
    .enqueue('too long', { k: 'b' })
    .enqueue('', { k: 'c' })
    .enqueue('x')
    .enqueue(Buffer.from([0xff]), { k: 'd' });
  await put.run();
  assert.deepEqual([put.counts, store.get('a')?.value], [{ success: 1, failure: 5 }, 'one']);
  assert.deepEqual([put.out('success')[0]!.attributes.cached, put.out('failure')[0]!.attributes.cached], ['true', 'false']);
  const replace = runner(PutDistributedMapCache, { properties: { 'Cache Entry Identifier': 'a' }, services: { [CACHE]: client } });
  replace.enqueue('three');
  await replace.run();
  const fetch = async (properties: Record<string, string>) => {
    const run = runner(FetchDistributedMapCache, { properties, services: { [CACHE]: client } });
    run.enqueue('old');
    await run.run();
    return run;
  };
  assert.equal((await fetch({ 'Cache Entry Identifier': 'a' })).out('success')[0]!.content, 'three');
  assert.deepEqual((await fetch({ 'Cache Entry Identifier': 'zz' })).counts, { 'not-found': 1 });
  assert.deepEqual((await fetch({ 'Cache Entry Identifier': ' ' })).counts, { failure: 1 });
  store.put('b', 'B');
  const several = (await fetch({ 'Cache Entry Identifier': 'a, b', 'Put Cache Value In Attribute': 'v', 'Max Length To Put In Attribute': '2' })).out('success')[0]!;
  assert.deepEqual([several.attributes['v.a'], several.attributes['v.b'], several.content], ['th', 'B', 'old']);
  release();
});
