import assert from 'node:assert/strict';
import { test } from 'node:test';
import Notify from '../../../processors/cache/Notify.ts';
import Wait from '../../../processors/cache/Wait.ts';
import { runner } from '../../runner.ts';
import { cacheRig, unreachable } from './cache-rig.ts';

const CACHE = 'Distributed Cache Service';
const ID = { 'Release Signal Identifier': '${id}' };

async function notify(rig: ReturnType<typeof cacheRig>, attributes: Record<string, string>[], properties: Record<string, string> = {}) {
  const run = runner(Notify, {
    properties: { ...ID, 'Signal Counter Delta': '${n:replaceNull(1)}', 'Signal Buffer Count': '10', ...properties },
    services: { [CACHE]: rig.client },
  });
  for (const each of attributes) run.enqueue('', each);
  await run.run();
  return run;
}

const wait = (rig: ReturnType<typeof cacheRig>, properties: Record<string, string> = {}) =>
  runner(Wait, { properties: { ...ID, 'Wait Buffer Count': '10', ...properties }, services: { [CACHE]: rig.client } });

test('FlowFiles wait until they are told to go, each notice lets one go', async () => {
  const rig = cacheRig();
  const run = wait(rig);
  run.enqueue('a', { id: '1' }).enqueue('b', { id: '1' });
  await run.run();
  assert.deepEqual(run.counts, { wait: 2 });
  assert.ok(Number(run.out('wait')[0]!.attributes['wait.start.timestamp']) > 0);
  run.clear();
  const told = await notify(rig, [{ id: '1', note: 'hello' }], { 'Attribute Cache Regular Expression': 'no.*' });
  assert.equal(told.out('success')[0]!.attributes.notified, 'true');
  run.enqueue('a', { id: '1', 'wait.start.timestamp': '99999999999999' }).enqueue('b', { id: '1', note: 'mine' });
  await run.run();
  const [gone] = run.out('success');
  assert.deepEqual([gone!.content, gone!.attributes.note, gone!.attributes['wait.counter.default'], gone!.attributes['wait.start.timestamp']], ['a', 'hello', '1', undefined]);
  assert.deepEqual([run.out('wait')[0]!.content, run.out('wait')[0]!.attributes.note, rig.store.keys()], ['b', 'mine', []]);
  rig.release();
});

test('counters add up to a target, and let several go', async () => {
  const rig = cacheRig();
  await notify(
    rig,
    [
      { id: '1', n: '2' },
      { id: '1', n: '3' },
    ],
    { 'Signal Counter Name': 'parts' },
  );
  const run = wait(rig, { 'Target Signal Count': '2', 'Signal Counter Name': 'parts', 'Releasable FlowFile Count': '2' });
  for (const content of 'abcde') run.enqueue(content, { id: '1' });
  await run.run();
  assert.deepEqual(
    [run.counts, JSON.parse(rig.store.get('1')!.value)],
    [
      { success: 4, wait: 1 },
      { counts: { parts: 1 }, attributes: {}, releasableCount: 0 },
    ],
  );
  await notify(rig, [{ id: '1', n: '0' }], { 'Signal Counter Name': 'parts' });
  assert.equal(JSON.parse(rig.store.get('1')!.value).counts.parts, 0);
  rig.release();
});

test('a gate lets all go and uses nothing up', async () => {
  const rig = cacheRig();
  await notify(rig, [{ id: '1' }]);
  const run = wait(rig, { 'Releasable FlowFile Count': '0' });
  for (const content of 'abc') run.enqueue(content, { id: '1' });
  await run.run(2);
  assert.deepEqual([run.counts, rig.store.keys()], [{ success: 3 }, ['1']]);
  rig.release();
});

test('they wait in their queue, and expire', async () => {
  const rig = cacheRig();
  const run = wait(rig, { 'Wait Mode': 'keep', 'Expiration Duration': '1 min' });
  run.enqueue('a', { id: '1' }).enqueue('b', { id: '2' });
  await run.run();
  assert.deepEqual([run.counts, run.queued.length], [{}, 2]);
  await run.advance(70_000);
  await run.run(4);
  await run.advance(70_000);
  await run.run(4);
  assert.deepEqual([run.counts, run.queued.length], [{ expired: 2 }, 0]);
  rig.release();
});

test('an identifier that cannot go yet makes room for the next', async () => {
  const rig = cacheRig();
  await notify(rig, [{ id: '2' }]);
  const run = wait(rig, { 'Wait Mode': 'keep', 'Wait Penalty Duration': '1 min' });
  await run.start();
  run.enqueue('a', { id: '1' }).enqueue('b', { id: '2' });
  await run.run(2);
  assert.deepEqual(run.counts, { success: 1 });
  await run.stop();
  rig.release();
});

test('what cannot wait or notify fails', async () => {
  const rig = cacheRig();
  await notify(rig, [{ id: '3' }]);
  const run = wait(rig, { 'Target Signal Count': '${t}' });
  run.enqueue('').enqueue('', { id: '3', t: 'x' }).enqueue('', { id: '3', t: '1', 'wait.start.timestamp': 'x' });
  await run.run(2);
  assert.deepEqual(run.counts, { failure: 3 });
  const told = await notify(rig, [{}, { id: '1', n: 'x' }]);
  assert.deepEqual([told.counts, told.out('failure')[0]!.attributes.notified], [{ failure: 2 }, 'false']);
  const broken = runner(Notify, { properties: { ...ID, 'Signal Counter Delta': '1' }, services: { [CACHE]: unreachable() } });
  broken.enqueue('', { id: '1' });
  await broken.run();
  assert.deepEqual(broken.counts, { failure: 1 });
  const stuck = runner(Wait, { properties: ID, services: { [CACHE]: unreachable() } });
  stuck.enqueue('', { id: '1' });
  await stuck.run();
  assert.deepEqual([stuck.queued.length, /no cache/.test(stuck.bulletins[0]!.message)], [1, true]);
  rig.release();
});
