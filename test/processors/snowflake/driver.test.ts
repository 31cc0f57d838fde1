import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { type Authorization, KeyPairAuthorization, oauth, programmaticToken } from '../../../processors/snowflake/authorization.ts';
import type { WarehouseCause } from '../../../server/extension/warehouse.ts';
import { until } from '../../api-client.ts';
import type { Received } from '../../emulators/emulator.ts';
import type { SnowflakeEmulator } from '../../emulators/snowflake.ts';
import { refusedAs, rows } from '../warehouse-tests.ts';
import { account, driverOn, KEYS } from './snowflake-rig.ts';

const onAccount = (title: string, work: (snowflake: SnowflakeEmulator) => Promise<void>, options = {}): void =>
  void test(`Snowflake's driver: ${title}`, async () => {
    const snowflake = await account(options);
    try {
      await work(snowflake);
    } finally {
      await snowflake.stop();
    }
  });

const SERIES = (count: number): string => `SELECT SEQ8() AS i, 'row ' || SEQ8() AS word FROM TABLE(GENERATOR(ROWCOUNT => ${count}))`;
const asksTo =
  (begin: string) =>
  ({ path, body }: Received) =>
    path.endsWith('/query-request') && String((body as { sqlText?: string }).sqlText).startsWith(begin);
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

onAccount('a lost answer is asked for again and the statement runs once', async (snowflake) => {
  const warehouse = driverOn(snowflake.url);
  await warehouse.execute('CREATE TABLE t (a INTEGER)');
  snowflake.fail(asksTo('INSERT'), { status: 503 }, 'cut', 'cut');
  assert.equal(await warehouse.execute('INSERT INTO t VALUES (1)'), 1);
  assert.equal(snowflake.sessions.asked.filter((sql) => sql.startsWith('INSERT')).length, 1);
  assert.deepEqual(await rows(warehouse, 'SELECT COUNT(*) AS n FROM t'), [{ N: 1 }]);
  await warehouse.close();
});

onAccount(
  'chunks come one by one; one that breaks, or whose address has expired, is fetched again',
  async (snowflake) => {
    const warehouse = driverOn(snowflake.url);
    const result = await warehouse.query(`${SERIES(20_000)} ORDER BY i`, { batchSize: 700 });
    assert.equal(result.rowCount, 20_000);
    snowflake.fail(({ path }) => path.endsWith('/2'), 'cut');
    snowflake.fail(({ path }) => path.endsWith('/3'), { status: 403, text: '<Error/>', headers: { 'content-type': 'application/xml' } });
    let next = 0;
    for await (const batch of result) for (const { I, WORD } of batch) assert.deepEqual([I, WORD], [next, `row ${next++}`]);
    assert.equal(next, 20_000);
    await warehouse.close();
  },
  { partitionBytes: 100_000 },
);

onAccount('sessions are used again, one for each statement at a time, and none is left behind', async (snowflake) => {
  const warehouse = driverOn(snowflake.url, { maxConcurrent: 3 });
  for (let i = 0; i < 5; i++) assert.deepEqual(await rows(warehouse, `SELECT ${i} AS i`), [{ I: i }]);
  assert.equal(snowflake.sessions.logins, 1);
  const slow =
    'SELECT count(*) AS n FROM (SELECT SEQ8() AS i FROM TABLE(GENERATOR(ROWCOUNT => 2000))) a, (SELECT SEQ8() AS j FROM TABLE(GENERATOR(ROWCOUNT => 2000))) b WHERE i + j = 7';
  const results = await Promise.all(Array.from({ length: 9 }, () => rows(warehouse, slow)));
  assert.deepEqual(results[8], [{ N: 8 }]);
  assert.equal(snowflake.sessions.logins, 3);
  const stop = new AbortController();
  const endless = slow.replaceAll('2000', '300000');
  const waiting = Array.from({ length: 5 }, () => assert.rejects(rows(warehouse, endless, { signal: stop.signal }), refusedAs('cancelled', /cancelled/)));
  await until(() => snowflake.sessions.running === 3);
  stop.abort();
  await Promise.all(waiting);
  await until(() => snowflake.sessions.running === 0);
  await warehouse.close();
  assert.equal(snowflake.sessions.open, 0);
});

onAccount('what a statement changes of its session no other statement meets', async (snowflake) => {
  const warehouse = driverOn(snowflake.url);
  assert.equal(await warehouse.execute("CREATE TABLE t (a INTEGER, b VARCHAR); INSERT INTO t VALUES (1, 'x;y'), (2, NULL); UPDATE t SET b = 'z' WHERE a > 1;"), 1);
  assert.equal(await warehouse.execute('BEGIN'), 0);
  assert.equal(await warehouse.execute('BEGIN; DELETE FROM t; ROLLBACK; DELETE FROM t WHERE a = 1'), 1);
  await warehouse.execute("ALTER SESSION SET TIMEZONE = 'Asia/Tokyo'");
  assert.deepEqual(await rows(warehouse, 'SELECT a, b FROM t'), [{ A: 2, B: 'z' }]);
  await assert.rejects(warehouse.execute('DELETE FROM t WHERE a = ?; SELECT 1', { binds: [1] }), refusedAs('syntax', /statement count 2/));
  assert.equal(snowflake.sessions.open, 1);
  await warehouse.close();
});

onAccount('a token that has grown old is renewed, and a session that has ended is replaced', async (snowflake) => {
  const warehouse = driverOn(snowflake.url);
  await warehouse.execute('CREATE TABLE t (a INTEGER)');
  snowflake.sessions.age('to renew');
  assert.equal(await warehouse.execute('INSERT INTO t VALUES (1)'), 1);
  assert.equal(snowflake.sessions.logins, 1);
  snowflake.sessions.age('ended');
  assert.equal(await warehouse.execute('INSERT INTO t VALUES (2)'), 1);
  assert.equal(snowflake.sessions.logins, 2);
  assert.deepEqual(await rows(warehouse, 'SELECT COUNT(*) AS n FROM t'), [{ N: 2 }]);
  await warehouse.close();
});

onAccount(
  'a statement that takes longer than a request is asked for until it is done',
  async (snowflake) => {
    const warehouse = driverOn(snowflake.url);
    const slow =
      'SELECT count(*) AS n FROM (SELECT SEQ8() AS i FROM TABLE(GENERATOR(ROWCOUNT => 4000))) a, (SELECT SEQ8() AS j FROM TABLE(GENERATOR(ROWCOUNT => 4000))) b WHERE i + j = 7';
    assert.deepEqual(await rows(warehouse, slow), [{ N: 8 }]);
    assert.ok(snowflake.received.some(({ path }) => path.endsWith('/result')));
    await warehouse.close();
  },
  { patience: 1 },
);

/** Who may log in, how often it takes, and why not. */
const LOGINS: readonly (readonly [title: string, authorization: (snowflake: SnowflakeEmulator) => Authorization, attempts: number, refusal?: readonly [WarehouseCause, RegExp]])[] =
  [
    ['a key pair', () => new KeyPairAuthorization([KEYS.privateKey], 'ACME-PROD', 'loader', Date.now), 1],
    ['the key before the one that Snowflake does not know yet', () => new KeyPairAuthorization([stranger, KEYS.privateKey], 'ACME-PROD', 'loader', Date.now), 2],
    ['a stranger', () => new KeyPairAuthorization([stranger], 'ACME-PROD', 'loader', Date.now), 1, ['authentication', /JWT token is invalid.*fingerprint/]],
    ['a programmatic access token', () => programmaticToken('pat-1'), 1],
    ['a wrong token', () => programmaticToken('pat-2'), 1, ['authentication', /Programmatic access token is invalid/]],
    ['a token that has expired and is renewed', (snowflake) => oauth({ token: async () => snowflake.login.grant(-1), renew: async () => snowflake.login.grant(600) }), 2],
    ['a token that stays expired', ({ login }) => oauth({ token: async () => login.grant(-1), renew: async () => login.grant(-1) }), 2, ['expired token', /fresh token/]],
  ];

for (const [title, authorization, attempts, refusal] of LOGINS)
  onAccount(`logs in by ${title}`, async (snowflake) => {
    const warehouse = driverOn(snowflake.url, {}, authorization(snowflake));
    if (refusal) await assert.rejects(warehouse.query('SELECT 1'), refusedAs(...refusal));
    else assert.deepEqual(await rows(warehouse, 'SELECT CURRENT_USER() AS who'), [{ WHO: 'LOADER' }]);
    assert.equal(snowflake.received.filter(({ path }) => path.endsWith('/login-request')).length, attempts);
    await warehouse.close();
    assert.equal(snowflake.sessions.open, 0);
  });

const REFUSALS: readonly (readonly [code: string, message: string, kind: WarehouseCause])[] = [
  ['003001', "SQL access control error: Insufficient privileges to operate on table 'T'", 'permission'],
  ['000606', 'No active warehouse selected in the current session.', 'configuration'],
  ['000630', 'Statement reached its statement or warehouse timeout of 1 second(s) and was canceled.', 'timeout'],
  ['000625', "Statement 'x' has locked table 'T' in transaction 1 and this lock has not yet been released.", 'conflict'],
  ['100038', "Numeric value 'x' is not recognized", 'data'],
  ['999999', 'Something new', 'unknown'],
];

onAccount('what Snowflake refuses is told by its cause', async (snowflake) => {
  const warehouse = driverOn(snowflake.url);
  for (const [code, message, kind] of REFUSALS) {
    snowflake.refused.splice(0, 1, { pattern: /SELECT/, code, sqlState: '42000', message });
    await assert.rejects(warehouse.query('SELECT 1'), refusedAs(kind, new RegExp(code)));
  }
  await warehouse.close();
  snowflake.login.isBlocked = true;
  const outside = driverOn(snowflake.url);
  await assert.rejects(outside.query('SELECT 1'), refusedAs('network policy', /not allowed to access.*administrator/));
  await outside.close();
});

onAccount(
  'a result that Snowflake has forgotten says that the query must run again',
  async (snowflake) => {
    const warehouse = driverOn(snowflake.url);
    const result = await warehouse.query(SERIES(20_000));
    snowflake.sessions.forget();
    await assert.rejects(
      (async () => {
        for await (const _ of result);
      })(),
      refusedAs('partition', /Run the query again/),
    );
    await warehouse.close();
  },
  { partitionBytes: 100_000 },
);
