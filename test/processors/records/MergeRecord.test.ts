import assert from 'node:assert/strict';
import { test } from 'node:test';
import MergeRecord from '../../../processors/records/MergeRecord.ts';
import { type Runner, runner } from '../../runner.ts';
import { jsonReader, jsonWriter, type Properties, service } from './record-services.ts';
import CSVRecordSetWriter from '../../../processors/records/CSVRecordSetWriter.ts';
import type { ProcessorDefinition } from '../../../server/extension/processor.ts';

const merging = (properties: Properties = {}, writer = jsonWriter()): Runner =>
  runner(MergeRecord as unknown as ProcessorDefinition, { properties, services: { 'Record Reader': jsonReader(), 'Record Writer': writer } });
const rows = (from: number, count: number): string => JSON.stringify(Array.from({ length: count }, (_, index) => ({ n: from + index })));
const numbers = (run: Runner): number[][] => run.out('merged').map(({ content }) => (JSON.parse(content) as { n: number }[]).map(({ n }) => n));

test('records of the same schema are merged once there are enough, with attributes that tell of it', async () => {
  const run = merging({ 'Minimum Number of Records': '4', 'Maximum Number of Records': '5' });
  await run.start();
  run.enqueue(rows(1, 2), { a: 'x', b: '1' }).enqueue(rows(3, 1), { a: 'x', b: '2' });
  await run.run(2);
  assert.deepEqual([run.counts, run.queued.length], [{}, 2]);
  await run.advance(7000);
  run.enqueue(rows(4, 3), { a: 'x' }).enqueue('[{"other":1}]');
  await run.run(2);
  assert.deepEqual(numbers(run), [[1, 2, 3, 4, 5, 6]]);
  const [{ attributes } = assert.fail()] = run.out('merged');
  const { 'record.count': count, 'merge.count': files, 'merge.completion.reason': reason, 'mime.type': type, a, b } = attributes;
  assert.deepEqual([count, files, reason, type, a, b], ['6', '3', 'Bin is full', 'application/json', 'x', undefined]);
  assert.ok(Number(attributes['merge.bin.age']) >= 7000);
  assert.deepEqual(
    run.out('original').map(({ attributes: one }) => one['merge.uuid']),
    Array(3).fill(attributes.uuid),
  );
  assert.deepEqual([run.queued.length, run.counters['Records Merged']], [1, 6]);
  await run.stop();
});

test('more than one turn looks into go into one bin, as long as FlowFiles come', async () => {
  const run = merging({ 'Maximum Number of Records': '1000' });
  for (let n = 1; n <= 600; n++) run.enqueue(rows(n, 1));
  await run.start();
  await run.run(3);
  assert.deepEqual(run.counts, {});
  await run.run();
  assert.deepEqual(numbers(run), [Array.from({ length: 600 }, (_, index) => index + 1)]);
  assert.equal(run.out('merged')[0]!.attributes['merge.completion.reason'], 'Bin is full enough');
  await run.stop();
});

test('bins are closed by age, by their number, and kept apart by the correlation attribute', async () => {
  const run = merging({
    'Minimum Number of Records': '10',
    'Max Bin Age': '1 min',
    'Maximum Number of Bins': '2',
    'Correlation Attribute Name': 'key',
    'Attribute Strategy': 'Keep All Unique Attributes',
  });
  await run.start();
  run.enqueue(rows(1, 1), { key: 'a', own: '1' }).enqueue(rows(2, 1), { key: 'b' }).enqueue(rows(3, 1), { key: 'a' });
  await run.run();
  assert.deepEqual(run.counts, {});
  await run.advance(1000);
  run.enqueue(rows(4, 1), { key: 'c' });
  await run.run();
  assert.deepEqual(numbers(run), [[1, 3]]);
  assert.deepEqual([run.out('merged')[0]!.attributes['merge.completion.reason'], run.out('merged')[0]!.attributes.own], ['Maximum number of bins has been exceeded', '1']);
  await run.advance(61_000);
  await run.run(2);
  assert.deepEqual(numbers(run).slice(1), [[2], [4]]);
  assert.equal(run.out('merged')[1]!.attributes['merge.completion.reason'], 'Bin has reached Max Bin Age');
  await run.stop();
});

test('fragments are put together whatever their schemas; without all of them they fail', async () => {
  const run = merging({ 'Merge Strategy': 'Defragment', 'Max Bin Age': '1 min' }, service(CSVRecordSetWriter));
  await run.start();
  const part = (id: string, count: string): Properties => ({ 'fragment.identifier': id, 'fragment.count': count });
  run
    .enqueue('[{"n":1}]', part('a', '2'))
    .enqueue('[{"n":2}]', part('b', '2'))
    .enqueue('[{"n":3,"m":"x"}]', part('a', '2'))
    .enqueue('[{"n":4}]', part('c', 'many'))
    .enqueue('[{"n":5}]');
  await run.run();
  assert.deepEqual(
    run.out('merged').map(({ content }) => content),
    ['n,m\n1,\n3,x\n'],
  );
  assert.deepEqual(
    run.out('failure').map(({ attributes }) => attributes['record.error.message']),
    ["This is no fragment: its attribute fragment.count is 'many', not a number.", 'This is no fragment: it has no attribute fragment.identifier.'],
  );
  await run.advance(61_000);
  await run.run();
  assert.equal(run.out('failure')[2]!.attributes['record.error.message'], 'There are 1 of the 2 fragments of b.');
  await run.stop();
});

test('one fragment that says how many there are is enough; those that disagree fail at once, with the numbers', async () => {
  const run = merging({ 'Merge Strategy': 'Defragment' });
  await run.start();
  const part = (id: string, count?: string): Properties => ({ 'fragment.identifier': id, ...(count === undefined ? {} : { 'fragment.count': count }) });
  run.enqueue('[{"n":1}]', part('a')).enqueue('[{"n":2}]', part('a', '2'));
  run.enqueue('[{"n":3}]', part('b', '3')).enqueue('[{"n":4}]', part('b', '2'));
  await run.run();
  assert.deepEqual(numbers(run), [[1, 2]]);
  assert.equal(run.out('merged')[0]!.attributes['merge.completion.reason'], 'Bin is full');
  assert.deepEqual(
    run.out('failure').map(({ attributes }) => attributes['record.error.message']),
    Array(2).fill('The fragments of b do not agree on fragment.count: it is 3 and 2.'),
  );
  await run.stop();
});

test('what cannot be read or written goes to failure and spoils nothing', async () => {
  const run = merging();
  run.enqueue('[{"n":1}]').enqueue('[{"n":').enqueue('[{"n":2}]');
  await run.run(2);
  assert.deepEqual([numbers(run), run.out('failure').map(({ content }) => content)], [[[1, 2]], ['[{"n":']]);
  const unwritable = merging(
    {},
    jsonWriter({ 'Schema Access Strategy': 'schema-text-property', 'Schema Text': '{"type":"record","name":"r","fields":[{"name":"n","type":"int"}]}' }),
  );
  unwritable.enqueue('[{"n":"x"}]');
  await unwritable.run(2);
  assert.deepEqual(unwritable.counts, { failure: 1 });
});
