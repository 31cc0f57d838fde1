import assert from 'node:assert/strict';
import { test } from 'node:test';
import DistributeLoad from '../../../processors/standard/DistributeLoad.ts';
import { runner } from '../../runner.ts';

async function distribute(count: number, properties: Record<string, string>) {
  const run = runner(DistributeLoad, { properties });
  for (let index = 0; index < count; index++) run.enqueue(String(index));
  await run.run();
  return run;
}

test('in turn, and by weight', async () => {
  const even = await distribute(5, { 'Number of Relationships': '2' });
  assert.deepEqual(even.counts, { 1: 3, 2: 2 });
  assert.equal(even.out('2')[0]!.attributes['distribute.load.relationship'], '2');
  assert.deepEqual((await distribute(8, { 'Number of Relationships': '2', 1: '3' })).counts, { 1: 6, 2: 2 });
});

test('a full relationship stops all, is passed over, or is preferred until it is full', async () => {
  const after = async (strategy: string) => {
    const run = runner(DistributeLoad, { properties: { 'Number of Relationships': '2', 'Distribution Strategy': strategy } });
    const first = [...run.flow.root.connections.values()].find(({ selectedRelationships }) => selectedRelationships.includes('1'));
    run.flow.change(first!, first!.revision, () => first!.configure({ backPressureObjectThreshold: 2 }));
    await run.start();
    for (let index = 0; index < 6; index++) await run.enqueue(String(index)).run();
    await run.stop();
    return run.counts;
  };
  assert.deepEqual(await after('next available'), { 1: 2, 2: 4 });
  assert.deepEqual(await after('overflow'), { 1: 2, 2: 4 });
  assert.deepEqual(await after('round robin'), { 1: 2, 2: 1 });
});

test('a weight of what does not exist is an error', async () => {
  await assert.rejects(distribute(1, { 2: '3' }), /'2' must be named like one of the 1 relationships/);
  await assert.rejects(distribute(1, { 1: 'x' }), /weight 'x'/);
});
