import assert from 'node:assert/strict';
import { test } from 'node:test';
import SplitText from '../../../processors/standard/SplitText.ts';
import { runner } from '../../runner.ts';

async function split(content: string, properties: Record<string, string>) {
  const run = runner(SplitText, { properties });
  run.enqueue(content, { filename: 'lines.txt' });
  await run.run();
  return run;
}

const texts = async (content: string, properties: Record<string, string>) => (await split(content, properties)).out('splits').map((part) => part.content);

test('lines become FlowFiles that tell where they come from', async () => {
  const run = await split('a\nb\r\nc', { 'Line Split Count': '2' });
  assert.deepEqual(run.counts, { splits: 2, original: 1 });
  const [first, second] = run.out('splits');
  assert.deepEqual([first!.content, second!.content], ['a\nb', 'c']);
  const { 'fragment.identifier': identifier, ...told } = second!.attributes;
  assert.equal(identifier, run.out('original')[0]!.attributes['fragment.identifier']);
  assert.equal(run.out('original')[0]!.attributes['fragment.count'], '2');
  assert.deepEqual(
    [told['fragment.index'], told['fragment.count'], told['segment.original.filename'], told['text.line.count'], told['fragment.size']],
    ['2', '2', 'lines.txt', '1', '1'],
  );
});

test('line breaks at the end are kept when asked for, and lines of nothing else are left out otherwise', async () => {
  assert.deepEqual(await texts('a\n\nb\n', { 'Line Split Count': '1', 'Remove Trailing Newlines': 'false' }), ['a\n', '\n', 'b\n']);
  assert.deepEqual(await texts('a\n\nb\n', { 'Line Split Count': '1' }), ['a', 'b']);
  assert.deepEqual(await texts('a\rb\r', { 'Line Split Count': '1' }), ['a', 'b']);
  assert.deepEqual(await texts('', { 'Line Split Count': '1' }), []);
});

test('a header stands before each split, by number of lines or by how it begins', async () => {
  assert.deepEqual(await texts('h\na\nb\n', { 'Line Split Count': '1', 'Header Line Count': '1' }), ['h\na', 'h\nb']);
  assert.deepEqual(await texts('#1\n#2\na\n#b', { 'Line Split Count': '1', 'Header Line Marker Characters': '#' }), ['#1\n#2\na', '#1\n#2\n#b']);
  assert.deepEqual(await texts('h\n', { 'Line Split Count': '1', 'Header Line Count': '1' }), ['h']);
});

test('splits end before they become too large', async () => {
  assert.deepEqual(await texts('aa\nbb\ncc\ndddddddd\n', { 'Line Split Count': '0', 'Maximum Fragment Size': '6 B' }), ['aa\nbb', 'cc', 'dddddddd']);
});

test('what is shorter than its header fails', async () => {
  const run = await split('only\n', { 'Line Split Count': '1', 'Header Line Count': '2' });
  assert.deepEqual(run.counts, { failure: 1 });
  assert.match(run.bulletins[0]!.message, /fewer than the 2 of the header/);
});

test('no limit at all is invalid', async () => {
  assert.match((await runner(SplitText, { properties: { 'Line Split Count': '0' } }).validate()).join(), /Maximum Fragment Size must be set/);
});

test('a large file is streamed', async () => {
  const line = `${'x'.repeat(1022)}\r\n`;
  const run = await split(`head\n${line.repeat(6000)}`, { 'Line Split Count': '5000', 'Header Line Count': '1' });
  assert.deepEqual(
    run.out('splits').map(({ size, attributes }) => [size, attributes['text.line.count']]),
    [
      [5 + 5000 * 1024 - 2, '5000'],
      [5 + 1000 * 1024 - 2, '1000'],
    ],
  );
});
