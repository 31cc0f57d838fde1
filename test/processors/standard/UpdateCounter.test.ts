import assert from 'node:assert/strict';
import { test } from 'node:test';
import UpdateCounter from '../../../processors/standard/UpdateCounter.ts';
import { runner } from '../../runner.ts';

test('each FlowFile adds its delta to its counter', async () => {
  const run = runner(UpdateCounter, { properties: { 'Counter Name': '${kind}', Delta: '${delta:replaceNull(1)}' } });
  run.enqueue('', { kind: 'a' }).enqueue('', { kind: 'a', delta: '-3' }).enqueue('', { kind: 'b', delta: '5' });
  await run.run();
  assert.deepEqual([run.counters, run.counts], [{ a: -2, b: 5 }, { success: 3 }]);
});
