import assert from 'node:assert/strict';
import { test } from 'node:test';
import SplitJson from '../../../processors/standard/SplitJson.ts';
import { runner } from '../../runner.ts';

async function split(content: string, path: string, properties: Record<string, string> = {}) {
  const run = runner(SplitJson, { properties: { 'JsonPath Expression': path, ...properties } });
  run.enqueue(content, { filename: 'a.json' });
  await run.run();
  return run;
}

test('each element of the array becomes a FlowFile, numbers as they were', async () => {
  const run = await split('{"items": [{"id": 12345678901234567890, "total": 50.0}, [1], "text", true]}', '$.items');
  assert.deepEqual(run.counts, { split: 4, original: 1 });
  assert.deepEqual(
    run.out('split').map(({ content }) => content),
    ['{"id":12345678901234567890,"total":50.0}', '[1]', 'text', 'true'],
  );
  const { attributes } = run.out('split')[1]!;
  assert.deepEqual([attributes['fragment.index'], attributes['fragment.count'], attributes['segment.original.filename']], ['1', '4', 'a.json']);
  assert.equal(run.out('original')[0]!.attributes['fragment.identifier'], attributes['fragment.identifier']);
});

test('null is empty, or the text null', async () => {
  assert.deepEqual(
    (await split('[null]', '$.*')).out('split').map(({ content }) => content),
    [''],
  );
  assert.deepEqual(
    (await split('[null]', '$', { 'Null Value Representation': "the string 'null'" })).out('split').map(({ content }) => content),
    ['null'],
  );
});

test('what cannot be split fails with the reason', async () => {
  for (const [content, reason] of [
    ['{"items": 1}', /not lead to an array/],
    ['{}', /leads nowhere/],
    ['no json', /a\.json/],
  ] as const) {
    const run = await split(content, '$.items');
    assert.deepEqual(run.counts, { failure: 1 });
    assert.match(run.bulletins[0]!.message, reason);
  }
  assert.deepEqual((await split('[1,2,3]', '$', { 'Max String Length': '5 B' })).counts, { failure: 1 });
});

test('what is no JSON path is invalid', async () => {
  assert.match((await runner(SplitJson, { properties: { 'JsonPath Expression': '$.[' } }).validate()).join(), /is not a JSON path/);
});
