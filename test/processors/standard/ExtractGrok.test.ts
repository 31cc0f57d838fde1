import assert from 'node:assert/strict';
import { test } from 'node:test';
import ExtractGrok from '../../../processors/standard/ExtractGrok.ts';
import { runner } from '../../runner.ts';

async function extract(content: string, properties: Record<string, string>) {
  const run = runner(ExtractGrok, { properties });
  run.enqueue(content, { filename: 'a' });
  return run.run();
}
const grokAttributes = (attributes: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith('grok.')));

test('what is captured becomes attributes, with and without names of their own', async () => {
  const all = await extract('from 10.0.0.1 at 12', { 'Grok Expression': 'from %{IPV4:ip} at %{INT}' });
  assert.deepEqual(grokAttributes(all.out('matched')[0]!.attributes), { 'grok.ip': '10.0.0.1', 'grok.INT': '12' });
  const named = await extract('from 10.0.0.1 at 12', { 'Grok Expression': 'from %{IPV4:ip} at %{INT}', 'Named Captures Only': 'true' });
  assert.deepEqual(grokAttributes(named.out('matched')[0]!.attributes), { 'grok.ip': '10.0.0.1' });
  const several = await extract('1 2', { 'Grok Expression': '%{INT:n} %{INT:n}', 'Named Captures Only': 'true' });
  assert.deepEqual(grokAttributes(several.out('matched')[0]!.attributes), { 'grok.n': '[1, 2]' });
});

test('what is captured becomes the content', async () => {
  const properties = { 'Grok Expression': '%{WORD:a}(?: %{INT:b})?', 'Named Captures Only': 'true', Destination: 'flowfile-content' };
  const [kept] = (await extract('word', properties)).out('matched');
  assert.deepEqual([kept!.content, kept!.attributes['mime.type']], ['{"a":"word","b":null}', 'application/json']);
  assert.equal((await extract('word', { ...properties, 'Keep Empty Captures': 'false' })).out('matched')[0]!.content, '{"a":"word"}');
});

test('what does not match goes on as it came; of long content the beginning counts', async () => {
  assert.equal((await extract('nothing', { 'Grok Expression': '%{INT:n}' })).out('unmatched')[0]!.content, 'nothing');
  assert.deepEqual((await extract(`${'x'.repeat(5000)}7`, { 'Grok Expression': '%{INT:n}', 'Maximum Buffer Size': '1 KB' })).counts, { unmatched: 1 });
});

test('wrong expressions are told when they are configured', async () => {
  for (const [properties, reason] of [
    [{ 'Grok Expression': '%{NOPE:x}' }, /no pattern NOPE/],
    [{ 'Grok Expression': '(' }, /not a grok expression/],
    [{ 'Grok Expression': 'x', 'Grok Patterns': '/etc/passwd' }, /Files and addresses are not read/],
  ] as const)
    assert.match((await runner(ExtractGrok, { properties }).validate()).join(), reason);
});
