import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { KeyPairAuthorization, oauth, programmaticToken } from '../../../processors/snowflake/authorization.ts';
import type { WarehouseCause } from '../../../server/extension/warehouse.ts';
import { until } from '../../api-client.ts';
import type { SnowflakeEmulator } from '../../emulators/snowflake.ts';
import { refusedAs, rows } from '../warehouse-tests.ts';
import { account, KEYS, warehouseOn } from './snowflake-rig.ts';

const onAccount = (title: string, work: (snowflake: SnowflakeEmulator) => Promise<void>, options = {}): void =>
  void test(title, async () => {
    const snowflake = await account(options);
    try {
      await work(snowflake);
    } finally {
      await snowflake.stop();
    }
    assert.deepEqual(snowflake.problems, []);
  });

const SERIES = (count: number): string => `SELECT SEQ8() AS i, 'row ' || SEQ8() AS word FROM TABLE(GENERATOR(ROWCOUNT => ${count}))`;

onAccount('a lost answer is asked for again and the statement runs once', async (snowflake) => {
  const warehouse = await warehouseOn(snowflake.url);
  await warehouse.execute('CREATE TABLE t (a INTEGER)');
  const before = snowflake.ran;
  snowflake.fail('/statements', 'cut', { status: 503 }, { status: 429, headers: { 'retry-after': '0' } });
  assert.equal(await warehouse.execute('INSERT INTO t VALUES (1)'), 1);
  assert.equal(snowflake.ran, before + 1);
  assert.deepEqual(await rows(warehouse, 'SELECT COUNT(*) AS n FROM t'), [{ N: 1 }]);
  await warehouse.close();
});

onAccount(
  'partitions come one by one, and one whose connection breaks goes on where it broke',
  async (snowflake) => {
    const warehouse = await warehouseOn(snowflake.url);
    const result = await warehouse.query(`${SERIES(20_000)} ORDER BY i`, { batchSize: 700 });
    snowflake.fail(`/${result.queryId}`, 'cut', 'cut', { status: 500 });
    let next = 0;
    for await (const batch of result) for (const { I, WORD } of batch) assert.deepEqual([I, WORD], [next, `row ${next++}`]);
    assert.equal(next, 20_000);
    await warehouse.close();
  },
  { partitionBytes: 100_000 },
);

onAccount('no more statements run at once than are allowed, and none stays behind', async (snowflake) => {
  const warehouse = await warehouseOn(snowflake.url, { maxConcurrent: 3 });
  const slow =
    'SELECT count(*) AS n FROM (SELECT SEQ8() AS i FROM TABLE(GENERATOR(ROWCOUNT => 3000))) a, (SELECT SEQ8() AS j FROM TABLE(GENERATOR(ROWCOUNT => 3000))) b WHERE i + j = 7';
  const results = await Promise.all(Array.from({ length: 12 }, () => rows(warehouse, slow)));
  assert.deepEqual(results[11], [{ N: 8 }]);
  assert.ok(snowflake.mostRunning <= 3, String(snowflake.mostRunning));
  const stop = new AbortController();
  const endless = slow.replaceAll('3000', '300000');
  const waiting = Array.from({ length: 5 }, () => assert.rejects(rows(warehouse, endless, { signal: stop.signal }), refusedAs('cancelled', /cancelled/)));
  await until(() => snowflake.running === 3);
  stop.abort();
  await Promise.all(waiting);
  await until(() => snowflake.running === 0);
  await warehouse.close();
});

onAccount('several statements are one request, and only a single one has binds', async (snowflake) => {
  const warehouse = await warehouseOn(snowflake.url);
  assert.equal(await warehouse.execute("CREATE TABLE t (a INTEGER, b VARCHAR); INSERT INTO t VALUES (1, 'x;y'), (2, NULL); UPDATE t SET b = 'z' WHERE a > 1;"), 1);
  assert.equal(await warehouse.execute('BEGIN; DELETE FROM t; COMMIT; DELETE FROM t'), 0);
  await assert.rejects(warehouse.execute('DELETE FROM t WHERE a = ?; SELECT 1', { binds: [1] }), refusedAs('syntax', /statement count 2/));
  await assert.rejects(warehouse.execute('USE ROLE x'), refusedAs('syntax', /Unsupported statement type/));
  await warehouse.close();
});

onAccount('tokens of a key pair are signed, and made anew before they end', async (snowflake) => {
  const clock = { now: Date.now() };
  const authorization = new KeyPairAuthorization([KEYS.privateKey], 'ACME-PROD', 'loader', () => clock.now);
  const first = await authorization.token();
  clock.now += 49 * 60_000;
  assert.equal(await authorization.token(), first);
  clock.now += 2 * 60_000;
  assert.notEqual(await authorization.token(), first);
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  for (const [key, user] of [
    [stranger, 'loader'],
    [KEYS.privateKey, 'other'],
  ] as const) {
    const warehouse = await warehouseOn(snowflake.url, {}, new KeyPairAuthorization([key], 'ACME-PROD', user, Date.now));
    await assert.rejects(warehouse.query('SELECT 1'), refusedAs('authentication', /JWT token is invalid.*RSA|JWT token is invalid.*fingerprint/));
    await warehouse.close();
  }
});

onAccount('keys are replaced without a pause: the one before is used until Snowflake knows the new one', async (snowflake) => {
  const clock = { now: Date.now() };
  const made = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const warehouse = await warehouseOn(snowflake.url, {}, new KeyPairAuthorization([made.privateKey, KEYS.privateKey], 'ACME-PROD', 'loader', () => clock.now));
  assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ A: 1 }]);
  const { user } = snowflake.login;
  user.publicKeys = [...user.publicKeys, made.publicKey.export({ type: 'spki', format: 'pem' }).toString()];
  assert.deepEqual(await rows(warehouse, 'SELECT 2 AS a'), [{ A: 2 }]);
  clock.now += 51 * 60_000;
  user.publicKeys = user.publicKeys.slice(1);
  await warehouse.close();
  const later = await warehouseOn(snowflake.url, {}, new KeyPairAuthorization([made.privateKey, KEYS.privateKey], 'ACME-PROD', 'loader', Date.now));
  assert.deepEqual(await rows(later, 'SELECT 3 AS a'), [{ A: 3 }]);
  await later.close();
});

onAccount('an OAuth token that has expired is renewed, once', async (snowflake) => {
  const expired = snowflake.login.grant(-1);
  const given = [expired, snowflake.login.grant(600)];
  let renewals = 0;
  const provider = { token: async () => given[Math.min(renewals, 1)]!, renew: async () => given[Math.min(++renewals, 1)]! };
  const warehouse = await warehouseOn(snowflake.url, {}, oauth(provider));
  assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ A: 1 }]);
  assert.equal(renewals, 1);
  const hopeless = await warehouseOn(snowflake.url, {}, oauth({ token: async () => expired, renew: async () => expired }));
  await assert.rejects(hopeless.query('SELECT 1'), refusedAs('expired token', /expired.*fresh token/));
  await Promise.all([warehouse.close(), hopeless.close()]);
});

onAccount('a programmatic access token is shown as such', async (snowflake) => {
  const [good, bad] = await Promise.all(['pat-1', 'pat-2'].map((token) => warehouseOn(snowflake.url, {}, programmaticToken(token))));
  assert.deepEqual(await rows(good!, 'SELECT 1 AS a'), [{ A: 1 }]);
  assert.equal(snowflake.received[0]!.headers['x-snowflake-authorization-token-type'], 'PROGRAMMATIC_ACCESS_TOKEN');
  await assert.rejects(bad!.query('SELECT 1'), refusedAs('authentication', /Programmatic access token is invalid/));
  await Promise.all([good!.close(), bad!.close()]);
});

const REFUSALS: readonly (readonly [code: string, message: string, kind: WarehouseCause])[] = [
  ['003001', "SQL access control error: Insufficient privileges to operate on table 'T'", 'permission'],
  ['000606', 'No active warehouse selected in the current session.', 'configuration'],
  ['000630', 'Statement reached its statement or warehouse timeout of 1 second(s) and was canceled.', 'timeout'],
  ['000625', "Statement 'x' has locked table 'T' in transaction 1 and this lock has not yet been released.", 'conflict'],
  ['100038', "Numeric value 'x' is not recognized", 'data'],
  ['390189', "Role 'X' specified in the connect string does not exist or not authorized.", 'permission'],
  ['999999', 'Something new', 'unknown'],
];

onAccount('what Snowflake refuses is told by its cause', async (snowflake) => {
  const warehouse = await warehouseOn(snowflake.url);
  for (const [code, message, kind] of REFUSALS) {
    snowflake.refused.splice(0, 1, { pattern: /SELECT/, code, sqlState: '42000', message });
    await assert.rejects(warehouse.query('SELECT 1'), refusedAs(kind, new RegExp(code)));
  }
  snowflake.login.isBlocked = true;
  await assert.rejects(warehouse.query('SELECT 1'), refusedAs('network policy', /not allowed to access.*administrator/));
  await warehouse.close();
});

onAccount(
  'a result that Snowflake has forgotten says that the query must run again',
  async (snowflake) => {
    const warehouse = await warehouseOn(snowflake.url);
    const result = await warehouse.query(SERIES(20_000));
    snowflake.forget();
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

onAccount('no stage stays behind, whatever happens, and what was left long ago is dropped', async (snowflake) => {
  const warehouse = await warehouseOn(snowflake.url);
  await warehouse.execute('CREATE TABLE t (id INTEGER, n INTEGER); CREATE TABLE MILLRACE_STAGE_20200101_X (a INTEGER)');
  await warehouse.upsert({ table: 't' }, [[{ id: 1, n: 1 }]], { keyColumns: ['id'] });
  snowflake.refused.push({ pattern: /^MERGE/, code: '000603', sqlState: 'XX000', message: 'internal' });
  await assert.rejects(warehouse.upsert({ table: 't' }, [[{ id: 1, n: 2 }]], { keyColumns: ['id'] }), refusedAs('unknown', /internal/));
  snowflake.refused.length = 0;
  assert.deepEqual(await rows(warehouse, 'SELECT table_name FROM information_schema.tables'), [{ TABLE_NAME: 'T' }]);
  assert.deepEqual(await rows(warehouse, 'SELECT * FROM t'), [{ ID: 1, N: 1 }]);
  await warehouse.close();
});
