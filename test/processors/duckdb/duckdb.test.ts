import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Database, databasePath } from '../../../processors/duckdb/database.ts';
import { DuckDB } from '../../../processors/duckdb/duckdb.ts';
import { ExactNumber } from '../../../server/extension/record.ts';
import { warehouseContract } from '../warehouse.contract.ts';
import { refusedAs, rows } from '../warehouse-tests.ts';

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

warehouseContract('DuckDB', {
  open: async () => {
    const duckdb = await open();
    return { warehouse: duckdb, close: () => duckdb.close() };
  },
  endless: 'SELECT count(*) AS n FROM range(10_000_000) a(i), range(10_000_000) b(j) WHERE i + j = 7',
});

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

test('several statements are counted before any runs', () =>
  withDuckDB(async (duckdb) => {
    await assert.rejects(duckdb.query('SELECT 1; SELECT 2'), refusedAs('syntax', /2 statements/));
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
