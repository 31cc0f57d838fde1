import assert from 'node:assert/strict';
import { test } from 'node:test';
import EnforceOrder from '../../../processors/standard/EnforceOrder.ts';
import { runner } from '../../runner.ts';

const properties = { 'Group Identifier': '${g}', 'Order Attribute': 'n', 'Maximum Order': '${max}' };

test('in order within each group; who is ahead waits', async () => {
  const run = runner(EnforceOrder, { properties: { ...properties, 'Maximum Order': '9' } });
  run.enqueue('b', { g: '1', n: '1' }).enqueue('a', { g: '1', n: '0' }).enqueue('d', { g: '1', n: '3' }).enqueue('x', { g: '2', n: '0' });
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ content }) => content),
    ['a', 'b', 'x'],
  );
  const [waiting] = run.out('wait');
  assert.deepEqual([waiting!.content, waiting!.attributes['EnforceOrder.expectedOrder'], waiting!.attributes['EnforceOrder.result']], ['d', '2', 'wait']);
  assert.ok(Number(waiting!.attributes['EnforceOrder.startedAt']) > 0);
  assert.equal(run.state()['1.target'], '2');
});

test('who waited long enough overtakes, and who comes after that is skipped', async () => {
  const run = runner(EnforceOrder, { properties: { 'Group Identifier': 'all', 'Order Attribute': 'n', 'Wait Timeout': '1 min' } });
  run.enqueue('late', { n: '2', 'EnforceOrder.startedAt': '5', 'EnforceOrder.detail': 'old' }).enqueue('early', { n: '1', 'EnforceOrder.startedAt': String(run.clock.now()) });
  await run.run();
  assert.deepEqual(run.counts, { wait: 1, overtook: 1 });
  assert.equal(run.out('overtook')[0]!.attributes['EnforceOrder.detail'], undefined);
  run.enqueue('too late', { n: '0' });
  await run.run();
  assert.equal(run.out('skipped')[0]!.attributes['EnforceOrder.detail'], 'Skipped, FlowFile order was 0 but current target is 3');
});

test('the last number stays, and idle groups are forgotten', async () => {
  const run = runner(EnforceOrder, { properties: { ...properties, 'Inactive Timeout': '30 min' } });
  run.enqueue('a', { g: '1', n: '0', max: '0' }).enqueue('b', { g: '1', n: '0', max: '0' });
  await run.run();
  assert.deepEqual(run.counts, { success: 2 });
  await run.advance(31 * 60_000);
  run.enqueue('c', { g: '2', n: '0', max: '5' });
  await run.run();
  assert.deepEqual(Object.keys(run.state()).sort(), ['2.max', '2.target', '2.updatedAt']);
});

test('what has no place fails with the reason', async () => {
  const run = runner(EnforceOrder, { properties });
  run.enqueue('', { g: '1' }).enqueue('', { g: '1', n: 'x' }).enqueue('', { n: '1' }).enqueue('', { g: '1', n: '3', max: '2' }).enqueue('', { g: '9', n: '3', max: 'y' });
  await run.run();
  const reasons = run.out('failure').map(({ attributes }) => attributes['EnforceOrder.detail']!);
  for (const [index, reason] of [/is missing/, /'x': it must be/, /gives nothing/, /greater than the Maximum Order 2/, /Maximum Order is 'y'/].entries())
    assert.match(reasons[index]!, reason);
});
