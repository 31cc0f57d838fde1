import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Database, databasePath } from '../../../processors/duckdb/database.ts';
import { DuckDB } from '../../../processors/duckdb/duckdb.ts';
import { type DataRecord, ExactNumber } from '../../../server/extension/record.ts';
import type { ColumnDefinition, QueryOptions, Warehouse, WarehouseCause, WarehouseError } from '../../../server/extension/warehouse.ts';

const open = async (path = ':memory:', readOnly = false) =>
  new DuckDB(await Database.open({ path, temporaryDirectory: tmpdir(), readOnly, memoryLimit: 128 * 1024 ** 2, threads: 2, directories: [] }));

async function withDuckDB(work: (duckdb: DuckDB) => Promise<void>): Promise<void> {
  const duckdb = await open();
  try {
    await work(duckdb);
  } finally {
    await duckdb.close();
  }
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-duckdb-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function rows(warehouse: Warehouse, sql: string, options?: QueryOptions): Promise<DataRecord[]> {
  const all: DataRecord[] = [];
  for await (const batch of await warehouse.query(sql, options)) all.push(...batch);
  return all;
}

const refusedAs = (kind: WarehouseCause, message: RegExp) => (thrown: unknown) => {
  const error = thrown as WarehouseError;
  assert.equal(error.kind, kind, error.message);
  assert.match(error.message, message);
  return true;
};

test('values arrive exact, in the forms that records have', () =>
  withDuckDB(async (duckdb) => {
    const sql = `SELECT 9007199254740993 big, 7::BIGINT small, 1.10::DECIMAL(18, 2) money, 12345678901234567890.123::DECIMAL(38, 3) exact, 0.1::FLOAT f, 'nan'::DOUBLE nan,
      TIMESTAMP '2024-01-01 10:00:00.5' ts, TIMESTAMPTZ '2024-01-01 10:00:00+02' tz, DATE '2024-01-01' d, TIME '10:00:00' t, true b, NULL n, 'ab'::BLOB bytes, [1, 2] AS array, {'a': 1} AS object, 'é"' AS word`;
    assert.deepEqual(await rows(duckdb, sql), [
      {
        big: 9007199254740993n,
        small: 7,
        money: 1.1,
        exact: new ExactNumber('12345678901234567890.123'),
        f: 0.1,
        nan: null,
        ts: '2024-01-01T10:00:00.5',
        tz: '2024-01-01T08:00:00Z',
        d: '2024-01-01',
        t: '10:00:00',
        b: true,
        n: null,
        bytes: 'YWI=',
        array: [1, 2],
        object: { a: 1 },
        word: 'é"',
      },
    ]);
  }));

test('batches have the size asked for, in the order of the query, and the count is known beforehand', () =>
  withDuckDB(async (duckdb) => {
    const result = await duckdb.query('SELECT i FROM range(125_000) t(i) ORDER BY i DESC; -- all', { batchSize: 1000 });
    assert.equal(result.rowCount, 125_000);
    assert.deepEqual(result.columns, [{ name: 'i', type: 'integer', nativeType: 'BIGINT', nullable: true }]);
    let next = 124_999;
    for await (const batch of result) {
      assert.equal(batch.length, 1000);
      for (const { i } of batch) assert.equal(i, next--);
    }
    assert.equal(next, -1);
  }));

test('binds by name and by position, also where a time is meant', () =>
  withDuckDB(async (duckdb) => {
    await duckdb.execute("CREATE TABLE events AS SELECT TIMESTAMP '2024-01-01' + INTERVAL (i) DAY AS moment, i FROM range(10) t(i)");
    assert.equal((await rows(duckdb, 'SELECT * FROM events WHERE moment >= :last_sync', { binds: { last_sync: '2024-01-09T00:00:00', unused: 1 } })).length, 2);
    assert.equal((await rows(duckdb, 'SELECT * FROM events WHERE i >= ? AND i < ?', { binds: [3, '5'] })).length, 2);
    assert.equal(await duckdb.execute('DELETE FROM events WHERE i = :i', { binds: { i: 9007199254740993n } }), 0);
  }));

test('what goes wrong is told by its cause', () =>
  withDuckDB(async (duckdb) => {
    await duckdb.execute('CREATE TABLE t (a INTEGER NOT NULL, b VARCHAR)');
    await assert.rejects(duckdb.query('SELECT * FROM nope'), refusedAs('missing object', /nope/));
    await assert.rejects(duckdb.query('SELECT c FROM t'), refusedAs('missing column', /"c"/));
    await assert.rejects(duckdb.query('SELEC 1'), refusedAs('syntax', /SELEC/));
    await assert.rejects(duckdb.query("SELECT CAST('x' AS INTEGER)"), refusedAs('data', /'x'/));
    await assert.rejects(duckdb.query('SELECT 1; SELECT 2'), refusedAs('syntax', /2 statements/));
    await assert.rejects(duckdb.execute('INSERT INTO t VALUES (NULL, NULL)'), refusedAs('constraint', /NOT NULL/i));
    await assert.rejects(duckdb.upsert({ table: 'nope' }, [], { keyColumns: ['a'] }), refusedAs('missing object', /no table nope/));
    await assert.rejects(duckdb.upsert({ table: 't' }, [[{ a: 1, bb: 2 }]], { keyColumns: ['a'] }), refusedAs('missing column', /no column "bb"\. Did you mean b/));
    await assert.rejects(duckdb.upsert({ table: 't' }, [[{ b: 'x' }]], { keyColumns: ['a'] }), refusedAs('missing column', /Key column "a" is not in the records/));
  }));

test('a query ends when it is cancelled and when its time is over', () =>
  withDuckDB(async (duckdb) => {
    const endless = 'SELECT count(*) FROM range(10_000_000) a(i), range(10_000_000) b(j) WHERE i + j = 7';
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await assert.rejects(duckdb.query(endless, { signal: stop.signal }), refusedAs('cancelled', /cancelled/));
    await assert.rejects(duckdb.query(endless, { timeout: 50 }), refusedAs('timeout', /time allowed/));
    assert.deepEqual(await rows(duckdb, 'SELECT 1 AS a'), [{ a: 1 }]);
    await assert.rejects(duckdb.query(endless, { signal: new AbortController().signal, timeout: 50 }), refusedAs('timeout', /time allowed/));
  }));

test('what still runs when the database is closed ends', async () => {
  const duckdb = await open();
  const query = assert.rejects(duckdb.query('SELECT count(*) FROM range(10_000_000) a(i), range(10_000_000) b(j) WHERE i + j = 7'), refusedAs('cancelled', /INTERRUPT/));
  // Connects, so that the query is on its way.
  assert.equal(await duckdb.describeTable({ table: 'nope' }), undefined);
  await duckdb.close();
  await query;
});

const CONTACTS: readonly ColumnDefinition[] = [
  { name: 'EMAIL', type: 'text', required: true },
  { name: 'LTV', type: 'decimal' },
  { name: 'N', type: 'integer' },
  { name: 'DAY', type: 'date' },
  { name: 'AT', type: 'timestamp' },
];

test('an upsert inserts, updates, leaves alone, replaces doubles and rejects with the reason', () =>
  withDuckDB(async (duckdb) => {
    await duckdb.createTable({ table: 'contacts' }, CONTACTS);
    const batch: DataRecord[] = [
      { EMAIL: 'a', LTV: 1.5, N: 1, DAY: '2024-01-01', AT: '2024-01-01T10:00:00+02:00' },
      { EMAIL: 'b', LTV: 'x' },
      { EMAIL: 'c', N: 12.5 },
      { EMAIL: null },
      { EMAIL: 'd', DAY: '2024-02-30' },
      { EMAIL: 'a', LTV: new ExactNumber('12345678901234567890.5'), N: 9007199254740993n, DAY: null, AT: '2024-01-01T10:00:00+02:00' },
      { EMAIL: 'e', N: '7' },
    ];
    const first = await duckdb.upsert({ table: 'contacts' }, [batch], { keyColumns: ['email'] });
    assert.deepEqual(
      { ...first, rejected: first.rejected.map(({ index, reason }) => [index, reason]) },
      {
        inserted: 2,
        updated: 0,
        unchanged: 0,
        superseded: 1,
        rejected: [
          [1, 'LTV is x, which is no DECIMAL(38,10)'],
          [2, 'N is 12.5, which is no BIGINT'],
          [3, 'EMAIL is empty, but the table needs a value there'],
          [4, 'DAY is 2024-02-30, which is no DATE'],
        ],
      },
    );
    const again = await duckdb.upsert({ table: 'contacts' }, [batch], { keyColumns: ['EMAIL'] });
    assert.deepEqual([again.inserted, again.updated, again.unchanged], [0, 0, 2]);
    const change = await duckdb.upsert({ table: 'contacts' }, [[{ EMAIL: 'e', N: 8 }, { EMAIL: 'f' }]], { keyColumns: ['EMAIL'] });
    assert.deepEqual([change.inserted, change.updated, change.unchanged], [1, 1, 0]);
    assert.deepEqual(await rows(duckdb, 'FROM contacts ORDER BY EMAIL'), [
      { EMAIL: 'a', LTV: new ExactNumber('12345678901234567890.5'), N: 9007199254740993n, DAY: null, AT: '2024-01-01T08:00:00' },
      { EMAIL: 'e', LTV: null, N: 8, DAY: null, AT: null },
      { EMAIL: 'f', LTV: null, N: null, DAY: null, AT: null },
    ]);
  }));

test('columns are added when asked for, also by later batches of one upsert', () =>
  withDuckDB(async (duckdb) => {
    await duckdb.createTable({ schema: 'crm', table: 'people' }, [{ name: 'id', type: 'integer', required: true }]);
    const batches = [Array.from({ length: 10_000 }, (_, id) => ({ id })), [{ id: 10_000, late: '2024-01-01' }]];
    await duckdb.upsert({ schema: 'crm', table: 'people' }, batches, { keyColumns: ['id'], addColumns: true, fields: [{ name: 'late', type: 'date' }] });
    const table = await duckdb.describeTable({ schema: 'CRM', table: 'People' });
    assert.deepEqual(
      table?.columns.map(({ name, type }) => [name, type]),
      [
        ['id', 'integer'],
        ['late', 'date'],
      ],
    );
    assert.deepEqual(await rows(duckdb, 'SELECT count(*) AS n, max(late) AS late FROM crm.people'), [{ n: 10_001, late: '2024-01-01' }]);
  }));

test('a failing upsert leaves the table as it was', () =>
  withDuckDB(async (duckdb) => {
    await duckdb.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 0))');
    await duckdb.upsert({ table: 't' }, [[{ id: 1, n: 1 }]], { keyColumns: ['id'] });
    await assert.rejects(
      duckdb.upsert(
        { table: 't' },
        [
          [
            { id: 1, n: 2 },
            { id: 2, n: -1 },
          ],
        ],
        { keyColumns: ['id'] },
      ),
      refusedAs('constraint', /CHECK/),
    );
    assert.deepEqual(await rows(duckdb, 'FROM t'), [{ id: 1, n: 1 }]);
    const table = await duckdb.describeTable({ table: 't' });
    assert.deepEqual(table?.primaryKey, ['id']);
    assert.equal(await duckdb.describeTable({ table: 'u' }), undefined);
  }));

test('services on one file share it, wherever they open it from, and it outlives them', () =>
  withFolder(async (folder) => {
    const path = databasePath('sub/shop.duckdb', folder);
    const [one, two] = [await open(path), await open(path)];
    await one.execute('CREATE TABLE t AS SELECT 1 AS a');
    assert.deepEqual(await rows(two, 'FROM t'), [{ a: 1 }]);
    await assert.rejects(open(path, true), refusedAs('configuration', /Read Only/));
    await one.close();
    assert.deepEqual(await rows(two, 'FROM t'), [{ a: 1 }]);
    await two.close();
    const reader = await open(path, true);
    await assert.rejects(reader.execute('INSERT INTO t VALUES (2)'), refusedAs('permission', /Read Only/));
    await reader.close();
  }));

test('writers to the same rows take turns', () =>
  withDuckDB(async (duckdb) => {
    await duckdb.createTable({ table: 't' }, [
      { name: 'id', type: 'integer' },
      { name: 'n', type: 'integer' },
    ]);
    await Promise.all(Array.from({ length: 8 }, (_, n) => duckdb.upsert({ table: 't' }, [[{ id: 1, n }]], { keyColumns: ['id'] })));
    assert.deepEqual(await rows(duckdb, 'SELECT count(*) AS n FROM t'), [{ n: 1 }]);
  }));

test('"Test connection" lists the tables and previews the query', () =>
  withDuckDB(async (duckdb) => {
    await duckdb.execute('CREATE TABLE t AS SELECT 9007199254740993 AS a');
    const [tables, query] = await duckdb.verify({ sql: 'SELECT * FROM t WHERE a > :x', binds: { x: 1 } });
    assert.equal(tables?.outcome, 'SUCCESSFUL');
    assert.deepEqual(query?.preview, [{ a: '9007199254740993' }]);
    const [, failed] = await duckdb.verify({ sql: 'SELECT b FROM t' });
    assert.equal(failed?.outcome, 'FAILED');
    assert.match(failed!.explanation, /"b"/);
  }));
