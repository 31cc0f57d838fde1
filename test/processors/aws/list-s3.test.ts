import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import ListS3 from '../../../processors/aws/ListS3.ts';
import JsonRecordSetWriter from '../../../processors/records/JsonRecordSetWriter.ts';
import { S3Emulator } from '../../emulators/s3.ts';
import { Bucket } from '../../emulators/s3-store.ts';
import { runner } from '../../runner.ts';
import { keys, leadingTo, messages, SERVICE } from './s3-rig.ts';

let server: S3Emulator;
before(async () => {
  server = await S3Emulator.start('shop');
});
after(() => server.stop());
beforeEach(() => {
  server.buckets.set('shop', new Bucket());
});

const shop = (): Bucket => server.buckets.get('shop')!;
const list = (properties: Record<string, string> = {}, services = {}) =>
  runner(ListS3, { properties: { ...leadingTo(server), Bucket: 'shop', ...properties }, services: { [SERVICE]: keys(), ...services } });

/** Objects changed so many minutes ago. */
function objects(ages: Record<string, number>): void {
  for (const [key, age] of Object.entries(ages))
    shop().put(key, Buffer.from(key), { 'x-amz-meta-of': key }, { name: key }).modified = new Date(Math.floor(Date.now() / 60_000) * 60_000 - age * 60_000);
}

test('objects are listed once, the oldest first, page after page, by each way of listing', async () => {
  for (const type of ['1', '2']) {
    server.buckets.set('shop', new Bucket());
    objects({ 'c <&> c': 5, a: 1, b: 3, 'd/e': 2, 'd/f': 4 });
    const run = list({ 'List Type': type });
    await run.run();
    assert.deepEqual(
      run.out('success').map(({ attributes }) => attributes.filename),
      ['c <&> c', 'd/f', 'b', 'd/e', 'a'],
    );
    const { attributes } = run.out('success')[2]!;
    const { etag, modified } = shop().get('b')!;
    assert.deepEqual(
      ['s3.bucket', 's3.region', 's3.etag', 's3.length', 's3.lastModified', 's3.storeClass', 's3.isLatest', 's3.version', 's3.owner'].map((name) => attributes[name]),
      ['shop', 'eu-test-1', etag, '1', String(modified.getTime()), 'STANDARD', 'true', undefined, 'owner-1'],
    );
    run.clear();
    objects({ older: 60, a: 1 });
    await run.run();
    assert.deepEqual(run.counts, {}, 'what is older or the same is not listed');
    objects({ new: 0 });
    await run.run();
    assert.deepEqual(
      run.out('success').map((each) => each.attributes.filename),
      ['new'],
    );
    await run.close();
  }
});

test('prefix, delimiter, age, versions, tags and metadata', async () => {
  objects({ a: 50, 'd/e': 40, 'd/f': 30, 'd/g/h': 20 });
  const names = async (properties: Record<string, string>): Promise<string[]> => {
    const run = list(properties);
    await run.run();
    await run.close();
    return run.out('success').map(({ attributes }) => attributes.filename!);
  };
  assert.deepEqual(await names({ Prefix: 'd/' }), ['d/e', 'd/f', 'd/g/h']);
  assert.deepEqual(await names({ Prefix: 'd/', Delimiter: '/' }), ['d/e', 'd/f']);
  assert.deepEqual(await names({ 'Minimum Object Age': '35 min', 'Maximum Object Age': '45 min' }), ['d/e']);
  objects({ a: 10 });
  assert.deepEqual(await names({ 'Use Versions': 'true', Prefix: 'a' }), ['a', 'a']);
  const run = list({ Prefix: 'd/e', 'Write Object Tags': 'true', 'Write User Metadata': 'true', 'Listing Strategy': 'none' });
  await run.run();
  const { attributes } = run.out('success')[0]!;
  assert.deepEqual([attributes['s3.tag.name'], attributes['s3.user.metadata.of']], ['d/e', 'd/e']);
  await run.close();
  assert.match((await list({ 'Use Versions': 'true', 'Requester Pays': 'true' }).validate()).join(), /cannot be used when listing object versions/);
});

test('all objects as records; entities in a cache; a bucket that is not there', async () => {
  objects({ a: 5, b: 4 });
  const run = list({ 'Write Object Tags': 'true' }, { 'Record Writer': { definition: JsonRecordSetWriter, properties: {} } });
  await run.run();
  const { content, attributes } = run.out('success')[0]!;
  const [first] = JSON.parse(content) as Record<string, unknown>[];
  assert.deepEqual([attributes['record.count'], first!.key, first!.bucket, first!.size, first!.latest, first!.tags], ['2', 'a', 'shop', 1, true, { name: 'a' }]);
  const kept = new Map<string, string>();
  const cache = {
    get: async (key: string) => (kept.has(key) ? { value: kept.get(key)!, revision: 0 } : undefined),
    put: async (key: string, value: string) => void kept.set(key, value),
  };
  const entities = list({ 'Listing Strategy': 'entities' }, { 'Entity Tracking State Cache': cache });
  await entities.start();
  await entities.run();
  objects({ old: 90 });
  await entities.run();
  assert.deepEqual(
    entities.out('success').map((each) => each.attributes.filename),
    ['a', 'b', 'old'],
  );
  const gone = list({ Bucket: 'none' });
  await gone.run();
  assert.match(messages(gone), /cannot list the bucket none: .*Check Bucket and Region/);
  await Promise.all([run.close(), entities.close(), gone.close()]);
});
