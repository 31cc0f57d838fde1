import assert from 'node:assert/strict';
import { test } from 'node:test';
import CountText from '../../../processors/standard/CountText.ts';
import { runner } from '../../runner.ts';

const all = { 'Count Non-Empty Lines': 'true', 'Count Words': 'true', 'Count Characters': 'true' };

async function count(content: string | Uint8Array, properties: Record<string, string> = {}) {
  const run = runner(CountText, { properties: { ...all, ...properties } });
  run.enqueue(content);
  await run.run();
  const names = ['text.line.count', 'text.line.nonempty.count', 'text.word.count', 'text.character.count'];
  return { run, counts: names.map((name) => run.out('success')[0]!.attributes[name]) };
}

test('lines, words and characters', async () => {
  const { run, counts } = await count('split-words on symbols.\r\n\r\n  \nlast_one');
  assert.deepEqual(counts, ['4', '2', '4', '33']);
  assert.deepEqual(run.counters, { 'Lines Counted': 4, 'Lines (non-empty) Counted': 2, 'Words Counted': 4, 'Characters Counted': 33 });
  assert.equal((await count('split-words on_symbols.', { 'Split Words on Symbols': 'true' })).counts[2], '4');
  assert.deepEqual((await count('')).counts, ['0', '0', '0', '0']);
  assert.deepEqual((await count(Buffer.from('\ufeffä b', 'utf16le'), { 'Character Encoding': 'UTF-16' })).counts, ['1', '1', '2', '3']);
});

test('long content is read piece by piece', async () => {
  const { counts } = await count(`${'word '.repeat(9)}\r\n`.repeat(20_000));
  assert.deepEqual(counts.slice(0, 3), ['20000', '20000', '180000']);
});

test('something must be counted', async () => {
  assert.match((await runner(CountText, { properties: { 'Count Lines': 'false' } }).validate()).join(), /At least one of the counts/);
});
