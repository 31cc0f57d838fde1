import assert from 'node:assert/strict';
import { test } from 'node:test';
import ValidateRecord from '../../../processors/records/ValidateRecord.ts';
import { type Properties, runJson, service } from './record-services.ts';
import CSVRecordSetWriter from '../../../processors/records/CSVRecordSetWriter.ts';

const schema = JSON.stringify({
  type: 'record',
  name: 'person',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'age', type: ['null', 'int'] },
    { name: 'home', type: ['null', { type: 'record', name: 'home', fields: [{ name: 'zip', type: 'int' }] }] },
    { name: 'tags', type: ['null', { type: 'array', items: 'string' }] },
  ],
});
const byText: Properties = { 'Schema Access Strategy': 'schema-text-property', 'Schema Text': schema, 'Validation Details Attribute Name': 'why' };
const validated = async (records: object[], properties: Properties = {}) => runJson(ValidateRecord, JSON.stringify(records), { ...byText, ...properties });

test('records that fit go to valid, the others to invalid as they came, with what is wrong', async () => {
  const good = { name: 'Ada', age: 36, home: { zip: 4020 }, tags: ['a'] };
  const bad = [
    { name: 'Bob', age: 'old', home: { zip: 'x' } },
    { age: 1, tags: [1] },
    { name: null, home: 5 },
  ];
  const run = await validated([good, ...bad, { name: 'Cid', more: 1 }]);
  const [valid = assert.fail()] = run.out('valid');
  assert.deepEqual(
    [JSON.parse(valid.content)[0], JSON.parse(valid.content)[1].more, valid.attributes['record.count'], valid.attributes['mime.type']],
    [{ ...good, more: null }, 1, '2', 'application/json'],
  );
  const [invalid = assert.fail()] = run.out('invalid');
  assert.deepEqual(
    JSON.parse(invalid.content).map((one: object) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null))),
    bad.map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null))),
  );
  assert.equal(invalid.attributes['record.count'], '3');
  assert.equal(
    invalid.attributes.why,
    'Records in this FlowFile were invalid for the following reasons: The following 1 fields were missing: [/name]; The following 4 fields had values whose type did not match the schema: [/age, /home/zip, /tags, /home]',
  );
  assert.equal(valid.attributes.why, undefined);
  assert.deepEqual(run.counters, { 'Records Validated': 5, 'Records Found Valid': 2, 'Records Found Invalid': 3 });
  assert.equal((await validated(bad, { 'Maximum Validation Details Length': '7' })).out('invalid')[0]!.attributes.why, 'Records');
});

test('extra fields may be forbidden, and types looked at leniently', async () => {
  const run = await validated([{ name: 'Ada', more: 1, home: { zip: 1, x: 2 } }], { 'Allow Extra Fields': 'false' });
  assert.match(run.out('invalid')[0]!.attributes.why!, /not in the schema: \[\/home\/x, \/more\]/);
  const lenient = await validated(
    [
      { name: 5, age: '36', home: { zip: '4020' } },
      { name: 'x', age: 'y' },
    ],
    { 'Strict Type Checking': 'false' },
  );
  assert.deepEqual(JSON.parse(lenient.out('valid')[0]!.content)[0].age, 36);
  assert.deepEqual([JSON.parse(lenient.out('valid')[0]!.content)[0].home.zip, lenient.counts], [4020, { valid: 1, invalid: 1 }]);
});

test('the reader may give the schema and the invalid records may have another writer; bad content fails', async () => {
  const run = await runJson(ValidateRecord, '[{"a":1},{"a":2}]');
  assert.deepEqual(run.counts, { valid: 1 });
  const csv = await runJson(ValidateRecord, '[{"name":1},{"name":"x"}]', byText, {}, { 'Record Writer for Invalid Records': service(CSVRecordSetWriter) });
  assert.match(csv.out('invalid')[0]!.content, /^name\n1\n$/);
  const broken = await runJson(ValidateRecord, '[{"a":1},{"a":', byText);
  assert.deepEqual([broken.counts, broken.out('failure')[0]!.content], [{ failure: 1 }, '[{"a":1},{"a":']);
  assert.deepEqual((await runJson(ValidateRecord, '[]', { ...byText, 'Schema Text': 'no schema' })).counts, { failure: 1 });
  assert.match((await runJson(ValidateRecord, '[]', { 'Schema Access Strategy': 'schema-name' }).catch((error: Error) => error.message)) as string, /Schema Registry must be set/);
});
