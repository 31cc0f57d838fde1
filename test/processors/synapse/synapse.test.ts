import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { synapseError } from '../../../processors/synapse/synapse-errors.ts';
import { ExactNumber } from '../../../server/extension/record.ts';
import type { Warehouse, WarehouseCause } from '../../../server/extension/warehouse.ts';
import { Emulator, type Reply } from '../../emulators/emulator.ts';
import { upsertContract } from '../warehouse-upserts.contract.ts';
import { refusedAs, rows } from '../warehouse-tests.ts';
import { openSynapse } from './synapse-rig.ts';

const ENDLESS = 'SELECT COUNT(*) AS n FROM range(1000000) AS a(i), range(1000000) AS b(j) WHERE i + j = 7';

upsertContract('Synapse', { open: () => openSynapse(), endless: ENDLESS, hasNoKeys: true, kept: { json: 'text' } });

async function withSynapse(work: (warehouse: Warehouse) => Promise<void>, properties: Record<string, string> = {}): Promise<void> {
  const { warehouse, close } = await openSynapse(properties);
  try {
    await work(warehouse);
  } finally {
    await close();
  }
}

test('Synapse: numbers arrive exact, decimals of 38 places too', () =>
  withSynapse(async (warehouse) => {
    const sql = `SELECT CAST(9007199254740993 AS bigint) AS big, CAST('12345678901234567890.123' AS decimal(38,3)) AS exact, CAST('-0.10' AS decimal(10,2)) AS small,
      CAST(NULL AS decimal(10,2)) AS nothing, CAST('2024-01-01 10:00:00.5' AS datetime2) AS at, CAST('10:00' AS time) AS hour, 'é' AS word`;
    const exact = new ExactNumber('12345678901234567890.123');
    assert.deepEqual(await rows(warehouse, sql), [{ big: 9007199254740993n, exact, small: -0.1, nothing: null, at: '2024-01-01T10:00:00.5', hour: '10:00:00', word: 'é' }]);
  }));

test('Synapse: rows stream in batches of the size asked for, and reading may end in the middle', () =>
  withSynapse(async (warehouse) => {
    let next = 0;
    for await (const batch of await warehouse.query('SELECT CAST(i AS bigint) AS i FROM range(12500) AS t(i) ORDER BY i', { batchSize: 1000 })) {
      assert.equal(batch.length, next < 12_000 ? 1000 : 500);
      for (const { i } of batch) assert.equal(i, next++);
    }
    for (let time = 0; time < 12; time++) {
      const result = await warehouse.query('SELECT i FROM range(20000) AS t(i)', { batchSize: 10 });
      if (time % 2 === 0) await result.close();
      else for await (const _ of result) break;
    }
    assert.deepEqual(await rows(warehouse, 'SELECT CAST(1 AS bigint) AS a'), [{ a: 1 }]);
  }));

test('Synapse: binds by name and by position, and what goes wrong is told by its cause', () =>
  withSynapse(async (warehouse) => {
    await warehouse.execute('CREATE TABLE t (a bigint NOT NULL, b nvarchar(100))');
    assert.equal(await warehouse.execute('INSERT INTO t VALUES (:a, :b)', { binds: { a: 9007199254740993n, b: "'; DROP TABLE t; --" } }), 1);
    assert.deepEqual(await rows(warehouse, 'SELECT b FROM t WHERE a > ? AND a < ?', { binds: [1, '9007199254740994'] }), [{ b: "'; DROP TABLE t; --" }]);
    await assert.rejects(warehouse.query('SELECT * FROM nope'), refusedAs('missing object', /nope/));
    await assert.rejects(warehouse.query('SELECT c FROM t'), refusedAs('missing column', /"c"/));
    await assert.rejects(warehouse.query('SELECT FROM WHERE'), refusedAs('syntax', /WHERE/));
    await assert.rejects(warehouse.query('DELETE FROM t'), refusedAs('syntax', /no rows/));
    await assert.rejects(warehouse.execute('INSERT INTO t VALUES (NULL, NULL)'), refusedAs('constraint', /not allow nulls/));
    assert.deepEqual(await rows(warehouse, 'SELECT COUNT(*) AS n FROM t'), [{ n: 1 }]);
  }));

test('Synapse: a query ends in the server when it is cancelled, when its time is over and when the service is disabled', async () => {
  const { warehouse, pool: emulator, close } = await openSynapse();
  const stop = new AbortController();
  const stopped = assert.rejects(rows(warehouse, ENDLESS, { signal: stop.signal }), refusedAs('cancelled', /cancelled/));
  while (emulator.running === 0) await delay(5);
  stop.abort();
  await stopped;
  while (emulator.running > 0) await delay(5);
  await assert.rejects(rows(warehouse, ENDLESS, { timeout: 50 }), refusedAs('timeout', /time allowed/));
  const query = assert.rejects(rows(warehouse, ENDLESS), refusedAs('cancelled', /./));
  while (emulator.running === 0) await delay(5);
  await close();
  await query;
});

test('Synapse: rows are loaded through a Blob container, whose signature no message tells', async () => {
  const blobs = new Map<string, Reply>();
  const container = await Emulator.start(({ method, path, query, bytes }) => {
    if (query.get('sig') !== 'SECRET+1') return { status: 403, text: '<Error><Code>AuthenticationFailed</Code></Error>' };
    if (method === 'PUT') blobs.set(path, { status: 200, text: bytes });
    if (method === 'DELETE') blobs.delete(path);
    return method === 'GET' ? (blobs.get(path) ?? { status: 404 }) : { status: 201 };
  });
  const load = { load: 'blob', container: `${container.url}/stage` };
  await withSynapse(
    async (warehouse) => {
      await warehouse.createTable({ table: 't' }, [
        { name: 'id', type: 'integer', required: true },
        { name: 'word', type: 'text' },
      ]);
      const batch = ['', null, 'a"\n', '=x'].map((word, id) => ({ id, word }));
      assert.equal((await warehouse.upsert({ table: 't' }, [batch], { keyColumns: ['id'] })).inserted, 4);
      assert.deepEqual(await rows(warehouse, 'SELECT * FROM t ORDER BY id'), batch);
      assert.equal(blobs.size, 0, 'no file is left');
      container.fail('.parquet', { status: 201 });
      const told = (error: Error): boolean => refusedAs('configuration', /\(404\)/)(error) && !/SECRET\+1|SECRET%2B1/.test(error.message);
      await assert.rejects(warehouse.upsert({ table: 't' }, [[{ id: 9 }]], { keyColumns: ['id'] }), told);
    },
    { ...load, sas: '?sv=1&sig=SECRET%2B1' },
  );
  await withSynapse(
    async (warehouse) => {
      await warehouse.createTable({ table: 't' }, [{ name: 'id', type: 'integer' }]);
      await assert.rejects(warehouse.upsert({ table: 't' }, [[{ id: 9 }]], { keyColumns: ['id'] }), refusedAs('authentication', /AuthenticationFailed/));
    },
    { ...load, sas: 'sig=wrong' },
  );
  await container.stop();
});

test('Synapse: a wrong password is told, and "Test connection" lists the tables and previews the query', async () => {
  await withSynapse((warehouse) => assert.rejects(warehouse.execute('SELECT 1'), refusedAs('authentication', /Login failed/)), { password: 'wrong' });
  await withSynapse(async (warehouse) => {
    await warehouse.createTable({ table: 'seen' }, [{ name: 'id', type: 'integer' }]);
    const steps = await warehouse.verify({ sql: 'SELECT CAST(:x AS bigint) AS x', binds: { x: 1 } });
    assert.deepEqual(
      steps.map(({ outcome }) => outcome),
      ['SUCCESSFUL', 'SUCCESSFUL', 'SUCCESSFUL'],
    );
    assert.ok(steps[1]?.preview?.length);
    assert.deepEqual(steps[2]?.preview, [{ x: 1 }]);
  });
});

test("Synapse: SQL Server's numbers have their causes", () => {
  const table: readonly (readonly [number | string, WarehouseCause])[] = [
    [18456, 'authentication'],
    [40615, 'network policy'],
    [229, 'permission'],
    [208, 'missing object'],
    [207, 'missing column'],
    [-2, 'timeout'],
    [40197, 'warming up'],
    [40613, 'warming up'],
    [1205, 'conflict'],
    ['ESOCKET', 'connection'],
    [99999, 'unknown'],
  ];
  for (const [told, kind] of table)
    assert.equal(synapseError(Object.assign(new Error('what happened'), typeof told === 'number' ? { number: told, code: 'EREQUEST' } : { code: told })).kind, kind, String(told));
});
