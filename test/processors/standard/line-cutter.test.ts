import assert from 'node:assert/strict';
import { test } from 'node:test';
import ReplaceText from '../../../processors/standard/ReplaceText.ts';
import { LineCutter } from '../../../processors/standard/line-cutter.ts';
import { runner } from '../../runner.ts';

function cut(...pieces: string[]): string[] {
  const cutter = new LineCutter();
  return [...pieces.flatMap((piece) => cutter.take(piece)), ...cutter.end()];
}

test('lines keep their breaks, wherever the text was cut', () => {
  const text = 'a\nb\r\nc\rd\n\n\r\r\ne';
  const lines = ['a\n', 'b\r\n', 'c\r', 'd\n', '\n', '\r', '\r\n', 'e'];
  assert.deepEqual(cut(text), lines);
  assert.deepEqual(cut(...text), lines);
  for (let at = 0; at <= text.length; at++) assert.deepEqual(cut(text.slice(0, at), text.slice(at)), lines);
  assert.deepEqual([cut(), cut(''), cut('a\r'), cut('\r', '\n')], [[], [], ['a\r'], ['\r\n']]);
});

test('a line without end is looked at once, not once from each of its characters', async () => {
  const run = runner(ReplaceText, { properties: { 'Maximum Buffer Size': '10 MB', 'Search Value': 'b', 'Replacement Value': 'c' } });
  run.enqueue(`${'a'.repeat(4_000_000)}b`);
  await run.run();
  assert.equal(run.out('success')[0]!.content.at(-1), 'c');
});
