import assert from 'node:assert/strict';
import { test } from 'node:test';
import RouteOnContent from '../../../processors/standard/RouteOnContent.ts';
import { runner } from '../../runner.ts';

async function route(content: string, properties: Record<string, string>) {
  const run = runner(RouteOnContent, { properties });
  run.enqueue(content, { word: 'quick' });
  await run.run();
  return run;
}

test('the whole content must match, or a part of it', async () => {
  assert.deepEqual((await route('the quick fox', { fox: 'fox' })).counts, { unmatched: 1 });
  assert.deepEqual((await route('the quick fox', { fox: 'the .* fox' })).counts, { fox: 1 });
  const run = await route('the quick fox', { 'Match Requirement': 'content must contain match', fox: 'f.x', own: '${word} f', dog: 'dog' });
  assert.deepEqual(run.counts, { fox: 1, own: 1 });
  assert.equal(run.out('own' as 'unmatched')[0]!.attributes['RouteOnContent.Route'], 'own');
});

test('only the beginning is looked at', async () => {
  assert.deepEqual((await route('abcdef', { 'Match Requirement': 'content must contain match', 'Content Buffer Size': '3 B', late: 'def' })).counts, { unmatched: 1 });
});

test('what is no regular expression stops with an error', async () => {
  const run = await route('x', { bad: '(' });
  assert.deepEqual(run.counts, {});
  assert.match(run.bulletins[0]!.message, /'bad' cannot be used/);
});
