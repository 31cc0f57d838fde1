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
  return run.run();
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
  await run.enqueue('two').run();
  assert.deepEqual(
    run.out('merged').map(({ content }) => content),
    ['onetwo'],
  );
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

test('delimiters may come from files; a missing one stops with an error', async () => {
  const run = runner(MergeContent, { properties: { 'Delimiter Strategy': 'Filename', Header: '${file}' } });
  const file = path.join(run.directory, 'header.txt');
  await run.start();
  mkdirSync(run.directory, { recursive: true });
  writeFileSync(file, 'head:');
  await run.enqueue('a', { file }).run();
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
