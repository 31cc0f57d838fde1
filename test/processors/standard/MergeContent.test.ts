import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import MergeContent from '../../../processors/standard/MergeContent.ts';
import { runner } from '../../runner.ts';

type Part = readonly [content: string, attributes?: Record<string, string>];

async function merge(parts: readonly Part[], properties: Record<string, string>) {
  const run = runner(MergeContent, { properties });
  for (const [content, attributes] of parts) run.enqueue(content, attributes ?? {});
  // What is merely full enough is merged when the second turn finds nothing new.
  return run.run(2);
}

const merged = async (parts: readonly Part[], properties: Record<string, string>) => (await merge(parts, properties)).out('merged').map(({ content }) => content);
const fragments = (contents: readonly string[], order: readonly number[], extra: Record<string, string> = {}): Part[] =>
  order.map((index) => [
    contents[index]!,
    { 'fragment.identifier': 'f', 'fragment.index': String(index), 'fragment.count': String(contents.length), 'segment.original.filename': 'whole.txt', ...extra },
  ]);

test('enough FlowFiles become one, with what belongs around and between them', async () => {
  const run = await merge(
    [
      ['one', { filename: 'a', kind: 'x', own: '1' }],
      ['two', { kind: 'x', own: '2', 'mime.type': 'text/plain' }],
    ],
    {
      'Minimum Number of Entries': '2',
      'Delimiter Strategy': 'Text',
      Header: '[',
      Demarcator: ',',
      Footer: ']',
    },
  );
  assert.deepEqual(run.counts, { merged: 1, original: 2 });
  const [whole] = run.out('merged');
  const { attributes, content, uuid } = whole!;
  assert.equal(content, '[one,two]');
  assert.deepEqual(
    [attributes['merge.count'], attributes['merge.reason'], attributes.kind, attributes.own, attributes['mime.type']],
    ['2', 'MIN_THRESHOLDS_REACHED', 'x', undefined, 'application/octet-stream'],
  );
  assert.match(attributes['merge.bin.age']!, /^\d+$/);
  assert.deepEqual(
    run.out('original').map(({ attributes: own }) => own['merge.uuid']),
    [uuid, uuid],
  );
  assert.deepEqual(
    run.provenance.filter(({ type }) => type === 'JOIN').map(({ parents }) => parents),
    [2],
  );
});

test('too few wait, and the processor yields once there is nothing new', async () => {
  const run = runner(MergeContent, { properties: { 'Minimum Number of Entries': '2' } });
  await run.enqueue('one').run(3);
  assert.deepEqual(run.counts, {});
  assert.ok(run.yielded > 0);
  await run.advance(2000);
  await run.enqueue('two').run(2);
  assert.deepEqual(
    run.out('merged').map(({ content }) => content),
    ['onetwo'],
  );
});

test('as long as FlowFiles come, bins fill up; what is full enough is merged once nothing new comes', async () => {
  const run = runner(MergeContent, { properties: { 'Minimum Number of Entries': '2', 'Maximum Number of Entries': '5' } });
  await run.start();
  const contents = () => run.out('merged').map(({ content, attributes }) => [content, attributes['merge.reason']]);
  await run.enqueue('a').enqueue('b').enqueue('c').run();
  await run.enqueue('d').run();
  assert.deepEqual(contents(), []);
  await run.enqueue('e').enqueue('f').enqueue('g').run();
  assert.deepEqual(contents(), [['abcde', 'MAX_ENTRIES_THRESHOLD_REACHED']]);
  await run.run();
  assert.deepEqual(contents().slice(1), [['fg', 'MIN_THRESHOLDS_REACHED']]);
  await run.close();
});

test('a bin that is full enough does not wait for a FlowFile of the size that is left, when six in turn were too large', async () => {
  const run = runner(MergeContent, { properties: { 'Minimum Group Size': '3 B', 'Maximum Group Size': '4 B' } });
  await run.start();
  const merged = () => run.out('merged').map(({ content, attributes }) => [content, attributes['merge.reason']]);
  await run.enqueue('abc').enqueue('..').run();
  assert.deepEqual(merged(), []);
  for (let count = 0; count < 5; count++) run.enqueue('..');
  await run.run();
  assert.deepEqual(merged(), [['abc', 'MIN_THRESHOLDS_REACHED'], ...Array(3).fill(['....', 'MAX_BYTES_THRESHOLD_REACHED'])]);
  await run.close();
});

test('limits by number, by size, by group', async () => {
  assert.deepEqual(await merged([['a'], ['b'], ['c']], { 'Maximum Number of Entries': '2', 'Minimum Number of Entries': '2' }), ['ab']);
  assert.deepEqual(await merged([['aaa'], ['bb'], ['c']], { 'Maximum Group Size': '4 B', 'Minimum Group Size': '4 B' }), ['aaac']);
  assert.deepEqual(
    await merged(
      [
        ['a', { k: '1' }],
        ['b', { k: '2' }],
        ['c', { k: '1' }],
      ],
      { 'Correlation Attribute Name': 'k', 'Minimum Number of Entries': '2' },
    ),
    ['ac'],
  );
});

test('more bins than may wait: the oldest is closed', async () => {
  const run = await merge(
    [
      ['a', { k: '1' }],
      ['b', { k: '2' }],
    ],
    { 'Correlation Attribute Name': 'k', 'Minimum Number of Entries': '5', 'Maximum Number of Bins': '1' },
  );
  assert.deepEqual(
    run.out('merged').map(({ content, attributes }) => [content, attributes['merge.reason']]),
    [['a', 'BIN_MANAGER_FULL']],
  );
});

test('after Max Bin Age what is there is merged', async () => {
  const run = runner(MergeContent, { properties: { 'Minimum Number of Entries': '5', 'Max Bin Age': '20 ms' } });
  await run.start();
  await run.enqueue('a').run();
  await pause(30);
  await run.run();
  assert.deepEqual(
    run.out('merged').map(({ attributes }) => attributes['merge.reason']),
    ['TIMEOUT'],
  );
  await run.close();
});

test('a FlowFile may end its bin', async () => {
  const parts: Part[] = [['a'], ['END', { end: 'true' }], ['b']];
  const ended = (strategy: string) =>
    merged(parts, { 'Minimum Number of Entries': '9', 'Bin Termination Check': "${end:equals('true')}", 'FlowFile Insertion Strategy': strategy });
  assert.deepEqual(await ended('Last in Bin'), ['aEND']);
  assert.deepEqual(await ended('First in New Bin'), ['a']);
  assert.deepEqual(await ended('Isolated'), ['a', 'END']);
});

test('attributes that nobody contradicts may be kept', async () => {
  const run = await merge(
    [
      ['a', { only: '1', both: 'x' }],
      ['b', { both: 'y' }],
    ],
    { 'Attribute Strategy': 'Keep All Unique Attributes' },
  );
  const { attributes } = run.out('merged')[0]!;
  assert.deepEqual([attributes.only, attributes.both], ['1', undefined]);
});

test('fragments are put together in their order, once all are there', async () => {
  const defragment = { 'Merge Strategy': 'Defragment', 'Delimiter Strategy': 'Text', Demarcator: '+' };
  const run = await merge(fragments(['a', 'b', 'c'], [2, 0, 1]), defragment);
  assert.deepEqual(
    run.out('merged').map(({ content, attributes }) => [content, attributes.filename]),
    [['a+b+c', 'whole.txt']],
  );
  assert.deepEqual((await merge(fragments(['a', 'b', 'c'], [2, 0]), defragment)).counts, {});
});

test('fragments that cannot be put together fail', async () => {
  const defragment = { 'Merge Strategy': 'Defragment' };
  const twice = await merge(fragments(['a', 'b'], [0, 0]), defragment);
  assert.deepEqual(twice.counts, { failure: 2 });
  assert.match(twice.bulletins[0]!.message, /same fragment\.index/);
  assert.deepEqual((await merge([['a'], ...fragments(['b'], [0])], defragment)).counts, { failure: 1, merged: 1, original: 1 });
  const crowded = await merge([...fragments(['a', 'b'], [0], { 'fragment.identifier': 'x' }), ...fragments(['a', 'b'], [0])], { ...defragment, 'Maximum Number of Bins': '1' });
  assert.deepEqual(crowded.counts, { failure: 1 });
});

test('one fragment that says how many there are is enough; those that disagree fail with the numbers', async () => {
  const defragment = { 'Merge Strategy': 'Defragment', 'Max Bin Age': '1 hour' };
  const part = (content: string, index: string, count?: string): Part => [
    content,
    { 'fragment.identifier': 'f', 'fragment.index': index, ...(count === undefined ? {} : { 'fragment.count': count }) },
  ];
  const run = await merge([part('b', '2'), part('c', '3', '3'), part('a', '1')], defragment);
  assert.deepEqual(
    run.out('merged').map(({ content, attributes }) => [content, attributes['merge.reason']]),
    [['abc', 'MAX_ENTRIES_THRESHOLD_REACHED']],
  );
  const disagreeing = await merge([part('a', '1', '3'), part('b', '2', '2')], defragment);
  assert.deepEqual(disagreeing.counts, { failure: 2 });
  assert.match(disagreeing.bulletins[0]!.message, /do not agree on fragment\.count: it is 3 and 2/);
  assert.deepEqual((await merge([part('a', '1'), part('b', '2')], defragment)).counts, {});
  const silent = await merge([part('a', '1'), part('b', '2')], { ...defragment, 'Max Bin Age': '0 ms' });
  assert.match(silent.bulletins[0]!.message, /none of the 2 fragments of f says in fragment\.count how many there are/);
  const again = await merge([...fragments(['a', 'b'], [0, 1]), ...fragments(['a', 'b'], [0, 1])], defragment);
  assert.deepEqual(again.counts, { merged: 2, original: 4 });
});

test('delimiters may come from files; a missing one stops with an error', async () => {
  const run = runner(MergeContent, { properties: { 'Delimiter Strategy': 'Filename', Header: '${file}' } });
  const file = path.join(run.directory, 'header.txt');
  await run.start();
  mkdirSync(run.directory, { recursive: true });
  writeFileSync(file, 'head:');
  await run.enqueue('a', { file }).run(2);
  assert.deepEqual(
    run.out('merged').map(({ content }) => content),
    ['head:a'],
  );
  await run.close();
  assert.match(
    (await merge([['a', { file: '/nowhere/at all' }]], { 'Delimiter Strategy': 'Filename', Header: '${file}' })).bulletins[0]!.message,
    /the file \/nowhere\/at all cannot be read/,
  );
});

test('formats that this runtime does not know are invalid', async () => {
  assert.match((await runner(MergeContent, { properties: { 'Merge Format': 'Avro' } }).validate()).join(), /'Avro' is not supported/);
  assert.notEqual((await runner(MergeContent, { properties: { 'Minimum Number of Entries': '5', 'Maximum Number of Entries': '2' } }).validate()).length, 0);
});
