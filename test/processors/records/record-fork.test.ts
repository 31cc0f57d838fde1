import assert from 'node:assert/strict';
import { test } from 'node:test';
import ForkRecord from '../../../processors/records/ForkRecord.ts';
import QueryRecord from '../../../processors/records/QueryRecord.ts';
import RenameRecordField from '../../../processors/records/RenameRecordField.ts';
import UpdateRecord from '../../../processors/records/UpdateRecord.ts';
import CSVRecordSetWriter from '../../../processors/records/CSVRecordSetWriter.ts';
import { contentOf, type Properties, reasonOf, runJson, service } from './record-services.ts';

const bank =
  '[{"id":1,"name":"Ada","accounts":[{"id":7,"sum":0.12345678901234567},{"id":8,"sum":2}]},{"id":2,"name":"Bob","accounts":null},{"id":3,"name":"Cid","accounts":[{"id":9,"sum":3}]}]';
const forkedBy = async (properties: Properties) => {
  const run = await runJson(ForkRecord, bank, { path: '/accounts', ...properties });
  assert.deepEqual(run.counts, { fork: 1, original: 1 });
  const [{ content, attributes } = assert.fail()] = run.out('fork');
  assert.deepEqual([attributes['record.count'], attributes['mime.type'], run.out('original')[0]!.content], ['3', 'application/json', bank]);
  return content;
};

test('ForkRecord repeats the record for each element, or takes the elements out', async () => {
  assert.equal(
    await forkedBy({}),
    '[{"id":1,"name":"Ada","accounts":[{"id":7,"sum":0.12345678901234567}]},{"id":1,"name":"Ada","accounts":[{"id":8,"sum":2}]},{"id":3,"name":"Cid","accounts":[{"id":9,"sum":3}]}]',
  );
  assert.equal(await forkedBy({ Mode: 'extract' }), '[{"id":7,"sum":0.12345678901234567},{"id":8,"sum":2},{"id":9,"sum":3}]');
  assert.equal(
    await forkedBy({ Mode: 'extract', 'Include Parent Fields': 'true' }),
    '[{"id":7,"sum":0.12345678901234567,"name":"Ada"},{"id":8,"sum":2,"name":"Ada"},{"id":9,"sum":3,"name":"Cid"}]',
  );
  const broken = await runJson(ForkRecord, '[{"a":', { path: '/a' });
  assert.deepEqual([broken.counts, broken.out('failure')[0]!.content], [{ failure: 1 }, '[{"a":']);
  assert.match(reasonOf(await runJson(ForkRecord, bank)), /No list to fork is set/);
});

test('fields that only later records have are in the schema of what UpdateRecord and RenameRecordField write', async () => {
  const late = JSON.stringify(Array.from({ length: 2500 }, (_, n) => (n < 2400 ? { n } : { n, late: { x: n } })));
  const csv = { 'Record Writer': service(CSVRecordSetWriter) };
  const updated = await runJson(UpdateRecord, late, { 'Replacement Value Strategy': 'record-path-value', '/late/y': '/n', '/n': "concat('#', /n)" }, {}, {});
  const rows = JSON.parse(contentOf(updated).toString()) as { n: string; late: { x: number; y: number } | null }[];
  assert.deepEqual([rows[0]!.n, rows[2400]], ['#0', { n: '#2400', late: { x: 2400, y: 2400 } }]);
  const renamed = await runJson(RenameRecordField, JSON.stringify(Array.from({ length: 2500 }, (_, n) => (n < 2400 ? { n } : { n, late: 1 }))), { '/late': 'new' }, {}, csv);
  const lines = contentOf(renamed).toString().split('\n');
  assert.deepEqual([lines[0], lines[1], lines[2401]], ['n,new', '0,', '2400,1']);
});

test('QueryRecord takes a record of more than 16 MB', async () => {
  const run = await runJson(QueryRecord, JSON.stringify([{ n: 1, text: 'x'.repeat(17 * 1024 ** 2) }]), { out: 'SELECT n, length(text) AS l FROM FLOWFILE' });
  assert.equal(run.out('out')[0]?.content ?? reasonOf(run), `[{"n":1,"l":${17 * 1024 ** 2}}]`);
});
