import assert from 'node:assert/strict';
import { test } from 'node:test';
import CSVRecordSetWriter from '../../../processors/records/CSVRecordSetWriter.ts';
import PartitionRecord from '../../../processors/records/PartitionRecord.ts';
import QueryRecord from '../../../processors/records/QueryRecord.ts';
import RemoveRecordField from '../../../processors/records/RemoveRecordField.ts';
import RenameRecordField from '../../../processors/records/RenameRecordField.ts';
import SplitRecord from '../../../processors/records/SplitRecord.ts';
import UpdateRecord from '../../../processors/records/UpdateRecord.ts';
import { csvReader, jsonWriter, type Properties, runJson, service } from './record-services.ts';

const people = '[{"name":"Ada","age":36,"address":{"city":"Linz","zip":4020},"tags":["a","b"]},{"name":"Bob","age":null,"address":null,"tags":[]}]';
const broken = async (definition: unknown, properties: Properties): Promise<void> => {
  const run = await runJson(definition, '[{"name":', properties);
  assert.deepEqual(run.counts, { failure: 1 });
  assert.deepEqual([run.out('failure')[0]!.content, typeof run.out('failure')[0]!.attributes['record.error.message']], ['[{"name":', 'string']);
};
const updated = async (properties: Properties, content = people, attributes: Properties = {}): Promise<unknown> => {
  const run = await runJson(UpdateRecord, content, properties, attributes);
  return JSON.parse(run.out('success')[0]?.content ?? JSON.stringify(run.out('failure')[0]!.attributes['record.error.message']));
};

test('UpdateRecord sets texts, with expressions about the field', async () => {
  const result = (await updated({ '/name': '${field.value:toUpper()} ${field.type} ${record.index} ${who}', '/age': '40', '/new': 'x', '/address/zip': '01' }, people, {
    who: 'me',
  })) as object[];
  assert.deepEqual(result, [
    { name: 'ADA STRING 1 me', age: 40, address: { city: 'Linz', zip: 1 }, tags: ['a', 'b'], new: 'x' },
    { name: 'BOB STRING 2 me', age: 40, address: null, tags: [], new: 'x' },
  ]);
  assert.deepEqual(await updated({ '/age': 'old' }, '[{"age":1},{"age":2}]'), [{ age: 'old' }, { age: 'old' }]);
  await broken(UpdateRecord, { '/name': 'x' });
});

test('UpdateRecord takes values from other paths', async () => {
  const byPath = { 'Replacement Value Strategy': 'record-path-value' };
  assert.deepEqual(
    await updated(
      { ...byPath, '/city': '/address/city', '/address/city': "concat(., '!')", '/both': '/tags[*]', '/address/up': '../../name' },
      people.replace(',"tags":["a","b"]', '').replace(',"tags":[]', ''),
    ),
    [
      { name: 'Ada', age: 36, address: { city: 'Linz!', zip: 4020, up: 'Ada' }, city: 'Linz', both: null },
      { name: 'Bob', age: null, address: null, city: null, both: null },
    ],
  );
  assert.deepEqual(await updated({ ...byPath, '/': '/address' }, '[{"address":{"city":"Linz"}}]'), [{ city: 'Linz' }]);
  assert.deepEqual(await updated({ ...byPath, '/when': "toDate(/d, 'yyyy-MM-dd')" }, '[{"d":"2026-01-02"}]'), [{ d: '2026-01-02', when: new Date(2026, 0, 2).getTime() }]);
  await assert.rejects(runJson(UpdateRecord, people, { 'name[': 'x' }), /not a RecordPath/);
  await assert.rejects(runJson(UpdateRecord, people), /No RecordPath is set/);
});

test('RemoveRecordField and RenameRecordField change records and schema', async () => {
  const run = await runJson(RemoveRecordField, people, { one: '/address/zip', two: '/tags[0]', three: '/age' });
  assert.equal(run.out('success')[0]!.content, '[{"name":"Ada","address":{"city":"Linz"},"tags":["b"]},{"name":"Bob","address":null,"tags":[]}]');
  const renamed = await runJson(RenameRecordField, people, { '/name': 'full_${field.name}', '/address/zip': 'code' });
  assert.equal(
    renamed.out('success')[0]!.content,
    '[{"full_name":"Ada","age":36,"address":{"city":"Linz","code":4020},"tags":["a","b"]},{"full_name":"Bob","age":null,"address":null,"tags":[]}]',
  );
  assert.match((await runJson(RenameRecordField, people, { '/name': 'age' })).out('failure')[0]!.attributes['record.error.message']!, /has a field of this name/);
  await broken(RemoveRecordField, { one: '/a' });
  await broken(RenameRecordField, { '/a': 'b' });
});

test('SplitRecord numbers its splits', async () => {
  const run = await runJson(SplitRecord, JSON.stringify(Array.from({ length: 2500 }, (_, n) => ({ n }))), { 'Records Per Split': '1200' });
  const splits = run.out('splits');
  assert.deepEqual(
    splits.map(({ attributes }) => [
      attributes['record.count'],
      attributes['fragment.index'],
      attributes['fragment.count'],
      attributes['segment.original.filename'],
      attributes['mime.type'],
    ]),
    [
      ['1200', '0', '3', 'records', 'application/json'],
      ['1200', '1', '3', 'records', 'application/json'],
      ['100', '2', '3', 'records', 'application/json'],
    ],
  );
  assert.equal(new Set(splits.map(({ attributes }) => attributes['fragment.identifier'])).size, 1);
  assert.deepEqual([JSON.parse(splits[2]!.content)[0], run.counts], [{ n: 2400 }, { splits: 3, original: 1 }]);
  await broken(SplitRecord, { 'Records Per Split': '1' });
  const late = await runJson(SplitRecord, `[${'{"a":1},'.repeat(3000)}{"a":`, { 'Records Per Split': '1000' });
  assert.deepEqual(late.counts, { failure: 1 });
});

test('PartitionRecord groups by what paths lead to', async () => {
  const records = Array.from({ length: 3000 }, (_, n) => ({ n, city: n % 3 === 0 ? 'Linz' : 'Graz', more: n % 3 === 2 ? null : { x: 1 } }));
  const run = await runJson(PartitionRecord, JSON.stringify(records), { city: '/city', more: '/more/x' });
  assert.deepEqual(
    run
      .out('success')
      .map(({ attributes, content }) => [
        attributes.city,
        attributes.more,
        attributes['record.count'],
        attributes['fragment.index'],
        attributes['fragment.count'],
        JSON.parse(content).length,
      ]),
    [
      ['Linz', '1', '1000', '0', '3', 1000],
      ['Graz', '1', '1000', '1', '3', 1000],
      ['Graz', undefined, '1000', '2', '3', 1000],
    ],
  );
  assert.deepEqual(run.counts, { success: 3, original: 1 });
  await broken(PartitionRecord, { a: '/a' });
  const unwritable = await runJson(
    PartitionRecord,
    people,
    { a: '/name' },
    {},
    { 'Record Writer': jsonWriter({ 'Schema Access Strategy': 'schema-text-property', 'Schema Text': '{"type":"record","name":"r","fields":[{"name":"name","type":"int"}]}' }) },
  );
  assert.deepEqual(unwritable.counts, { failure: 1 });
});

test('QueryRecord keeps types, and sees the records only', async () => {
  const json = '[{"id":9007199254740993,"price":12345678901234.56789,"name":"a","tags":["x"],"in":{"n":1}},{"id":2,"price":0.1,"name":"b","tags":[],"in":null}]';
  const run = await runJson(
    QueryRecord,
    json,
    {
      all: 'SELECT * FROM FLOWFILE ORDER BY name;',
      sums: 'select count(*) as n, sum(id) as s, max(price) as p, avg(id) as a from flowfile',
      nested: 'SELECT f."in".n AS n, tags[1] AS t, NAME FROM FLOWFILE f WHERE name = \'${want}\'',
      none: 'SELECT name FROM FLOWFILE WHERE false',
    },
    { want: 'a' },
  );
  const content = (name: string) => run.out(name)[0]!.content;
  assert.equal(content('all'), json.replace('0.1,', '0.10000,').replace('0.10000', '0.1'));
  assert.equal(content('sums').slice(0, 56), '[{"n":2,"s":9007199254740995,"p":12345678901234.56789,"a');
  assert.equal(content('nested'), '[{"n":1,"t":"x","name":"a"}]');
  assert.equal(content('none'), '[]');
  assert.deepEqual([run.out('all')[0]!.attributes['QueryRecord.Route'], run.out('all')[0]!.attributes['record.count'], run.counts.original], ['all', '2', 1]);
  for (const query of ["SELECT * FROM read_csv('/etc/passwd')", 'SELECT x FROM FLOWFILE', 'DROP TABLE FLOWFILE', "SELECT 1; ATTACH 'x'"]) {
    const failed = await runJson(QueryRecord, json, { bad: query });
    assert.deepEqual(failed.counts, { failure: 1 });
  }
  await broken(QueryRecord, { a: 'SELECT 1' });
});

test('QueryRecord turns CSV into CSV, dates included, and may leave out what is empty', async () => {
  const services = { 'Record Reader': csvReader({ 'Date Format': 'yyyy-MM-dd' }), 'Record Writer': service(CSVRecordSetWriter, { 'Date Format': 'dd.MM.yyyy' }) };
  const run = await runJson(
    QueryRecord,
    'd,n\n2026-01-02,1.50\n2026-03-04,2\n',
    { late: "SELECT d, n * 2 AS m FROM FLOWFILE WHERE d > DATE '2026-02-01'", none: 'SELECT * FROM FLOWFILE WHERE n > 9', 'Include Zero Record FlowFiles': 'false' },
    {},
    services,
  );
  assert.equal(run.out('late')[0]!.content, 'd,m\n04.03.2026,4.0\n');
  assert.deepEqual(run.counts, { late: 1, original: 1 });
});
