import assert from 'node:assert/strict';
import { test } from 'node:test';
import CalculateRecordStats from '../../../processors/records/CalculateRecordStats.ts';
import ExtractRecordSchema from '../../../processors/records/ExtractRecordSchema.ts';
import SampleRecord from '../../../processors/records/SampleRecord.ts';
import { type Properties, reasonOf, runJson } from './record-services.ts';

const many = JSON.stringify(Array.from({ length: 2500 }, (_, index) => ({ n: index + 1 })));
const sampled = async (strategy: string, properties: Properties): Promise<number[]> => {
  const run = await runJson(SampleRecord, many, { 'Sampling Strategy': strategy, ...properties });
  const [output] = run.out('success');
  if (!output) throw new Error(reasonOf(run));
  const numbers = (JSON.parse(output.content) as { n: number }[]).map(({ n }) => n);
  assert.deepEqual([run.counts, output.attributes['record.count'], output.attributes['mime.type']], [{ success: 1, original: 1 }, String(numbers.length), 'application/json']);
  assert.equal(run.out('original')[0]!.content, many);
  return numbers;
};

test('SampleRecord takes each n-th record, or those with certain numbers', async () => {
  assert.deepEqual(await sampled('interval', { 'Sampling Interval': '1000' }), [1000, 2000]);
  assert.deepEqual(await sampled('interval', { 'Sampling Interval': '0' }), []);
  assert.deepEqual(await sampled('range', { 'Sampling Range': '-2, 7,10-12,2499-' }), [1, 2, 7, 10, 11, 12, 2499, 2500]);
  await assert.rejects(sampled('range', { 'Sampling Range': '1,x' }), /is not a list of numbers and ranges/);
});

test('SampleRecord takes records by chance, the same ones with the same seed', async () => {
  const first = await sampled('reservoir', { 'Reservoir Size': '100', 'Random Seed': '7' });
  assert.deepEqual(await sampled('reservoir', { 'Reservoir Size': '100', 'Random Seed': '7' }), first);
  assert.notDeepEqual(await sampled('reservoir', { 'Reservoir Size': '100', 'Random Seed': '8' }), first);
  assert.deepEqual([new Set(first).size, first.some((n) => n > 1250), (await sampled('reservoir', { 'Reservoir Size': '9000' })).length], [100, true, 2500]);
  const third = await sampled('probabilistic', { 'Sampling Probability': '30', 'Random Seed': '1' });
  assert.ok(third.length > 650 && third.length < 850, String(third.length));
  assert.equal((await sampled('probabilistic', { 'Sampling Probability': '100' })).length, 2500);
});

test('ExtractRecordSchema and CalculateRecordStats tell of the records in attributes', async () => {
  const sports = '[{"sport":"chess","at":{"city":"Linz"}},{"sport":"chess","at":null},{"sport":null},{"sport":"go"}]';
  const schema = JSON.parse((await runJson(ExtractRecordSchema, sports)).out('success')[0]!.attributes['avro.schema']!);
  assert.deepEqual([schema.type, schema.fields[0]], ['record', { name: 'sport', type: ['null', 'string'], default: null }]);
  const run = await runJson(CalculateRecordStats, sports, { sport: '/sport', city: '/at/city', 'Record Stats Limit': '2' });
  const [{ attributes, content } = assert.fail()] = run.out('success');
  const stats = Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith('record')));
  assert.equal(stats['recordStats.sport.chess'], '2');
  assert.deepEqual([stats['record.count'], stats['recordStats.sport'], stats['recordStats.city'], Object.keys(stats).length, content], ['4', '3', '1', 5, sports]);
});

test('content that is no records goes to failure with the reason, as it came', async () => {
  for (const definition of [SampleRecord, ExtractRecordSchema, CalculateRecordStats]) {
    const run = await runJson(definition, '[{"a":1},{"a":', definition === SampleRecord ? { 'Reservoir Size': '1' } : {});
    assert.deepEqual([run.counts, run.out('failure')[0]!.content], [{ failure: 1 }, '[{"a":1},{"a":']);
    assert.match(reasonOf(run), /ends in the middle of a record/);
  }
});
