import assert from 'node:assert/strict';
import { test } from 'node:test';
import EvaluateJsonPath from '../../../processors/standard/EvaluateJsonPath.ts';
import { runner } from '../../runner.ts';

const ORDER = '{"id": 12345678901234567890, "total": 50.0, "customer": {"name": "Ada"}, "note": null, "lines": [1, 2]}';

async function evaluate(properties: Record<string, string>, content = ORDER) {
  const run = runner(EvaluateJsonPath, { properties });
  run.enqueue(content, { filename: 'order.json' });
  await run.run();
  return run;
}

const attributes = async (properties: Record<string, string>) => (await evaluate({ Destination: 'flowfile-attribute', ...properties })).out('matched')[0]!.attributes;

test('results become attributes, numbers as they were', async () => {
  const found = await attributes({ id: '$.id', total: '$.total', name: '$.customer.name', note: '$.note' });
  assert.deepEqual([found.id, found.total, found.name, found.note], ['12345678901234567890', '50.0', 'Ada', '']);
  assert.equal((await attributes({ note: '$.note', 'Null Value Representation': "the string 'null'" })).note, 'null');
});

test('a path that leads nowhere gives an empty attribute, a warning, or none', async () => {
  assert.equal((await attributes({ gone: '$.gone' })).gone, '');
  assert.equal((await attributes({ gone: '$.gone', 'Path Not Found Behavior': 'skip' })).gone, undefined);
  const warned = await evaluate({ Destination: 'flowfile-attribute', gone: '$.gone', 'Path Not Found Behavior': 'warn' });
  assert.match(warned.bulletins[0]!.message, /'gone' leads nowhere in order\.json/);
});

test('an object is no scalar, and json where that is wanted', async () => {
  assert.deepEqual((await evaluate({ Destination: 'flowfile-attribute', customer: '$.customer' })).counts, { failure: 1 });
  assert.equal((await attributes({ customer: '$.customer', 'Return Type': 'json' })).customer, '{"name":"Ada"}');
});

test('one result becomes the content', async () => {
  assert.deepEqual(
    (await evaluate({ lines: '$.lines' })).out('matched').map(({ content }) => content),
    ['[1,2]'],
  );
  assert.deepEqual((await evaluate({ lines: '$.none' })).counts, { unmatched: 1 });
  assert.deepEqual((await evaluate({ lines: '$.lines', 'Return Type': 'scalar' })).counts, { failure: 1 });
});

test('what is no JSON fails', async () => {
  const run = await evaluate({ lines: '$.lines' }, 'plain');
  assert.deepEqual([run.counts, run.out('failure')[0]!.content], [{ failure: 1 }, 'plain']);
});

test('content takes exactly one path', async () => {
  await assert.rejects(runner(EvaluateJsonPath, { properties: { a: '$.a', b: '$.b' } }).run(), /has 2 JSON paths/);
});
