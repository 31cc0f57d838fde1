import assert from 'node:assert/strict';
import { test } from 'node:test';
import AttributesToJSON from '../../../processors/standard/AttributesToJSON.ts';
import { runner } from '../../runner.ts';

async function written(properties: Record<string, string>) {
  const run = runner(AttributesToJSON, { properties });
  run.enqueue('before', { filename: 'a', colour: 'blue', size: '12345678901234567890', nested: '{"n":1.0}', broken: '{oops' });
  await run.run();
  assert.deepEqual(run.counts, { success: 1 });
  return run.out('success')[0]!;
}

const json = async (properties: Record<string, string>) => JSON.parse((await written(properties)).attributes.JSONAttributes!) as Record<string, unknown>;

test('all attributes, with or without those that every FlowFile has', async () => {
  assert.deepEqual(Object.keys(await json({})).sort(), ['broken', 'colour', 'filename', 'nested', 'path', 'size', 'uuid']);
  assert.deepEqual(await json({ 'Include Core Attributes': 'false' }), { broken: '{oops', colour: 'blue', nested: '{"n":1.0}', size: '12345678901234567890' });
});

test('those of a list, and those whose name matches', async () => {
  assert.deepEqual(await json({ 'Attributes List': 'colour, gone', 'Attributes Regular Expression': 'si.*' }), { colour: 'blue', gone: '', size: '12345678901234567890' });
  assert.deepEqual(await json({ 'Attributes List': 'gone', 'Null Value': 'true' }), { gone: null });
});

test('JSON in attributes stays text or becomes part of the JSON', async () => {
  assert.equal((await written({ 'Attributes List': 'nested,broken', 'JSON Handling Strategy': 'NESTED' })).attributes.JSONAttributes, '{"nested":{"n":1.0},"broken":"{oops"}');
});

test('as the content', async () => {
  const { content, attributes } = await written({ Destination: 'flowfile-content', 'Attributes List': 'colour', 'Pretty Print': 'true' });
  assert.deepEqual([content, attributes['mime.type']], ['{\n  "colour": "blue"\n}', 'application/json']);
});
