import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import ExecuteSQLRecord from '../../../processors/databases/ExecuteSQLRecord.ts';
import PutDatabaseRecord from '../../../processors/databases/PutDatabaseRecord.ts';
import SnowflakeComputingConnectionPool from '../../../processors/databases/SnowflakeComputingConnectionPool.ts';
import { snowflakeAddress } from '../../../processors/databases/snowflake-address.ts';
import type { RealService } from '../../runner.ts';
import { jsonReader, jsonWriter, type Properties, service } from '../records/record-services.ts';
import { runOn } from './database-rig.ts';
import { type Asked, type SnowflakeAnswer, snowflakeServer } from './snowflake-server.ts';

const ALL: SnowflakeAnswer = {
  columns: [
    { name: 'ID', type: 'fixed', precision: 38, scale: 0 },
    { name: 'PRICE', type: 'fixed', precision: 38, scale: 20 },
    { name: 'RATIO', type: 'real' },
    { name: 'YES', type: 'boolean' },
    { name: 'NAME', type: 'text' },
    { name: 'DAY', type: 'date' },
    { name: 'AT', type: 'timestamp_ntz', scale: 9 },
    { name: 'BYTES', type: 'binary' },
    { name: 'MORE', type: 'variant' },
  ],
  rows: [
    ['9007199254740993', '123456789012345678.12345678901234567890', '0.1', '1', 'Zoë', '20455', '1767323045.678000000', '01FF', '{"a":9007199254740993}'],
    Array.from({ length: 9 }, () => null),
  ],
};
const text = (name: string) => ({ name, type: 'text' });

function answer({ sql }: Asked): SnowflakeAnswer {
  if (sql.includes('information_schema.columns')) {
    const columns = ['column_name', 'data_type', 'numeric_precision', 'numeric_scale', 'is_nullable', 'has_default', 'table_schema'].map(text);
    return {
      columns,
      rows: [
        ['ID', 'NUMBER', '38', '0', 'NO', 'NO', 'PUBLIC'],
        ['NAME', 'TEXT', null, null, 'YES', 'NO', 'PUBLIC'],
      ],
    };
  }
  if (sql.startsWith('SHOW PRIMARY KEYS')) return { columns: [text('table_name'), text('column_name')], rows: [['PEOPLE', 'ID']] };
  if (sql.includes('nowhere')) return { error: "SQL compilation error: Object 'NOWHERE' does not exist or not authorized.", code: '002003' };
  return sql.startsWith('SELECT') ? ALL : { count: 1 };
}

let server: Awaited<ReturnType<typeof snowflakeServer>>;
let pool: (more?: Properties) => RealService;
before(async () => {
  server = await snowflakeServer(answer);
  const url = `jdbc:snowflake://127.0.0.1:${server.port}/?db=SHOP&role=LOADER&ssl=off`;
  pool = (more = {}) =>
    service(SnowflakeComputingConnectionPool, { 'Database Connection URL': url, 'Database User': 'ada', Password: 'secret', Warehouse: 'SMALL', Schema: 'PUBLIC', ...more });
});
after(() => server.close());
const writer = { 'Record Writer': jsonWriter({ 'Date Format': 'yyyy-MM-dd', 'Timestamp Format': 'yyyy-MM-dd HH:mm:ss.SSS' }) };
const query = (sql: string, from = pool()) => runOn(ExecuteSQLRecord, from, { 'Use Avro Logical Types': 'true' }, writer, sql);

test('rows of Snowflake arrive as records, with all digits, in a session of who logs in', async () => {
  const run = await query('SELECT everything');
  assert.deepEqual(run.counts, { success: 1 }, run.out('failure')[0]?.attributes['executesql.error.message']);
  const [row, empty] = run.out('success')[0]!.content.slice(1, -1).split('},{"ID":null');
  assert.equal(
    `${row}}`,
    '{"ID":9007199254740993,"PRICE":123456789012345678.1234567890123456789,"RATIO":0.1,"YES":true,"NAME":"Zoë","DAY":"2026-01-02","AT":"2026-01-02 03:04:05.678","BYTES":[1,255],"MORE":"{\\"a\\":9007199254740993}"}',
  );
  assert.equal(empty, ',"PRICE":null,"RATIO":null,"YES":null,"NAME":null,"DAY":null,"AT":null,"BYTES":null,"MORE":null}');
  const { LOGIN_NAME, PASSWORD } = server.logins.at(-1)!;
  assert.deepEqual([LOGIN_NAME, PASSWORD], ['ada', 'secret']);
  assert.ok(!existsSync('snowflake.log'));
});

test('what Snowflake refuses is told', async () => {
  assert.match(
    (await query('SELECT * FROM nowhere')).out('failure')[0]!.attributes['executesql.error.message']!,
    /^Snowflake: SQL compilation error: Object 'NOWHERE'.*\(002003\)/,
  );
  const stranger = await query('SELECT 1', pool({ Password: 'wrong' }));
  assert.deepEqual(stranger.counts, { failure: 1 }, stranger.bulletins.map(({ message }) => message).join());
  assert.match(stranger.out('failure')[0]!.attributes['executesql.error.message']!, /Incorrect username or password/);
});

test('tokens and key pairs log in, each session with a fresh token', async () => {
  let count = 0;
  const tokens = { token: async () => `token ${++count}`, renew: async () => '' };
  const withTokens = { ...pool({ Password: '' }), services: { 'OAuth2 Access Token Provider': tokens } };
  for (const _ of [1, 2]) assert.deepEqual((await query('SELECT 1', withTokens)).counts, { success: 1 });
  assert.deepEqual(
    server.logins.slice(-2).map(({ AUTHENTICATOR, TOKEN }) => [AUTHENTICATOR, TOKEN]),
    [
      ['OAUTH', 'token 1'],
      ['OAUTH', 'token 2'],
    ],
  );
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const withKey = { ...pool({ Password: '' }), services: { 'Private Key Service': { privateKey } } };
  const run = await query('SELECT 1', withKey);
  assert.deepEqual(run.counts, { success: 1 }, run.out('failure')[0]?.attributes['executesql.error.message']);
  const { AUTHENTICATOR, TOKEN } = server.logins.at(-1)!;
  const claims = JSON.parse(Buffer.from(String(TOKEN).split('.')[1]!, 'base64url').toString()) as { iss: string; sub: string };
  assert.equal(AUTHENTICATOR, 'SNOWFLAKE_JWT');
  assert.match(claims.iss, /\.ADA\.SHA256:/);
});

test('records are merged by the primary key', async () => {
  server.asked.length = 0;
  const put = (type: string) => runOn(PutDatabaseRecord, pool(), { 'Table Name': 'people', 'Statement Type': type }, { 'Record Reader': jsonReader() }, '[{"id":1,"name":"Ada"}]');
  const run = await put('UPSERT');
  assert.deepEqual(run.counts, { success: 1 }, run.out('failure')[0]?.attributes['putdatabaserecord.error']);
  const merge = server.asked.find(({ sql }) => sql.startsWith('MERGE'))!;
  assert.equal(
    merge.sql,
    'MERGE INTO people AS t USING (SELECT ? AS ID, ? AS NAME) AS s ON t.ID = s.ID WHEN MATCHED THEN UPDATE SET NAME = s.NAME WHEN NOT MATCHED THEN INSERT (ID, NAME) VALUES (s.ID, s.NAME);',
  );
  assert.deepEqual(merge.values, ['1', 'Ada']);
  assert.deepEqual(
    server.asked.map(({ sql }) => sql.split(' ')[0]),
    ['BEGIN', 'SELECT', 'SHOW', 'MERGE', 'COMMIT'],
  );
});

test('accounts are told by URL, by name and by locator', () => {
  const full = snowflakeAddress({ format: 'full-url', url: 'jdbc:snowflake://xy12345.eu-central-1.snowflakecomputing.com/?db=A&warehouse=W&other=1' });
  assert.deepEqual(full, { account: 'xy12345.eu-central-1', accessUrl: 'https://xy12345.eu-central-1.snowflakecomputing.com', database: 'A', warehouse: 'W' });
  assert.equal(snowflakeAddress({ format: 'account-name', organization: 'org', account: 'acc' }).accessUrl, 'https://org-acc.snowflakecomputing.com');
  assert.equal(snowflakeAddress({ format: 'account-locator', locator: 'xy1', region: 'us-east-2', cloud: 'aws' }).accessUrl, 'https://xy1.us-east-2.aws.snowflakecomputing.com');
  assert.throws(() => snowflakeAddress({ format: 'full-url', url: '' }), /must be like jdbc:snowflake/);
});
