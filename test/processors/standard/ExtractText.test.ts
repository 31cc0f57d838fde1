import assert from 'node:assert/strict';
import { test } from 'node:test';
import ExtractText from '../../../processors/standard/ExtractText.ts';
import { runner } from '../../runner.ts';

async function extract(content: string, properties: Record<string, string>) {
  const run = runner(ExtractText, { properties });
  run.enqueue(content, { filename: 'a' });
  await run.run();
  return run;
}

async function found(content: string, properties: Record<string, string>) {
  const { uuid: _, filename: __, path: ___, ...attributes } = (await extract(content, properties)).out('matched')[0]!.attributes;
  return attributes;
}

test('groups become attributes', async () => {
  assert.deepEqual(await found('user=ada;age=36', { person: 'user=(\\w+);age=(\\d+)' }), { person: 'ada', 'person.0': 'user=ada;age=36', 'person.1': 'ada', 'person.2': '36' });
  assert.deepEqual(await found('a1b2', { n: '(\\d)', 'Include Capture Group 0': 'false', 'Enable Repeating Capture Group': 'true' }), { n: '1', 'n.1': '1', 'n.2': '2' });
  assert.deepEqual(await found('ada 36', { p: '(?<name>\\w+) (?<age>\\d+)', 'Enable Named Groups': 'true' }), { 'p.name': 'ada', 'p.age': '36' });
  assert.deepEqual(await found('abcdef', { p: '(.*)', 'Maximum Capture Group Length': '3', 'Include Capture Group 0': 'false' }), { p: 'abc', 'p.1': 'abc' });
});

test('modes of the expression', async () => {
  assert.equal((await found('ADA', { p: '(ada)', 'Enable Case-insensitive Matching': 'true' })).p, 'ADA');
  assert.equal((await found('a\nb', { p: '(a.b)', 'Enable DOTALL Mode': 'true' })).p, 'a\nb');
  assert.equal((await found('a\nb', { p: '^(b)$', 'Enable Multiline Mode': 'true' })).p, 'b');
  assert.equal((await found('ab', { p: '(a b) # both', 'Permit Whitespace and Comments in Pattern': 'true' })).p, 'ab');
  assert.equal((await found('a.b', { p: 'a.b', 'Enable Literal Parsing of the Pattern': 'true' }))['p.0'], 'a.b');
});

test('nothing found, or not within the buffer', async () => {
  assert.deepEqual((await extract('abc', { p: '(x)' })).counts, { unmatched: 1 });
  assert.deepEqual((await extract('abcx', { p: '(x)', 'Maximum Buffer Size': '3 B' })).counts, { unmatched: 1 });
});

test('what is no regular expression says so at start', async () => {
  await assert.rejects(extract('x', { bad: '(' }), /'bad' cannot be used/);
});
