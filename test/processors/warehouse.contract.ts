import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExactNumber } from '../../server/extension/record.ts';
import { upsertContract } from './warehouse-upserts.contract.ts';
import { inItsWords, refusedAs, rows, testsOn, type WarehouseDialect } from './warehouse-tests.ts';

/** What every warehouse must do, whatever its SQL: everything here is SQL that all of them understand. */
export function warehouseContract(name: string, dialect: WarehouseDialect): void {
  const withWarehouse = testsOn(name, dialect);
  const { open, endless } = dialect;
  upsertContract(name, dialect);

  withWarehouse('what a query computes arrives exact', async (warehouse) => {
    const sql = `SELECT 9007199254740993 AS big, CAST(7 AS BIGINT) AS small, CAST('1.10' AS DECIMAL(18, 2)) AS money, CAST('12345678901234567890.123' AS DECIMAL(38, 3)) AS exact,
      CAST(0.1 AS REAL) AS f, CAST('nan' AS DOUBLE PRECISION) AS nan, TIMESTAMP '2024-01-01 10:00:00.5' AS ts, CAST('2024-01-01 10:00:00+02' AS TIMESTAMPTZ) AS tz,
      DATE '2024-01-01' AS d, TIME '10:00:00' AS t, true AS b, NULL AS n, ARRAY[1, 2] AS list, 'é"' AS word`;
    assert.deepEqual(await rows(warehouse, sql), [
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
        list: [1, 2],
        word: 'é"',
      },
    ]);
  });

  withWarehouse('batches have the size asked for, in the order of the query', async (warehouse) => {
    const result = await warehouse.query('SELECT CAST(i AS BIGINT) AS i FROM generate_series(0, 12499) t(i) ORDER BY i DESC; -- all', { batchSize: 1000 });
    assert.deepEqual(
      result.columns.map((column) => [column.name, column.type, column.nativeType.toLowerCase()]),
      [['i', 'integer', dialect.bigint ?? 'bigint']],
    );
    let next = 12_499;
    for await (const batch of result) {
      assert.equal(batch.length, next < 1000 ? 500 : 1000);
      for (const { i } of batch) assert.equal(i, next--);
    }
    assert.equal(next, -1);
  });

  withWarehouse('reading may end in the middle, and everything still works', async (warehouse) => {
    for (let time = 0; time < 20; time++) {
      const result = await warehouse.query('SELECT i FROM generate_series(1, 100000) t(i)', { batchSize: 10 });
      if (time % 2 === 0) await result.close();
      else for await (const _ of result) break;
      await result.close();
    }
    assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]);
  });

  withWarehouse('no rows still have columns', async (warehouse) => {
    const result = await warehouse.query('SELECT 1 AS a FROM (SELECT 1 AS b) AS x WHERE 1 = 0');
    assert.deepEqual(
      result.columns.map((column) => column.name),
      ['a'],
    );
    for await (const batch of result) assert.fail(`${batch.length} rows`);
  });

  withWarehouse('binds by name and by position, also where a time is meant', async (warehouse) => {
    await warehouse.execute('CREATE TABLE events (moment TIMESTAMP, i BIGINT)');
    await warehouse.execute("INSERT INTO events VALUES ('2024-01-01', 0), ('2024-01-09', 3), ('2024-01-10', 4)");
    const named = 'SELECT * FROM events WHERE moment >= :last_sync AND moment >= :last_sync';
    assert.equal((await rows(warehouse, named, { binds: { last_sync: '2024-01-09T00:00:00', unused: 1 } })).length, 2);
    assert.equal((await rows(warehouse, 'SELECT * FROM events WHERE i >= ? AND i < ?', { binds: [3, '4'] })).length, 1);
    assert.equal(await warehouse.execute('DELETE FROM events WHERE i = :i', { binds: { i: 9007199254740993n } }), 0);
    assert.equal(await warehouse.execute('DELETE FROM events WHERE i > :i', { binds: { i: 1 } }), 2);
    assert.deepEqual(await rows(warehouse, "SELECT ':x' AS a, i FROM events WHERE i = 0 -- :y", { binds: { x: 1, y: 2 } }), [{ a: ':x', i: 0 }]);
    const evil = "'; DROP TABLE events; --";
    assert.deepEqual(await rows(warehouse, 'SELECT CAST(:evil AS VARCHAR) AS evil', { binds: { evil } }), [{ evil }]);
  });

  withWarehouse('what goes wrong is told by its cause, with what to do', async (warehouse) => {
    await warehouse.execute('CREATE TABLE t (a INTEGER NOT NULL, b VARCHAR(100))');
    await assert.rejects(warehouse.query('SELECT * FROM nope'), refusedAs('missing object', /nope/i));
    await assert.rejects(warehouse.query('SELECT c FROM t'), refusedAs('missing column', /["'`]c["'`]/i));
    await assert.rejects(warehouse.query('SELEC 1'), refusedAs('syntax', /SELEC/));
    await assert.rejects(rows(warehouse, "SELECT CAST(CAST('x' AS VARCHAR) AS INTEGER) AS a"), refusedAs('data', /x/));
    await assert.rejects(warehouse.query('SELECT 1; SELECT 2'), refusedAs('syntax', /statement/));
    await assert.rejects(warehouse.query('DELETE FROM t'), refusedAs('syntax', /no rows/));
    await assert.rejects(warehouse.execute('INSERT INTO t VALUES (NULL, NULL)'), refusedAs('constraint', /not.null|cannot be null|not allow nulls|non-nullable/i));
    await assert.rejects(warehouse.upsert({ table: 'nope' }, [], { keyColumns: ['a'] }), refusedAs('missing object', /no table nope/));
    await assert.rejects(warehouse.upsert({ table: 't' }, [[{ a: 1, bb: 2 }]], { keyColumns: ['a'] }), refusedAs('missing column', /no column "bb"\. Did you mean b/i));
    await assert.rejects(warehouse.upsert({ table: 't' }, [[{ b: 'x' }]], { keyColumns: ['a'] }), refusedAs('missing column', /Key column "a" is not in the records/));
    await assert.rejects((async () => warehouse.upsert({ table: 't' }, [[{ a: 1 }]], { keyColumns: [] }))(), refusedAs('configuration', /without key columns/));
    assert.deepEqual(await rows(warehouse, 'SELECT * FROM t'), []);
  });

  withWarehouse('a query ends when it is cancelled and when its time is over', async (warehouse) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await assert.rejects(rows(warehouse, endless, { signal: stop.signal }), refusedAs('cancelled', /cancelled/));
    await assert.rejects(rows(warehouse, endless, { signal: stop.signal }), refusedAs('cancelled', /cancelled/));
    await assert.rejects(rows(warehouse, endless, { timeout: 50 }), refusedAs('timeout', /time allowed/));
    await assert.rejects(rows(warehouse, endless, { signal: new AbortController().signal, timeout: 50 }), refusedAs('timeout', /time allowed/));
    await assert.rejects(warehouse.execute(`CREATE TABLE never AS ${endless}`, { timeout: 50 }), refusedAs('timeout', /time allowed/));
    assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]);
    assert.equal(await warehouse.describeTable({ table: 'never' }), undefined);
  });

  test(`${name}: what still runs when the service is disabled ends`, async () => {
    const { warehouse: opened, close } = await open();
    const warehouse = inItsWords(opened, dialect);
    const query = assert.rejects(rows(warehouse, endless), refusedAs('cancelled', /./));
    // Connects, so that the query is on its way.
    assert.equal(await warehouse.describeTable({ table: 'nope' }), undefined);
    await close();
    await query;
  });

  withWarehouse('"Test connection" lists the tables and previews the query', async (warehouse) => {
    await warehouse.execute('CREATE TABLE t AS SELECT 9007199254740993 AS a');
    const steps = await warehouse.verify({ sql: 'SELECT * FROM t WHERE a > :x', binds: { x: 1 } });
    assert.deepEqual(
      steps.map(({ outcome }) => outcome),
      steps.map(() => 'SUCCESSFUL'),
    );
    assert.ok(steps.find((step) => step.name === 'List the tables')?.preview?.some(({ table }) => table === 't'));
    assert.deepEqual(steps.at(-1)?.preview, [{ a: '9007199254740993' }]);
    const failed = (await warehouse.verify({ sql: 'SELECT b FROM t' })).at(-1)!;
    assert.equal(failed.outcome, 'FAILED');
    assert.match(failed.explanation, /["'`]b["'`]/i);
  });
}
