import assert from 'node:assert/strict';
import { test } from 'node:test';
import MapRecord from '../../../processors/records/MapRecord.ts';
import { runner } from '../../runner.ts';

const MAPPING = JSON.stringify([
  { source: 'first_name', destination: 'FIRSTNAME', type: 'text' },
  { source: 'n', destination: 'N', type: 'integer', required: true },
]);
const mapping = (more: Record<string, string> = {}) => runner(MapRecord, { properties: { Mapping: MAPPING, ...more } });

test('rows are mapped, or set aside with the reason', async () => {
  const run = mapping();
  run.enqueue('[{"first_name":"Ada","n":1,"x":true},{"first_name":"Bob","n":null},{"first_name":"Cyd","n":"3"}]', { filename: 'a.json' });
  await run.run();
  const [success] = run.out('success');
  assert.equal(success!.content, '[{"FIRSTNAME":"Ada","N":1},{"FIRSTNAME":"Cyd","N":3}]');
  assert.equal(success!.attributes['record.count'], '2');
  assert.equal(success!.attributes['mime.type'], 'application/json');
  assert.equal(success!.attributes['record.fields'], '[{"name":"FIRSTNAME","type":"text"},{"name":"N","type":"integer"}]');
  const [rejected] = run.out('rejected');
  assert.deepEqual(JSON.parse(rejected!.content), [{ first_name: 'Bob', n: null, _reason: 'N is required, but n is empty' }]);
  assert.equal(rejected!.attributes['record.count'], '1');
  assert.deepEqual(run.counters, { 'rows rejected': 1 });
});

test('a FlowFile whose rows are all rejected does not go on empty; an empty one does', async () => {
  const run = mapping();
  run.enqueue('[{"first_name":"Bob","n":"many"}]').enqueue('[]');
  await run.run(2);
  assert.deepEqual(run.counts, { success: 1, rejected: 1 });
  assert.equal(run.out('success')[0]!.content, '[]');
});

test('what is no JSON goes to failure, its neighbours go on', async () => {
  const run = mapping();
  run.enqueue('a;b').enqueue('[{"first_name":"Ada","n":1}]');
  await run.run(2);
  assert.deepEqual(run.counts, { success: 1, failure: 1 });
  assert.match(run.out('failure')[0]!.attributes['error.message']!, /is not JSON records/);
  assert.match(run.bulletins[0]!.message, /routed to failure/);
});

test('a missing column stops, fails or is taken as empty', async () => {
  const content = '[{"firstname":"Ada","n":1}]';
  const stopping = mapping().enqueue(content);
  await stopping.run();
  assert.deepEqual([stopping.counts, stopping.queued.length], [{}, 1]);
  assert.match(stopping.bulletins[0]!.message, /Column first_name \(for FIRSTNAME\) is not in the result: change the mapping\. Did you mean firstname\?/);
  const failing = mapping({ 'On Missing Column': 'failure' }).enqueue(content);
  await failing.run();
  assert.deepEqual(failing.counts, { failure: 1 });
  const lenient = mapping({ 'On Missing Column': 'null' }).enqueue(content);
  await lenient.run();
  assert.equal(lenient.out('success')[0]!.content, '[{"FIRSTNAME":null,"N":1}]');
});

test('content beyond what fits into memory at once is mapped piece by piece', async () => {
  const rows = Array.from({ length: 200_000 }, (_, n) => ({ first_name: `name ${n} ${'x'.repeat(80)}`, n: n % 1000 === 7 ? null : n }));
  const run = mapping().enqueue(JSON.stringify(rows));
  await run.run();
  const mapped = JSON.parse(run.out('success')[0]!.content) as { N: number }[];
  assert.equal(mapped.length, 199_800);
  assert.equal(mapped.at(-1)!.N, 199_999);
  assert.equal(run.out('success')[0]!.attributes['record.count'], '199800');
  assert.equal(JSON.parse(run.out('rejected')[0]!.content).length, 200);
});

test('a mapping that makes no sense is invalid', async () => {
  const run = runner(MapRecord, { properties: { Mapping: '[{"source":"a","type":"number"}]' } });
  assert.match((await run.validate())[0]!, /'Mapping' .*line 1 of the mapping has the unknown type "number"/);
});
