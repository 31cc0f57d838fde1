import assert from 'node:assert/strict';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import FilterAttribute from '../../../processors/standard/FilterAttribute.ts';
import ScanAttribute from '../../../processors/standard/ScanAttribute.ts';
import ScanContent from '../../../processors/standard/ScanContent.ts';
import { TermSearch } from '../../../processors/standard/term-search.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

function dictionary(content: string | Uint8Array): string {
  const folder = temporaryDirectory();
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'terms'), content);
  return path.join(folder, 'terms');
}

test('FilterAttribute keeps or removes, by list or by pattern', async () => {
  const filter = async (properties: Record<string, string>) => {
    const run = runner(FilterAttribute, { properties });
    run.enqueue('', { a: '1', b1: '2', b2: '3', filename: 'f', names: 'a, b1' });
    await run.run();
    const { uuid, path: _, ...attributes } = run.out('success')[0]!.attributes;
    assert.ok(uuid);
    return Object.keys(attributes).sort();
  };
  const pattern = { 'Attribute Matching Strategy': 'Use regular expression', 'Filtered Attributes Pattern': 'b\\d|filename' };
  assert.deepEqual(await filter({ 'Filtered Attributes': '${names}' }), ['a', 'b1', 'filename']);
  assert.deepEqual(await filter({ 'Filtered Attributes': 'a,uuid', 'Filter Mode': 'Remove' }), ['b1', 'b2', 'filename', 'names']);
  assert.deepEqual(await filter(pattern), ['b1', 'b2', 'filename']);
  assert.deepEqual(await filter({ ...pattern, 'Filter Mode': 'Remove' }), ['a', 'filename', 'names']);
});

test('ScanAttribute: one or all, with a filter on the lines', async () => {
  const file = dictionary('red\nblue\n\nkey=green\n');
  const scan = async (properties: Record<string, string>, attributes: Record<string, string>) => {
    const run = runner(ScanAttribute, { properties: { 'Dictionary File': file, 'Attribute Pattern': 'c.', ...properties } });
    run.enqueue('', attributes);
    await run.run();
    return Object.keys(run.counts).join();
  };
  assert.equal(await scan({}, { c1: 'red', c2: 'x' }), 'matched');
  assert.equal(await scan({}, { other: 'red' }), 'unmatched');
  assert.equal(await scan({ 'Match Criteria': 'All Must Match' }, { c1: 'red', c2: 'x' }), 'unmatched');
  assert.equal(await scan({ 'Match Criteria': 'All Must Match' }, { c1: 'red', c2: 'blue' }), 'matched');
  assert.equal(await scan({ 'Dictionary Filter Pattern': 'key=(.*)' }, { c1: 'green' }), 'matched');
  assert.equal(await scan({ 'Dictionary Filter Pattern': 'key=(.*)' }, { c1: 'red' }), 'unmatched');
});

test('ScanContent finds terms, and reads the file again when it changes', async () => {
  const file = dictionary('fox\nquick brown\n');
  const run = runner(ScanContent, { properties: { 'Dictionary File': file } });
  await run.start();
  run.enqueue('the quick brown fox').enqueue('nothing');
  await run.run();
  assert.deepEqual([run.counts, run.out('matched')[0]!.attributes['matching.term']], [{ matched: 1, unmatched: 1 }, 'quick brown']);
  writeFileSync(file, 'nothing');
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  await run.advance(11_000);
  run.enqueue('nothing');
  await run.run();
  assert.deepEqual(run.counts, { matched: 2, unmatched: 1 });
  await run.stop();
  rmSync(file);
  run.enqueue('x');
  await run.run();
  assert.match(run.bulletins[0]!.message, /cannot be read/);
});

test('ScanContent with a binary dictionary', async () => {
  const run = runner(ScanContent, { properties: { 'Dictionary File': dictionary(Buffer.from([0, 0, 0, 2, 1, 2])), 'Dictionary Encoding': 'binary' } });
  run.enqueue(Buffer.from([9, 1, 2, 9])).enqueue(Buffer.from([1, 9, 2]));
  await run.run();
  assert.deepEqual(run.counts, { matched: 1, unmatched: 1 });
});

test('the search finds what indexOf finds', async () => {
  const letters = 'abc';
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  const word = (length: number): string => Array.from({ length }, () => letters[random(3)]).join('');
  for (let round = 0; round < 300; round++) {
    const terms = [word(1 + random(5)), word(1 + random(5)), word(1 + random(5))];
    const text = word(random(12));
    const found = await new TermSearch(terms.map((term) => Buffer.from(term))).find(
      (async function* () {
        yield Buffer.from(text.slice(0, 3));
        yield Buffer.from(text.slice(3));
      })(),
    );
    assert.equal(
      found !== undefined,
      terms.some((term) => text.includes(term)),
      `${terms} in ${text}`,
    );
  }
});
