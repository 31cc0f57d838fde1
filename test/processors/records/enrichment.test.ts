import assert from 'node:assert/strict';
import { test } from 'node:test';
import ForkEnrichment from '../../../processors/records/ForkEnrichment.ts';
import JoinEnrichment from '../../../processors/records/JoinEnrichment.ts';
import UpdateRecord from '../../../processors/records/UpdateRecord.ts';
import type { ProcessorDefinition } from '../../../server/extension/processor.ts';
import { type Runner, runner } from '../../runner.ts';
import { jsonReader, jsonWriter, type Properties, runJson } from './record-services.ts';

const joiner = (properties: Properties = {}): Runner =>
  runner(JoinEnrichment as unknown as ProcessorDefinition, {
    properties,
    services: { 'Original Record Reader': jsonReader(), 'Enrichment Record Reader': jsonReader(), 'Record Writer': jsonWriter() },
  });
const half = (role: string, id = 'g'): Properties => ({ 'enrichment.group.id': id, 'enrichment.role': role, filename: 'orders', [role]: 'yes' });
const PEOPLE = '[{"id":1,"name":"Ada"},{"id":2,"name":"Bob"},{"id":3,"name":"Cyd"}]';
const AGES = '[{"id":1,"age":36},{"id":2,"age":12345678901234567890.123}]';

async function joined(properties: Properties, original = PEOPLE, enrichment = AGES): Promise<string> {
  const run = joiner(properties);
  run.enqueue(enrichment, half('ENRICHMENT')).enqueue(original, half('ORIGINAL'));
  await run.run(2);
  assert.deepEqual([run.counts, run.bulletins], [{ joined: 1, original: 2 }, []]);
  const { content, attributes } = run.out('joined')[0]!;
  assert.deepEqual([attributes['mime.type'], attributes.filename, attributes['enrichment.group.id']], ['application/json', 'orders', 'g']);
  assert.equal(attributes['record.count'], String((JSON.parse(content) as object[]).length));
  return content;
}

test('ForkEnrichment makes two halves that find each other', async () => {
  const run = runner(ForkEnrichment as unknown as ProcessorDefinition, {});
  run.enqueue('x', { filename: 'f' });
  await run.run();
  const [original, enrichment] = [run.out('original')[0]!, run.out('enrichment')[0]!];
  assert.deepEqual([original.content, enrichment.content, original.attributes.filename, enrichment.attributes.filename], ['x', 'x', 'f', 'f']);
  assert.deepEqual([original.attributes['enrichment.role'], enrichment.attributes['enrichment.role']], ['ORIGINAL', 'ENRICHMENT']);
  assert.ok(original.attributes['enrichment.group.id']);
  assert.equal(original.attributes['enrichment.group.id'], enrichment.attributes['enrichment.group.id']);
});

test('JoinEnrichment wraps both by their place', async () =>
  assert.equal(
    await joined({}),
    '[{"original":{"id":1,"name":"Ada"},"enrichment":{"id":1,"age":36}},{"original":{"id":2,"name":"Bob"},"enrichment":{"id":2,"age":12345678901234567890.123}},{"original":{"id":3,"name":"Cyd"},"enrichment":null}]',
  ));

test('JoinEnrichment asks both by SQL, with attributes of both', async () => {
  const sql = "SELECT o.name, e.age, '${ORIGINAL}${ENRICHMENT}' AS both FROM original o JOIN enrichment e ON o.id = e.id WHERE e.id = 1";
  assert.deepEqual(JSON.parse(await joined({ 'Join Strategy': 'SQL', SQL: sql })), [{ name: 'Ada', age: 36, both: 'yesyes' }]);
});

test('JoinEnrichment inserts fields, also into records inside', async () => {
  assert.equal(
    await joined({ 'Join Strategy': 'Insert Enrichment Fields' }),
    '[{"id":1,"name":"Ada","age":36},{"id":2,"name":"Bob","age":12345678901234567890.123},{"id":3,"name":"Cyd","age":null}]',
  );
  assert.equal(
    await joined({ 'Join Strategy': 'Insert Enrichment Fields', 'Insertion Record Path': '/who' }, '[{"who":{"name":"Ada"}},{"who":null}]', '[{"age":1},{"age":2}]'),
    '[{"who":{"name":"Ada","age":1}},{"who":null}]',
  );
});

test('JoinEnrichment waits for the other half, gives up in time, and refuses what is no half', async () => {
  const run = await joiner({ Timeout: '1 min' }).start();
  run.enqueue(PEOPLE, half('ORIGINAL', 'late')).enqueue('?', { filename: 'stray' });
  await run.run(2);
  assert.deepEqual([run.counts, run.queued.length], [{ failure: 1 }, 1]);
  assert.match(run.bulletins[0]!.message, /stray: its attributes enrichment.group.id and enrichment.role must be set/);
  await run.advance(61_000);
  await run.run();
  assert.deepEqual([run.out('timeout')[0]!.attributes['enrichment.group.id'], run.queued.length], ['late', 0]);
  await run.close();
});

test('JoinEnrichment sends both halves to failure where one cannot be read or the query is wrong', async () => {
  for (const [properties, enrichment] of [
    [{}, '[{"id":'],
    [{ 'Join Strategy': 'SQL', SQL: 'SELECT nope FROM original' }, AGES],
  ] as const) {
    const run = joiner(properties);
    run.enqueue(PEOPLE, half('ORIGINAL')).enqueue(enrichment, half('ENRICHMENT'));
    await run.run();
    assert.deepEqual(
      [
        run.counts,
        run
          .out('failure')
          .map(({ content }) => content)
          .sort(),
      ],
      [{ failure: 2 }, [PEOPLE, enrichment].sort()],
    );
    assert.ok(run.out('failure')[0]!.attributes['record.error.message']);
  }
});

test('JoinEnrichment gives up the oldest half where too many wait', async () => {
  const run = await joiner({ 'Maximum Number of Bins': '1' }).start();
  run.enqueue(PEOPLE, half('ORIGINAL', 'a'));
  await run.run();
  await run.advance(1000);
  run.enqueue(PEOPLE, half('ORIGINAL', 'b'));
  await run.run();
  assert.deepEqual([run.out('timeout').map(({ attributes }) => attributes['enrichment.group.id']), run.queued.length], [['a'], 1]);
  await run.close();
});

test('long numbers stay exact where UpdateRecord copies records', async () => {
  const run = await runJson(UpdateRecord, '[{"a":{"n":12345678901234567890.123}}]', { 'Replacement Value Strategy': 'record-path-value', '/b': '/a' });
  assert.equal(run.out('success')[0]!.content, '[{"a":{"n":12345678901234567890.123},"b":{"n":12345678901234567890.123}}]');
});
