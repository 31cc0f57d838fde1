import assert from 'node:assert/strict';
import { test } from 'node:test';
import UpdateAttribute from '../../../processors/attributes/UpdateAttribute.ts';
import { runner } from '../../runner.ts';

test('all values are taken from the FlowFile as it came', async () => {
  const run = runner(UpdateAttribute, { properties: { a: '${b}', b: '${a}', c: 'text' } });
  run.enqueue('content', { a: '1', b: '2' }).enqueue('', { a: '3', b: '4' });
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ attributes: { a, b, c } }) => [a, b, c]),
    [
      ['2', '1', 'text'],
      ['4', '3', 'text'],
    ],
  );
  assert.equal(run.out('success')[0]!.content, 'content');
});

test('attributes that were there and match are deleted, new ones stay', async () => {
  const run = runner(UpdateAttribute, { properties: { 'Delete Attributes Expression': '${prefix}.*|uuid', 'old.a': 'updated', 'old.new': 'new' } });
  run.enqueue('', { prefix: 'old', 'old.a': '1', 'old.b': '2', kept: '3' });
  await run.run();
  const { attributes } = run.out('success')[0]!;
  assert.deepEqual([attributes['old.a'], attributes['old.b'], attributes['old.new'], attributes.kept, attributes.uuid?.length], [undefined, undefined, 'new', '3', 36]);
});

test('state is counted on from FlowFile to FlowFile and kept', async () => {
  const run = runner(UpdateAttribute, {
    properties: { 'Store State': 'Store state locally', 'Stateful Variables Initial Value': '0', count: "${getStateValue('count'):plus(1)}" },
  });
  run.enqueue().enqueue().enqueue();
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ attributes }) => attributes.count),
    ['1', '2', '3'],
  );
  assert.deepEqual(run.state(), { count: '3' });
});

test('state needs an initial value, and brings the relationship that NiFi has', async () => {
  const run = runner(UpdateAttribute, { properties: { 'Store State': 'Store state locally' } });
  assert.match((await run.validate()).join(), /Stateful Variables Initial Value must be set/);
  assert.deepEqual(Object.keys(run.node.relationships), ['success', 'set state fail']);
});

test('a pattern that is no regular expression keeps the FlowFile and says so', async () => {
  const run = runner(UpdateAttribute, { properties: { 'Delete Attributes Expression': '${pattern}' } }).enqueue('', { pattern: '(' });
  await run.run();
  assert.deepEqual([run.counts, run.queued.length], [{}, 1]);
  assert.match(run.bulletins[0]!.message, /'\(', which is not a regular expression/);
});
