import assert from 'node:assert/strict';
import { test } from 'node:test';
import RetryFlowFile from '../../../processors/standard/RetryFlowFile.ts';
import { runner } from '../../runner.ts';

async function retry(attributes: Record<string, string>, properties: Record<string, string> = {}) {
  const run = runner(RetryFlowFile, { properties });
  run.enqueue('x', attributes);
  await run.run();
  return run;
}

test('a FlowFile is counted and penalized', async () => {
  const run = await retry({});
  const [again] = run.out('retry');
  assert.deepEqual([again!.attributes['flowfile.retries'], again!.attributes['flowfile.retries.uuid'], again!.penalized], ['1', run.node.id, true]);
  assert.equal((await retry({ 'flowfile.retries': '2' }, { 'Penalize Retries': 'false' })).out('retry')[0]!.penalized, false);
});

test('after the maximum it has had enough, and gets the attributes that say so', async () => {
  const run = await retry({ 'flowfile.retries': '3', filename: 'a' }, { gave: 'up on ${filename}' });
  assert.deepEqual(
    run.out('retries_exceeded').map(({ attributes }) => [attributes['flowfile.retries'], attributes.gave]),
    [['3', 'up on a']],
  );
});

test('a count that is no number begins anew, or fails', async () => {
  assert.equal((await retry({ 'flowfile.retries': 'many' })).out('retry')[0]!.attributes['flowfile.retries'], '1');
  assert.deepEqual((await retry({ 'flowfile.retries': 'many' }, { 'Fail on Nonnumerical Overwrite': 'true' })).counts, { failure: 1 });
});

test('the count of another processor fails, warns, or begins anew', async () => {
  const others = { 'flowfile.retries': '2', 'flowfile.retries.uuid': 'another' };
  assert.deepEqual((await retry(others)).counts, { failure: 1 });
  const warned = await retry(others, { 'Reuse Mode': 'warn' });
  assert.equal(warned.out('retry')[0]!.attributes['flowfile.retries'], '3');
  assert.match(warned.bulletins[0]!.message, /belongs to the processor another/);
  assert.equal((await retry(others, { 'Reuse Mode': 'reset' })).out('retry')[0]!.attributes['flowfile.retries'], '1');
});
