import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import CryptographicHashContent from '../../../processors/standard/CryptographicHashContent.ts';
import { runner } from '../../runner.ts';

test('the hash becomes an attribute, of small content and of large', async () => {
  for (const content of ['abc', 'x'.repeat(3_000_000)]) {
    const run = runner(CryptographicHashContent, { properties: { 'Hash Algorithm': 'SHA-512/256' } });
    await run.enqueue(content).run();
    assert.equal(run.out('success')[0]!.attributes['content_SHA-512/256'], createHash('sha512-256').update(content).digest('hex'));
  }
});

test('nothing has a hash too, unless it must fail', async () => {
  const run = runner(CryptographicHashContent, {});
  await run.enqueue('').run();
  assert.match(run.out('success')[0]!.attributes['content_SHA-256']!, /^e3b0c442/);
  const failing = runner(CryptographicHashContent, { properties: { 'Fail When Content Empty': 'true' } });
  await failing.enqueue('').run();
  assert.deepEqual(failing.counts, { failure: 1 });
});

test('what this runtime cannot compute is invalid', async () => {
  assert.match((await runner(CryptographicHashContent, { properties: { 'Hash Algorithm': 'MD2' } }).validate()).join(), /'MD2' is not available/);
});
