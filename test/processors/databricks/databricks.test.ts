import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabricksApi } from '../../../processors/databricks/api.ts';
import { requestError, statementError } from '../../../processors/databricks/databricks-errors.ts';
import { rowPages } from '../../../processors/databricks/row-pages.ts';
import { bound, changes, statementsOf } from '../../../processors/databricks/sql-text.ts';
import type { DataRecord } from '../../../server/extension/record.ts';
import { refusedAs, rows } from '../warehouse-tests.ts';
import { CLIENT, DatabricksEmulator, TOKEN } from '../../emulators/databricks.ts';
import { type Rig, withDatabricks } from './databricks-rig.ts';

const series = (count: number): string => `SELECT CAST(i AS BIGINT) AS i FROM range(0, ${count}) t(i) ORDER BY i`;
const numbers = (count: number) => Array.from({ length: count }, (_, i) => ({ i }));

/** Waits for a condition. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(2);
}

const posts = ({ emulator }: Rig): number => emulator.received.filter(({ method, path }) => method === 'POST' && path.endsWith('/sql/statements')).length;

test('a statement waits for a warehouse that is warming up, and the service says so once', () =>
  withDatabricks(async ({ emulator, warehouse, said }) => {
    emulator.cool();
    const found = Promise.all([rows(warehouse, 'SELECT 1 AS a'), rows(warehouse, 'SELECT 2 AS a')]);
    await until(() => said.length > 0);
    assert.deepEqual(said, ['warn SQL warehouse Shop is warming up (STARTING), which takes two to five minutes. The statement waits for it.']);
    emulator.warm();
    assert.deepEqual(await found, [[{ a: 1 }], [{ a: 2 }]]);
    assert.deepEqual(said.slice(1), ['info SQL warehouse abc123 is up.']);
  }));

test('who has no time to wait for a cold warehouse is told that it is warming up; the statement is cancelled', async () => {
  await withDatabricks(async ({ emulator, warehouse }) => {
    emulator.cool();
    await assert.rejects(
      rows(warehouse, 'SELECT 1 AS a', { timeout: 400 }),
      refusedAs('warming up', /SQL warehouse Shop is warming up \(STARTING\), which takes two to five minutes/),
    );
    await until(() => [...emulator.statements.values()].every(({ state }) => state === 'CANCELED'));
  });
  await withDatabricks(
    async ({ emulator, warehouse }) => {
      emulator.cool();
      await assert.rejects(rows(warehouse, 'SELECT 1 AS a'), refusedAs('warming up', /warming up/));
    },
    {},
    TOKEN,
    1,
  );
});

test('"Test connection" of a stopped warehouse starts it and says how long that takes; one that is deleted is told', () =>
  withDatabricks(async ({ emulator, warehouse }) => {
    emulator.cool();
    const steps = await warehouse.verify({ sql: 'SELECT 1 AS a' });
    assert.deepEqual(
      steps.map(({ name, outcome }) => [name, outcome]),
      [
        ['SQL warehouse', 'SUCCESSFUL'],
        ['Staging volume', 'SUCCESSFUL'],
      ],
    );
    assert.match(steps[0]!.explanation, /Shop is warming up \(STOPPED\), which takes two to five minutes/);
    assert.equal(emulator.warehouse, 'STARTING');
    emulator.warehouse = 'DELETED';
    await assert.rejects(rows(warehouse, 'SELECT 1 AS a'), refusedAs('missing object', /abc123 is DELETED/));
    emulator.warm();
  }));

test('who may use the warehouse but not look at it still gets rows', () =>
  withDatabricks(async ({ emulator, warehouse, said }) => {
    const hidden = { status: 403, body: { error_code: 'PERMISSION_DENIED', message: 'You do not have permission to view this warehouse.' } };
    emulator.fail('/warehouses/abc123', hidden, hidden);
    const steps = await warehouse.verify();
    assert.deepEqual(
      steps.map(({ outcome }) => outcome),
      ['SKIPPED', 'SUCCESSFUL', 'SUCCESSFUL', 'SUCCESSFUL'],
    );
    emulator.cool();
    const found = rows(warehouse, 'SELECT 1 AS a');
    await until(() => emulator.received.filter(({ path }) => path.endsWith('/warehouses/abc123')).length === 2);
    emulator.warm();
    assert.deepEqual([await found, said], [[{ a: 1 }], []]);
  }));

test('links that have expired and downloads that break off are asked for again; no row is lost or comes twice', () =>
  withDatabricks(async ({ emulator, warehouse }) => {
    emulator.chunkRows = 3000;
    emulator.expiredLinks = 2;
    emulator.cutDownloads = 2;
    assert.deepEqual(await rows(warehouse, series(10_000), { batchSize: 700 }), numbers(10_000));
    emulator.expiredLinks = 100;
    await assert.rejects(rows(warehouse, series(10)), refusedAs('partition', /Chunk 0 of the result of .* status 403/));
    emulator.expiredLinks = 0;
    emulator.storage = 'http://127.0.0.1:1';
    await assert.rejects(rows(warehouse, series(10)), refusedAs('connection', /ECONNREFUSED.*Result Transfer/));
  }));

test('results may come within the answers', () =>
  withDatabricks(
    async ({ emulator, warehouse }) => {
      assert.deepEqual(await rows(warehouse, series(12_000)), numbers(12_000));
      assert.equal(emulator.received.filter(({ path }) => path.startsWith('/storage')).length, 0);
    },
    { disposition: 'INLINE' },
  ));

test('a busy server is given the time that it asks for; what changes rows is not sent again when its answer is lost', () =>
  withDatabricks(async (rig) => {
    const { emulator, warehouse } = rig;
    const busy = { status: 429, body: { error_code: 'RESOURCE_EXHAUSTED', message: 'Too many requests' }, headers: { 'retry-after': '0' } };
    emulator.fail('/sql/statements', busy, busy, { status: 503, headers: { 'retry-after': '0' } }, 'cut');
    assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]);
    assert.equal(posts(rig), 5);
    await warehouse.execute('CREATE TABLE t (a INT)');
    const before = posts(rig);
    emulator.fail('/sql/statements', 'cut');
    await assert.rejects(warehouse.execute('INSERT INTO t VALUES (1)'), refusedAs('connection', /did not answer POST \/api\/2\.0\/sql\/statements/));
    assert.equal(posts(rig), before + 1);
    emulator.fail('/sql/statements', ...Array.from({ length: 6 }, () => busy));
    await assert.rejects(rows(warehouse, 'SELECT 1 AS a'), refusedAs('resources', /RESOURCE_EXHAUSTED/));
  }));

test('what is stopped ends in the warehouse too', async () => {
  const endless = 'SELECT count(*) AS n FROM range(1, 100000) a(i), range(1, 1000000) b(j) WHERE i + j = 7';
  await withDatabricks(async ({ emulator, warehouse }) => {
    const stop = new AbortController();
    const stopped = assert.rejects(rows(warehouse, endless, { signal: stop.signal }), refusedAs('cancelled', /cancelled/));
    const state = () => [...emulator.statements.values()].at(-1)?.state;
    await until(() => state() === 'RUNNING');
    stop.abort();
    await stopped;
    await until(() => state() === 'CANCELED');
    const disabled = assert.rejects(rows(warehouse, endless), refusedAs('cancelled', /disabled/));
    await until(() => emulator.statements.size === 2 && state() === 'RUNNING');
    await warehouse.close();
    await disabled;
    assert.equal(state(), 'CANCELED');
  });
});

test('a service principal logs in by its secret, and again when its token is refused', async () => {
  const emulator = await DatabricksEmulator.start();
  const { signal } = new AbortController();
  const state = { method: 'GET', path: '/api/2.0/sql/warehouses/abc123', signal, isRepeatable: true } as const;
  const tokens = () => emulator.received.filter(({ path }) => path === '/oidc/v1/token').length;
  const api = await DatabricksApi.open({ workspace: emulator.url, login: { clientId: CLIENT.id, clientSecret: CLIENT.secret }, timeout: 5000 });
  const wrong = await DatabricksApi.open({ workspace: emulator.url, login: { clientId: CLIENT.id, clientSecret: 'x' }, timeout: 5000 });
  try {
    await Promise.all([api.call(state), api.call(state)]);
    await api.call(state);
    assert.equal(tokens(), 1);
    emulator.tokens.clear();
    await api.call(state);
    assert.equal(tokens(), 2);
    await assert.rejects(wrong.call(state), refusedAs('authentication', /Client authentication failed/));
  } finally {
    await api.close();
    await wrong.close();
    await emulator.stop();
  }
});

test('a token that is not good is told as such, in a statement and in "Test connection"', () =>
  withDatabricks(
    async ({ warehouse }) => {
      await assert.rejects(rows(warehouse, 'SELECT 1 AS a'), refusedAs('authentication', /Credential was not sent/));
      const [step] = await warehouse.verify();
      assert.equal(step!.outcome, 'FAILED');
      assert.match(step!.explanation, /Check the user name, key or token/);
    },
    {},
    'dapi-wrong',
  ));

test('a merge that collides with another writer is tried again; one that fails leaves the table as it was, and no files', () =>
  withDatabricks(async ({ emulator, warehouse }) => {
    await warehouse.execute('CREATE TABLE t (id INT NOT NULL, u INT CHECK (u < 10))');
    const collision = { statement_id: 's', status: { state: 'FAILED', error: { message: '[DELTA_CONCURRENT_APPEND] Files were added by a concurrent update. SQLSTATE: 2D521' } } };
    emulator.fail('/sql/statements', { status: 200, body: collision }, { status: 200, body: collision });
    assert.equal((await warehouse.upsert({ table: 't' }, [[{ id: 1, u: 1 }]], { keyColumns: ['id'] })).inserted, 1);
    const batch: DataRecord[] = [
      { id: 1, u: 2, more: 'x', at: '2024-01-01T00:00:00Z' },
      { id: 2, u: 11, more: 'x' },
    ];
    const options = { keyColumns: ['id'], addColumns: true, fields: [{ name: 'at', type: 'timestamp' }] } as const;
    await assert.rejects(warehouse.upsert({ table: 't' }, [batch], options), refusedAs('constraint', /DELTA_VIOLATE_CONSTRAINT/));
    assert.deepEqual(await rows(warehouse, 'SELECT * FROM t'), [{ id: 1, u: 1 }]);
    const files = emulator.received.filter(({ path }) => path.startsWith('/api/2.0/fs/files'));
    const written = files.filter(({ method }) => method === 'PUT').map(({ path }) => path);
    assert.equal(written.length, 2);
    assert.deepEqual(
      files.filter(({ method }) => method === 'DELETE').map(({ path }) => path),
      written,
    );
    const settings = [...emulator.statements.values()].find(({ request }) => request.statement.includes('SET TBLPROPERTIES'));
    assert.match(settings!.request.statement, /'delta\.feature\.timestampNtz' = 'supported'/);
  }));

test('a merge whose answer is lost is sent again, and its rows are in the table once', () =>
  withDatabricks(async ({ emulator, warehouse }) => {
    await warehouse.createTable({ table: 't' }, [{ name: 'id', type: 'integer' }]);
    const merges = ({ body }: { body: unknown }): boolean => /^MERGE/.test((body as { statement?: string } | undefined)?.statement ?? '');
    emulator.fail(merges, 'cut');
    emulator.fail(({ method, path }) => method === 'PUT' && path.endsWith('.gz'), { status: 500 }, 'cut');
    await warehouse.upsert({ table: 't' }, [numbers(25_000).map(({ i }) => ({ id: i }))], { keyColumns: ['id'] });
    assert.equal(emulator.received.filter(merges).length, 2);
    assert.deepEqual(await rows(warehouse, 'SELECT count(*) AS n, count(DISTINCT id) AS d FROM t'), [{ n: 25_000, d: 25_000 }]);
  }));

test('without a staging volume nothing is written, and the message says what to do', () =>
  withDatabricks(
    async ({ warehouse }) => {
      await warehouse.createTable({ table: 't' }, [{ name: 'id', type: 'integer' }]);
      await assert.rejects(warehouse.upsert({ table: 't' }, [[{ id: 1 }]], { keyColumns: ['id'] }), refusedAs('configuration', /no Staging Volume.*\/Volumes\/main/));
      assert.equal((await warehouse.verify()).find(({ name }) => name === 'Staging volume')!.outcome, 'SKIPPED');
    },
    { volume: undefined },
  ));

test('what Databricks says is told by its cause', () => {
  for (const [message, kind] of [
    ['[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column with name `x` cannot be resolved. SQLSTATE: 42703\n== SQL ==\nSELECT x', 'missing column'],
    ['[SCHEMA_NOT_FOUND] The schema `x` cannot be found. SQLSTATE: 42704', 'missing object'],
    ['[INSUFFICIENT_PERMISSIONS] User does not have SELECT. SQLSTATE: 42501', 'permission'],
    ['[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012', 'data'],
    ['[DELTA_CONCURRENT_APPEND] SQLSTATE: 2D521', 'conflict'],
    ['Query has been timed out due to STATEMENT_TIMEOUT', 'timeout'],
    ['Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size of at most 26214400 bytes.', 'resources'],
    ['what nobody knows', 'unknown'],
  ] as const) {
    assert.equal(statementError(message, undefined).kind, kind, message);
    assert.doesNotMatch(statementError(message, undefined).message, /== SQL/);
  }
  for (const [status, body, kind] of [
    [403, { message: 'Source IP address: 1.2.3.4 is blocked by Databricks IP ACL for workspace: 1' }, 'network policy'],
    [403, { error_code: '403', message: 'Invalid access token.' }, 'authentication'],
    [403, { error_code: 'PERMISSION_DENIED', message: 'no' }, 'permission'],
    [401, { message: 'The token has expired' }, 'expired token'],
    [502, 'Bad gateway', 'connection'],
  ] as const)
    assert.equal(requestError('GET /x', status, typeof body === 'string' ? body : JSON.stringify(body)).kind, kind, JSON.stringify(body));
});

test('texts are cut into statements, and binds become parameters with types', () => {
  assert.deepEqual(statementsOf(`SELECT ';\\';' AS a; -- b;\n SELECT \`;\`; /* ; */ ;`), [`SELECT ';\\';' AS a`, ' -- b;\n SELECT `;`']);
  assert.deepEqual(statementsOf('BEGIN SELECT 1; SELECT 2; END'), ['BEGIN SELECT 1; SELECT 2; END']);
  assert.deepEqual(bound('a = ? AND b = :b AND c = :b AND d = ?', [1, 'x']), {
    sql: 'a = :p0 AND b = :b AND c = :b AND d = :p1',
    parameters: [
      { name: 'p0', value: '1', type: 'BIGINT' },
      { name: 'p1', value: 'x', type: 'STRING' },
    ],
  });
  assert.deepEqual(
    bound(':a :b :c :d', { a: true, b: 1.5, c: null, d: 2n ** 60n }).parameters.map(({ value, type }) => [value, type]),
    [
      ['true', 'BOOLEAN'],
      ['1.5', 'DOUBLE'],
      [null, 'STRING'],
      ['1152921504606846976', 'BIGINT'],
    ],
  );
  for (const sql of ['-- x\nDELETE FROM t', '/* x */ insert into t', 'DROP TABLE t']) assert.ok(changes(sql), sql);
  for (const sql of ['SELECT 1', 'WITH a AS (SELECT 1) SELECT * FROM a', 'SELEC']) assert.ok(!changes(sql), sql);
});

test('rows are read from pieces of any size', async () => {
  const given = [
    ['a]', '"[', null],
    ['\\', 'é', ''],
    ['1', '2', '3'],
  ];
  const bytes = Buffer.from(JSON.stringify(given));
  for (const size of [1, 2, 7, 1000]) {
    for (const page of [1, 2, 3, 4]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
      const read = [];
      for await (const one of rowPages(pieces as unknown as AsyncIterable<Uint8Array>, page)) read.push(one);
      assert.deepEqual(read.flat(), given);
    }
  }
  const cut = async (): Promise<void> => {
    for await (const _ of rowPages([bytes.subarray(0, 20)] as unknown as AsyncIterable<Uint8Array>, 1));
  };
  await assert.rejects(cut, /ends in the middle/);
});
