import assert from 'node:assert/strict';
import { test } from 'node:test';
import DebugFlow from '../../../processors/standard/DebugFlow.ts';
import { runner } from '../../runner.ts';

test('responses follow each other and begin again', async () => {
  const run = runner(DebugFlow, { properties: { 'FlowFile Success Iterations': '2', 'FlowFile Failure Iterations': '1', 'Write Iterations': '1', 'Content Size': '7 B' } });
  for (let index = 0; index < 5; index++) run.enqueue('x');
  await run.run(5);
  assert.deepEqual(run.counts, { success: 4, failure: 1 });
  assert.deepEqual([run.out('success').map(({ size }) => size), run.out('failure')[0]!.size], [[1, 1, 7, 1], 7]);
});

test('FlowFiles go back: plainly, with a penalty, or with an error', async () => {
  const back = async (name: string) => {
    const run = runner(DebugFlow, { properties: { 'FlowFile Success Iterations': '0', [name]: '1' } });
    run.enqueue('x');
    await run.run();
    return { queued: run.queued.length, penalized: run.queued[0]!.penalized, yielded: run.yielded > 500, messages: run.bulletins.map(({ message }) => message).join() };
  };
  assert.deepEqual(await back('FlowFile Rollback Iterations'), { queued: 1, penalized: false, yielded: false, messages: '' });
  assert.deepEqual(await back('FlowFile Rollback Yield Iterations'), { queued: 1, penalized: false, yielded: true, messages: '' });
  assert.equal((await back('FlowFile Rollback Penalty Iterations')).penalized, true);
  assert.match((await back('FlowFile Exception Iterations')).messages, /java.lang.RuntimeException: forced/);
});

test('without FlowFile: skips, yields, throws; writes state', async () => {
  const run = runner(DebugFlow, { incoming: false, properties: { 'No FlowFile Skip Iterations': '0', 'No FlowFile Exception Iterations': '1', 'Generate State Entries': '3' } });
  await run.run();
  assert.match(run.bulletins[0]!.message, /forced/);
  const yielding = runner(DebugFlow, { incoming: false, properties: { 'No FlowFile Skip Iterations': '0', 'No FlowFile Yield Iterations': '1', 'Generate State Entries': '3' } });
  await yielding.run();
  assert.ok(yielding.yielded > 0);
  assert.equal(Object.keys(yielding.state()).length, 3);
});

test('a start may fail', async () => {
  await assert.rejects(runner(DebugFlow, { properties: { 'Fail When @OnScheduled Called': 'true' } }).start(), /Fail When @OnScheduled Called/);
});
