import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { Database } from '../../../processors/duckdb/database.ts';
import { DuckDB } from '../../../processors/duckdb/duckdb.ts';
import PutWarehouse from '../../../processors/warehouse/PutWarehouse.ts';
import type { DataRecord } from '../../../server/extension/record.ts';
import { runner } from '../../runner.ts';

async function withDuckDB(work: (duckdb: DuckDB) => Promise<void>): Promise<void> {
  const duckdb = new DuckDB(await Database.open({ path: ':memory:', temporaryDirectory: tmpdir(), readOnly: false, memoryLimit: 128 * 1024 ** 2, threads: 2, directories: [] }));
  try {
    await work(duckdb);
  } finally {
    await duckdb.close();
  }
}

const put = (warehouse: DuckDB, properties: Record<string, string> = {}) =>
  runner(PutWarehouse, { properties: { 'Table Name': 'contacts', 'Key Columns': 'EMAIL', ...properties }, services: { Warehouse: warehouse } });

async function table(duckdb: DuckDB, name = 'contacts'): Promise<DataRecord[]> {
  const rows: DataRecord[] = [];
  for await (const batch of await duckdb.query(`FROM ${name} ORDER BY ALL`)) rows.push(...batch);
  return rows;
}

test('the table is created with declared types; the same rows again are unchanged', () =>
  withDuckDB(async (duckdb) => {
    const fields = JSON.stringify([
      { name: 'EMAIL', type: 'text' },
      { name: 'DAY', type: 'date' },
    ]);
    const run = put(duckdb);
    for (let round = 0; round < 2; round++) {
      run.enqueue('[{"EMAIL":"a","DAY":"2024-01-01","N":1},{"EMAIL":"b","DAY":null,"N":2}]', { 'record.fields': fields }).enqueue('[{"EMAIL":"c","DAY":null,"N":3}]').enqueue('[]');
      await run.run();
    }
    assert.deepEqual(run.counts, { success: 6 });
    assert.deepEqual(run.counters, { 'rows written': 3, 'rows unchanged': 3, 'rows rejected': 0 });
    assert.deepEqual(
      (await duckdb.describeTable({ table: 'contacts' }))!.columns.map(({ name, type, nullable }) => [name, type, nullable]),
      [
        ['EMAIL', 'text', false],
        ['DAY', 'date', true],
        ['N', 'integer', true],
      ],
    );
    assert.deepEqual(await table(duckdb), [
      { EMAIL: 'a', DAY: '2024-01-01', N: 1 },
      { EMAIL: 'b', DAY: null, N: 2 },
      { EMAIL: 'c', DAY: null, N: 3 },
    ]);
    const sent = run.provenance.filter(({ type }) => type === 'SEND');
    assert.equal(sent.length, 6);
    assert.match(sent[0]!.transitUri, /^duckdb:.*#contacts$/);
  }));

test('rejected rows come out beside the FlowFile that they were in', () =>
  withDuckDB(async (duckdb) => {
    await duckdb.execute('CREATE TABLE contacts (EMAIL VARCHAR NOT NULL, N INTEGER)');
    const run = put(duckdb);
    run.enqueue('[{"EMAIL":"a","N":1}]').enqueue('[{"EMAIL":"b","N":"x"},{"EMAIL":"c","N":2},{"EMAIL":null}]', { filename: 'two' }).enqueue('nope');
    await run.run();
    assert.deepEqual(run.counts, { success: 2, rejected: 1, failure: 1 });
    const [rejected] = run.out('rejected');
    assert.deepEqual(JSON.parse(rejected!.content), [
      { EMAIL: 'b', N: 'x', _reason: 'N is x, which is no INTEGER' },
      { EMAIL: null, _reason: 'EMAIL is empty, but the table needs a value there' },
    ]);
    assert.deepEqual(run.counters, { 'rows written': 2, 'rows unchanged': 0, 'rows rejected': 2 });
  }));

test('an unknown column stops and nothing is lost; or it is added', () =>
  withDuckDB(async (duckdb) => {
    await duckdb.execute('CREATE TABLE contacts (EMAIL VARCHAR)');
    const refusing = put(duckdb).enqueue('[{"EMAIL":"a","MAIL":"x"}]');
    await refusing.run();
    assert.deepEqual([refusing.counts, refusing.queued.length], [{}, 1]);
    assert.match(refusing.bulletins[0]!.message, /has no column "MAIL"\. Did you mean EMAIL\?/);
    const adding = put(duckdb, { 'Unknown Columns': 'add' }).enqueue('[{"EMAIL":"a","AGE":7}]');
    await adding.run();
    assert.deepEqual(await table(duckdb), [{ EMAIL: 'a', AGE: 7 }]);
  }));

test('a missing table stops where it must not be created, a broken rule of the table fails its FlowFile only', () =>
  withDuckDB(async (duckdb) => {
    const stopping = put(duckdb, { 'Create Table': 'false' }).enqueue('[{"EMAIL":"a"}]');
    await stopping.run();
    assert.match(stopping.bulletins[0]!.message, /There is no table contacts/);
    await duckdb.execute('CREATE TABLE contacts (EMAIL VARCHAR, N INTEGER CHECK (N > 0))');
    const run = put(duckdb).enqueue('[{"EMAIL":"a","N":1}]').enqueue('[{"EMAIL":"b","N":-1}]').enqueue('[{"EMAIL":"c","N":3}]');
    await run.run();
    assert.deepEqual(run.counts, { success: 2, failure: 1 });
    assert.deepEqual(
      (await table(duckdb)).map(({ EMAIL }) => EMAIL),
      ['a', 'c'],
    );
  }));

test('FlowFiles without records create nothing and go on', () =>
  withDuckDB(async (duckdb) => {
    const run = put(duckdb).enqueue('[]').enqueue('nope');
    await run.run();
    assert.deepEqual(run.counts, { success: 1, failure: 1 });
    assert.equal(await duckdb.describeTable({ table: 'contacts' }), undefined);
  }));

test('each FlowFile may name its table', () =>
  withDuckDB(async (duckdb) => {
    const run = put(duckdb, { 'Table Name': 'crm.${kind}' }).enqueue('[{"EMAIL":"a"}]', { kind: 'people' }).enqueue('[{"EMAIL":"b"}]', { kind: 'firms' });
    await run.run();
    assert.deepEqual([await table(duckdb, 'crm.people'), await table(duckdb, 'crm.firms')], [[{ EMAIL: 'a' }], [{ EMAIL: 'b' }]]);
  }));

test('FlowFiles with fewer columns leave alone what the table has in the others, also right behind those that have them', () =>
  withDuckDB(async (duckdb) => {
    const declared = (...names: string[]) => ({ 'record.fields': JSON.stringify(names.map((name) => ({ name, type: name === 'GONE' ? 'boolean' : 'text' }))) });
    const run = put(duckdb, { 'Unknown Columns': 'add' })
      .enqueue('[{"EMAIL":"a","CITY":"Ulm"},{"EMAIL":"b","CITY":"Bonn"}]', declared('EMAIL', 'CITY'))
      .enqueue('[{"EMAIL":"a","GONE":true}]', declared('EMAIL', 'GONE'))
      .enqueue('[{"EMAIL":"c","CITY":null}]', declared('EMAIL', 'CITY'));
    await run.run();
    assert.deepEqual(await table(duckdb), [
      { EMAIL: 'a', CITY: 'Ulm', GONE: true },
      { EMAIL: 'b', CITY: 'Bonn', GONE: null },
      { EMAIL: 'c', CITY: null, GONE: null },
    ]);
    await run.close();
  }));
