import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapCacheStore } from '../../../processors/cache/map-cache-store.ts';
import DetectDuplicate from '../../../processors/cache/DetectDuplicate.ts';
import MapCacheClientService from '../../../processors/cache/MapCacheClientService.ts';
import MapCacheServer from '../../../processors/cache/MapCacheServer.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

const rules = { file: '', maximum: 2, eviction: 'Least Recently Used', maximumSize: 10 } as const;
const fresh = (more: object = {}) => ({ ...rules, file: `${temporaryDirectory()}/c.db`, ...more });

test('values have revisions, and a replacement needs the right one', () => {
  const cache = new MapCacheStore(fresh());
  assert.equal(cache.replace('a', '1', undefined), true);
  assert.deepEqual(cache.get('a'), { value: '1', revision: 1 });
  assert.equal(cache.replace('a', '2', undefined), false);
  assert.equal(cache.replace('a', '2', 1), true);
  assert.deepEqual(cache.putIfAbsent('a', '3'), { value: '2', revision: 2 });
  assert.equal(cache.putIfAbsent('b', '3'), undefined);
  assert.deepEqual([cache.keys().sort(), cache.remove('b'), cache.remove('b'), cache.keys()], [['a', 'b'], true, false, ['a']]);
  assert.throws(() => cache.put('a', 'x'.repeat(11)), /has 11 bytes, the cache takes 10/);
  cache.close();
});

test('each strategy evicts its own', () => {
  const left = (eviction: 'Least Frequently Used' | 'Least Recently Used' | 'First In, First Out') => {
    const cache = new MapCacheStore(fresh({ eviction }));
    for (const key of ['a', 'b']) cache.put(key, key);
    for (const key of ['a', 'b', 'b', 'a', 'b', 'b', 'a']) cache.get(key);
    cache.put('c', 'c');
    const keys = cache.keys().sort();
    cache.close();
    return keys;
  };
  assert.deepEqual(
    [left('Least Frequently Used'), left('Least Recently Used'), left('First In, First Out')],
    [
      ['b', 'c'],
      ['a', 'c'],
      ['b', 'c'],
    ],
  );
});

test('everything is there after a restart', () => {
  const options = fresh();
  const first = new MapCacheStore(options);
  for (const key of ['a', 'b']) first.put(key, key);
  first.close();
  const second = new MapCacheStore(options);
  second.put('c', 'c');
  assert.deepEqual(second.keys().sort(), ['b', 'c']);
  second.close();
});

test('server and client services find each other', async () => {
  const server = { definition: MapCacheServer, properties: { Port: '20999' } };
  const client = { definition: MapCacheClientService, properties: { 'Server Hostname': 'localhost', 'Server Port': '20999' } };
  const properties = { 'Cache Entry Identifier': 'x', 'FlowFile Description': '' };
  const alone = runner(DetectDuplicate, { properties, services: { 'Distributed Cache Service': client } });
  alone.enqueue('');
  await alone.run();
  assert.match(alone.bulletins[0]!.message, /There is no cache at port 20999: enable a MapCacheServer/);
  const opened = await MapCacheServer.onEnabled({
    id: 'i',
    dataDirectory: temporaryDirectory(),
    properties: { port: 20_999, maximum: 10, eviction: 'Least Recently Used' },
  } as never);
  await alone.advance(60_000);
  alone.enqueue('');
  await alone.run();
  assert.deepEqual(alone.counts, { failure: 1, 'non-duplicate': 1 });
  assert.throws(() => MapCacheServer.onEnabled({ id: 'j', dataDirectory: '/tmp', properties: server.properties && { port: 20_999 } } as never), /belongs to another/);
  await MapCacheServer.onDisabled!(opened as never);
  const far = { ...client, properties: { 'Server Hostname': 'cache.example.org' } };
  await assert.rejects(runner(DetectDuplicate, { properties, services: { 'Distributed Cache Service': far } }).validate(), /reaches its own MapCacheServer only/);
});
