import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import BigQueryWarehouse from '../../../processors/bigquery/BigQueryWarehouse.ts';
import { bigQueryError, Refusal } from '../../../processors/bigquery/bigquery-errors.ts';
import QueryWarehouse from '../../../processors/warehouse/QueryWarehouse.ts';
import type { Warehouse, WarehouseCause } from '../../../server/extension/warehouse.ts';
import { BigQueryEmulator, bigQueryRefusal } from '../../emulators/bigquery.ts';
import { runner } from '../../runner.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { warehouseContract } from '../warehouse.contract.ts';
import { refusedAs, rows } from '../warehouse-tests.ts';
import { BIGQUERY, openIn } from './bigquery-rig.ts';

let emulator: BigQueryEmulator;
before(async () => {
  emulator = await BigQueryEmulator.start();
});
after(() => emulator.stop());

warehouseContract('BigQuery', { ...BIGQUERY, open: () => openIn(emulator) });

async function withBigQuery(work: (warehouse: Warehouse, dataset: string) => Promise<void>, key?: string): Promise<void> {
  const { warehouse, dataset, close } = await openIn(emulator, key);
  try {
    await work(warehouse, dataset);
  } finally {
    await close();
  }
}

test('a start whose answer is lost is found again: nothing runs twice', () =>
  withBigQuery(async (warehouse) => {
    await warehouse.execute('CREATE TABLE t (id INT64)');
    const { query } = emulator.started;
    emulator.loseStart();
    assert.equal(await warehouse.execute('INSERT INTO t VALUES (1)'), 1);
    assert.equal(emulator.started.query, query + 1);
    const { load } = emulator.started;
    emulator.loseStart();
    assert.equal((await warehouse.upsert({ table: 't' }, [[{ id: 2 }]], { keyColumns: ['id'] })).inserted, 1);
    assert.equal(emulator.started.load, load + 1);
    assert.deepEqual(await rows(warehouse, 'SELECT id FROM t ORDER BY id'), [{ id: 1 }, { id: 2 }]);
  }));

test('a page that is cut is asked for again; jobs that BigQuery dropped are started again, others are not', () =>
  withBigQuery(async (warehouse) => {
    const result = await warehouse.query('SELECT i FROM UNNEST(GENERATE_ARRAY(1, 12000)) AS i ORDER BY i', { batchSize: 4000 });
    emulator.fail(result.queryId!, 'cut', bigQueryRefusal('backendError', 'try again'), bigQueryRefusal('rateLimitExceeded', 'too fast'));
    let sum = 0;
    for await (const batch of result) for (const { i } of batch) sum += Number(i);
    assert.equal(sum, 72_006_000);
    emulator.failJob('backendError', 'Error encountered during execution');
    emulator.failJob('rateLimitExceeded', 'Job exceeded rate limits');
    assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]);
    emulator.failJob('resourcesExceeded', 'Resources exceeded during query execution');
    await assert.rejects(rows(warehouse, 'SELECT 1 AS a'), refusedAs('resources', /Resources exceeded/));
  }));

test('lists and structures go in and come back, and a row that does not fit them is told', () =>
  withBigQuery(async (warehouse, dataset) => {
    const parts = [
      { name: 'name', type: 'STRING' },
      { name: 'big', type: 'INTEGER' },
    ];
    await emulator.createTable(dataset, 'shapes', [
      { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
      { name: 'tags', type: 'STRING', mode: 'REPEATED' },
      { name: 'who', type: 'RECORD', fields: parts },
      { name: 'many', type: 'RECORD', mode: 'REPEATED', fields: parts },
      { name: 'money', type: 'NUMERIC' },
    ]);
    const record = { id: 1, tags: ['a"', 'b'], who: { name: 'x', big: 9007199254740993n }, many: [{ name: null, big: 1 }], money: '1e1' };
    const { inserted, rejected } = await warehouse.upsert({ table: 'shapes' }, [[record, { id: 2, tags: 'no list' }, { id: 3, who: [1] }]], { keyColumns: ['id'] });
    assert.equal(inserted, 1);
    assert.deepEqual(
      rejected.map(({ reason }) => reason),
      ['tags is no list, which is no ARRAY<STRING>', 'who is [1], which is no STRUCT<name STRING, big INT64>'],
    );
    assert.deepEqual(await rows(warehouse, 'SELECT * FROM shapes'), [{ ...record, money: 10 }]);
    assert.equal((await warehouse.upsert({ table: 'shapes' }, [[record]], { keyColumns: ['id'] })).unchanged, 1);
    assert.deepEqual(await emulator.tables(dataset), ['shapes'], 'no stage is left');
  }));

test('what is stopped no longer runs in BigQuery', () =>
  withBigQuery(async (warehouse) => {
    const stop = new AbortController();
    const stopped = assert.rejects(rows(warehouse, BIGQUERY.endless, { signal: stop.signal }), refusedAs('cancelled', /cancelled/));
    while (emulator.running === 0) await delay(5);
    stop.abort();
    await stopped;
    while (emulator.running > 0) await delay(5);
  }));

test('a token that was taken back is replaced; a wrong key and a foreign project are told by their cause', async () => {
  await withBigQuery(async (warehouse) => {
    assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]);
    emulator.revoke();
    assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]);
    emulator.fail('/jobs', bigQueryRefusal('accessDenied', 'Access Denied: Project test-project: User does not have bigquery.jobs.create permission'));
    await assert.rejects(rows(warehouse, 'SELECT 1 AS a'), refusedAs('permission', /bigquery\.jobs\.create/));
    await assert.rejects(warehouse.execute('DELETE FROM nowhere.t WHERE TRUE'), refusedAs('missing object', /nowhere/));
  });
  const private_key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await withBigQuery((warehouse) => assert.rejects(rows(warehouse, 'SELECT 1 AS a'), refusedAs('authentication', /invalid_grant/)), emulator.key({ private_key }));
  await withBigQuery((warehouse) => assert.rejects(rows(warehouse, 'SELECT 1 AS a'), refusedAs('connection', /no token/)), emulator.key({ token_uri: 'http://127.0.0.1:1/token' }));
});

test("BigQuery's reasons have their causes", () => {
  const table: readonly (readonly [string, string, WarehouseCause])[] = [
    ['responseTooLarge', 'Response too large to return', 'resources'],
    ['bytesBilledLimitExceeded', 'Query exceeded limit for bytes billed: 10', 'resources'],
    ['quotaExceeded', 'Quota exceeded', 'resources'],
    ['accessDenied', 'Access Denied: VPC Service Controls: Request is prohibited', 'network policy'],
    ['billingNotEnabled', 'Billing has not been enabled for this project', 'permission'],
    ['invalidQuery', 'Could not serialize access to table p:d.t due to concurrent update', 'conflict'],
    ['notFound', 'Not found: Table p:_abc.anon123', 'partition'],
    ['invalidQuery', 'Name nick not found inside c at [1:10]', 'missing column'],
    ['invalid', 'Error while reading data, error message: JSON table encountered too many errors', 'data'],
    ['stopped', 'Job execution was cancelled', 'cancelled'],
    ['somethingNew', 'What is this', 'unknown'],
  ];
  for (const [reason, message, kind] of table) assert.equal(bigQueryError(new Refusal(reason, message, 400)).kind, kind, reason);
  assert.equal(bigQueryError(new Refusal('', 'Unauthorized', 401)).kind, 'authentication');
});

test('the service logs in with a key as text or as a file, and says what is wrong with one', async () => {
  await emulator.createDataset('shop');
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'key.json');
  writeFileSync(file, emulator.key());
  const from = (properties: Record<string, string>) =>
    runner(QueryWarehouse, {
      properties: { 'SQL Query': 'SELECT SESSION_USER() AS me' },
      services: { Warehouse: { definition: BigQueryWarehouse, properties: { 'API Endpoint': emulator.url, 'Default Dataset': 'shop', ...properties } } },
    });
  for (const properties of [{ 'Service Account JSON Key': emulator.key() }, { 'Service Account Key Source': 'file', 'Service Account JSON Key File': file }] as Record<
    string,
    string
  >[]) {
    const run = from(properties);
    await run.run();
    assert.deepEqual(
      run.out('success').map(({ content }) => content),
      ['[{"me":"millrace@test.iam.gserviceaccount.com"}]'],
    );
    await run.close();
  }
  await assert.rejects(from({ 'Service Account JSON Key': 'secret text' }).run(), (error: Error) => /is not JSON/.test(error.message) && !/secret/.test(error.message));
  await assert.rejects(from({ 'Service Account JSON Key': emulator.key({ type: 'authorized_user' }) }).run(), /type authorized_user, not service_account/);
});
