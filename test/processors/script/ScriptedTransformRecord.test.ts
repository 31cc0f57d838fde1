import assert from 'node:assert/strict';
import { test } from 'node:test';
import ScriptedTransformRecord from '../../../processors/script/ScriptedTransformRecord.ts';
import type { ProcessorDefinition } from '../../../server/extension/processor.ts';
import { type Runner, runner } from '../../runner.ts';
import { csvReader, jsonReader, jsonWriter, type Properties } from '../records/record-services.ts';

async function run(script: string, content: string, properties: Properties = {}, reader = jsonReader()): Promise<Runner> {
  const one = runner(ScriptedTransformRecord as unknown as ProcessorDefinition, {
    properties: { 'Script Body': script, ...properties },
    services: { 'Record Reader': reader, 'Record Writer': jsonWriter() },
  });
  one.enqueue(content, { filename: 'records', greeting: 'hi' });
  return one.run();
}

const contentOf = (run: Runner): string => run.out('success')[0]?.content ?? `failed: ${run.out('failure')[0]!.attributes['record.error.message']}`;

test('records are changed, dropped and multiplied; attributes and places are known', async () => {
  const script = `function transform(record, { index, attributes }) {
    if (record.n === 2) return null;
    if (record.n === 3) return [record, { ...record, n: 33 }];
    return { ...record, index, said: attributes.greeting, list: [1, 2] };
  }`;
  const done = await run(script, '[{"n":1},{"n":2},{"n":3}]');
  assert.equal(contentOf(done), '[{"n":1,"index":0,"said":"hi","list":[1,2]},{"n":3,"index":null,"said":null,"list":null},{"n":33,"index":null,"said":null,"list":null}]');
  const { attributes } = done.out('success')[0]!;
  assert.deepEqual([done.counts, attributes['record.count'], attributes['mime.type'], attributes.filename], [{ success: 1 }, '3', 'application/json', 'records']);
  assert.deepEqual(done.counters, { 'Records Transformed': 3 });
});

test('TypeScript, logging, and counters of what was dropped', async () => {
  const done = await run('function transform(record: { n: number }): object | null { log(`saw ${record.n}`); return null; }', '[{"n":1},{"n":2}]', {
    'Script Language': 'TypeScript',
  });
  assert.deepEqual([contentOf(done), done.counters], ['[]', { 'Records Transformed': 0, 'Records Dropped': 2 }]);
  assert.equal(done.out('success')[0]!.attributes['record.count'], '0');
});

test('long numbers stay exact, dates and known types stay what they are', async () => {
  const records = '[{"id":9007199254740993,"price":12345678901234567890.125,"n":1}]';
  assert.equal(contentOf(await run('const transform = (record) => ({ ...record, n: "x" });', records)), records.replace('"n":1', '"n":"x"'));
  const csv = 'n,total\n1,2.50\n2,7\n';
  assert.equal(contentOf(await run('function transform(r) { r.total = r.total * 2; return r; }', csv, {}, csvReader())), '[{"n":1,"total":5.0},{"n":2,"total":14.0}]');
});

test('what goes wrong is told, and the FlowFile stays as it came', async () => {
  for (const [script, content, message] of [
    ['function transform(r) { return r.a.b; }', '[{"n":1}]', /The script failed in the records from 0 on: .*undefined/],
    ['function transform(r) { return 7; }', '[{"n":1}]', /returned 7 where a record/],
    ['function transform(r) { for (;;); }', '[{"n":1}]', /took longer than 500 ms/],
    ['function transform(r) { const all = []; for (;;) all.push("x".repeat(100000)); }', '[{"n":1}]', /memory|longer than/],
    ['function transform(r) { return r; }', '[{"n":', /./],
  ] as const) {
    const failed = await run(script, content, { 'Time Limit': '500 ms', 'Memory Limit': '32 MB' });
    assert.deepEqual([failed.counts, failed.out('failure')[0]!.content], [{ failure: 1 }, content], script);
    assert.match(failed.out('failure')[0]!.attributes['record.error.message']!, message);
  }
});

test('a script that cannot be used keeps the processor from starting', async () => {
  await assert.rejects(run('function transfrom(r) {}', '[]'), /defines no function transform/);
  await assert.rejects(run('function transform(r) {', '[]'), /The script cannot be used/);
});
