import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import IdentifyMimeType from '../../../processors/standard/IdentifyMimeType.ts';
import { runner } from '../../runner.ts';

async function type(content: string | Uint8Array, filename = 'file', properties: Record<string, string> = {}) {
  const run = runner(IdentifyMimeType, { properties });
  run.enqueue(content, { filename });
  await run.run();
  const { attributes } = run.out('success')[0]!;
  return [attributes['mime.type'], attributes['mime.extension'], attributes['mime.charset']];
}

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

test('by signature, by text, by name', async () => {
  assert.deepEqual(await type(png), ['image/png', '.png', undefined]);
  assert.deepEqual(await type(gzipSync('x')), ['application/gzip', '.gz', undefined]);
  assert.deepEqual(await type('{"a": 1}'), ['application/json', '.json', undefined]);
  assert.deepEqual(await type('[1, 2]', 'x.txt'), ['application/json', '.json', undefined]);
  assert.deepEqual(await type('<?xml version="1.0"?><a/>'), ['application/xml', '.xml', undefined]);
  assert.deepEqual(await type('<!DOCTYPE html><p>'), ['text/html', '.html', 'ISO-8859-1']);
  assert.deepEqual(await type('a,b\n1,ü', 'x.csv'), ['text/csv', '.csv', 'UTF-8']);
  assert.deepEqual(await type('a,b\n1,2', 'x.csv', { 'Use Filename In Detection': 'false' }), ['text/plain', '.txt', 'ISO-8859-1']);
  assert.deepEqual(await type(Buffer.from([0, 1, 2, 3])), ['application/octet-stream', '.bin', undefined]);
  assert.deepEqual(await type(Buffer.from('NiFiFF3\0\x01')), ['application/flowfile-v3', '', undefined]);
  assert.deepEqual(await type(Buffer.from('\ufeffhi', 'utf16le')), ['text/plain', '.txt', 'UTF-16LE']);
  assert.deepEqual(await type(''), ['application/octet-stream', '.bin', undefined]);
});

test("Tika's own configuration is refused", async () => {
  const run = runner(IdentifyMimeType, { properties: { 'Config Strategy': 'Merge', 'Custom MIME Configuration': '<x/>' } });
  assert.match((await run.validate()).join(), /not supported by this runtime/);
});
