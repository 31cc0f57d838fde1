import assert from 'node:assert/strict';
import { test } from 'node:test';
import TransformJSONata from '../../../processors/jsonata/TransformJSONata.ts';
import { runner } from '../../runner.ts';

async function transform(content: string | Uint8Array, expression: string, properties: Record<string, string> = {}) {
  const run = runner(TransformJSONata, { properties: { 'JSONata Expression': expression, ...properties } });
  run.enqueue(content, { who: 'me' });
  await run.run();
  return run;
}

const invoice = '{"lines":[{"price":2,"n":3},{"price":5,"n":1}],"name":"x"}';

test('the result becomes content, or an attribute', async () => {
  const run = await transform(invoice, '{"total": $sum(lines.(price * n)), "by": $attribute("who")}');
  const [{ content, attributes }] = run.out('success') as [ReturnType<typeof run.out>[0]];
  assert.deepEqual([content, attributes['mime.type']], ['{"total":11,"by":"me"}', 'application/json']);
  const inAttribute = (await transform(invoice, 'lines[price > 3].n', { 'Destination Attribute': 'n' })).out('success')[0]!;
  assert.deepEqual([inAttribute.content, inAttribute.attributes.n], [invoice, '1']);
  assert.deepEqual((await transform(invoice, 'missing')).counts, { nothing: 1 });
});

test('no JSON, an error, and an endless evaluation fail', async () => {
  assert.deepEqual((await transform('{"a":', 'a')).counts, { failure: 1 });
  assert.deepEqual((await transform(Buffer.from([0xff]), 'a')).counts, { failure: 1 });
  assert.deepEqual((await transform('{"a":"x"}', '$number(a)')).counts, { failure: 1 });
  assert.deepEqual((await transform('{}', '($f := function($x) { $f($x + 1) }; $f(1))', { 'Time Limit': '200 ms' })).counts, { failure: 1 });
  assert.deepEqual((await transform('{}', '($f := function($x) { 1 + $f($x) }; $f(1))')).counts, { failure: 1 });
  assert.deepEqual((await transform(invoice, 'name', { 'Max Content Size': '3 B' })).counts, { failure: 1 });
});

test('a wrong expression keeps the processor from starting, with the position', async () => {
  await assert.rejects(transform('{}', 'a.['), /cannot be used: .*position \d/);
});
