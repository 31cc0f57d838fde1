import assert from 'node:assert/strict';
import { test } from 'node:test';
import ControlRate from '../../../processors/standard/ControlRate.ts';
import { runner } from '../../runner.ts';

const contents = (run: { out(way: string): { content: string }[] }, way = 'success'): string[] => run.out(way).map(({ content }) => content);

test('so many FlowFiles within the time, then the next ones', async () => {
  const run = runner(ControlRate, { properties: { 'Rate Control Criteria': 'flowfile count', 'Maximum Rate': '2', 'Time Duration': '10 sec' } });
  await run.start();
  for (const content of 'abcde') run.enqueue(content);
  await run.run(3);
  assert.deepEqual(contents(run), ['a', 'b']);
  await run.advance(9_900);
  await run.run();
  assert.deepEqual(contents(run), ['a', 'b']);
  await run.advance(1_100);
  await run.run();
  assert.deepEqual(contents(run), ['a', 'b', 'c', 'd']);
  await run.stop();
});

test('bytes: what goes beyond the maximum is waited for as well', async () => {
  const run = runner(ControlRate, { properties: { 'Maximum Rate': '10 B', 'Time Duration': '10 sec' } });
  await run.start();
  run.enqueue('123456').enqueue('1234567890').enqueue('x');
  await run.run();
  assert.equal(contents(run).length, 2);
  await run.advance(15_900);
  await run.run();
  assert.equal(contents(run).length, 2);
  await run.advance(1_100);
  await run.run();
  assert.equal(contents(run).length, 3);
  await run.stop();
});

test('an attribute counts, apart for each group; one without number fails', async () => {
  const properties = { 'Rate Control Criteria': 'attribute value', 'Maximum Rate': '5', 'Rate Controlled Attribute': 'n', 'Grouping Attribute': 'g' };
  const run = runner(ControlRate, { properties });
  run.enqueue('a', { n: '5', g: '1' }).enqueue('b', { n: '1', g: '1' }).enqueue('c', { n: '1', g: '2' }).enqueue('d', { n: 'x' }).enqueue('e');
  await run.run();
  assert.deepEqual(
    [contents(run), contents(run, 'failure')],
    [
      ['a', 'c'],
      ['d', 'e'],
    ],
  );
  assert.equal(run.queued.length, 1);
});

test('both rates, and what exceeds them is routed', async () => {
  const criteria = { 'Rate Control Criteria': 'data rate or flowfile count', 'Maximum Data Rate': '1 KB', 'Maximum FlowFile Rate': '1' };
  const run = runner(ControlRate, { properties: { ...criteria, 'Rate Exceeded Strategy': "Route to 'rate exceeded'" } });
  run.enqueue('a').enqueue('b');
  await run.run();
  assert.deepEqual([contents(run), contents(run, 'rate exceeded')], [['a'], ['b']]);
});

test('what cannot be measured is invalid', async () => {
  assert.match((await runner(ControlRate).validate()).join(), /Maximum Rate must be set/);
  assert.match((await runner(ControlRate, { properties: { 'Maximum Rate': 'much' } }).validate()).join(), /'much' is invalid because it must be a number and a data unit/);
  assert.match((await runner(ControlRate, { properties: { 'Maximum Rate': '1 B', 'Time Duration': '10 ms' } }).validate()).join(), /at least 1 sec/);
});
