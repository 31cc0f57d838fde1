import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import StandardOauth2AccessTokenProvider from '../../../processors/http/StandardOauth2AccessTokenProvider.ts';
import SnowflakeWarehouse from '../../../processors/snowflake/SnowflakeWarehouse.ts';
import StandardPrivateKeyService from '../../../processors/standard/StandardPrivateKeyService.ts';
import QueryWarehouse from '../../../processors/warehouse/QueryWarehouse.ts';
import type { SnowflakeEmulator } from '../../emulators/snowflake.ts';
import { runner } from '../../runner.ts';
import type { Services } from '../../runner-services.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { account, KEYS, PRIVATE_KEY } from './snowflake-rig.ts';

const query = (snowflake: SnowflakeEmulator, properties: Record<string, string>, services: Services = {}) =>
  runner(QueryWarehouse, {
    properties: { 'SQL Query': 'SELECT CURRENT_USER() AS who, CURRENT_ROLE() AS role, CURRENT_WAREHOUSE() AS "in"' },
    services: {
      Warehouse: { definition: SnowflakeWarehouse, services, properties: { 'Account Identifier': 'acme-prod', 'Account URL': snowflake.url, Database: 'shop', ...properties } },
    },
  });

async function withAccount(work: (snowflake: SnowflakeEmulator) => Promise<void>): Promise<void> {
  const snowflake = await account();
  try {
    await work(snowflake);
  } finally {
    await snowflake.stop();
  }
}

const ENCRYPTED = KEYS.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }).toString();

/** The ways to log in, each as a person would set it. */
const LOGINS: readonly (readonly [title: string, properties: (folder: string) => Record<string, string>, services?: (snowflake: SnowflakeEmulator) => Services])[] = [
  ['a private key', () => ({ Username: 'loader', 'Private Key': PRIVATE_KEY })],
  [
    'an encrypted key from a file',
    (folder) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'key.p8'), ENCRYPTED);
      return { Username: 'loader', 'Private Key File': join(folder, 'key.p8'), 'Private Key Password': 'open sesame' };
    },
  ],
  ['a private key service', () => ({ Username: 'loader' }), () => ({ 'Private Key Service': { definition: StandardPrivateKeyService, properties: { Key: PRIVATE_KEY } } })],
  ['a programmatic access token', () => ({ 'Authentication Strategy': 'PROGRAMMATIC_ACCESS_TOKEN', 'Programmatic Access Token': 'pat-1' })],
  [
    'client credentials',
    () => ({ 'Authentication Strategy': 'OAUTH' }),
    ({ url }) => ({
      'OAuth2 Access Token Provider': {
        definition: StandardOauth2AccessTokenProvider,
        properties: { 'Authorization Server URL': `${url}/oauth/token-request`, 'Grant Type': 'client_credentials', 'Client ID': 'client', 'Client Secret': 'secret' },
      },
    }),
  ],
];

const WAYS = LOGINS.flatMap((login) => ['SQL_API', 'DRIVER'].map((access) => [access, ...login] as const));

for (const [access, title, properties, services] of WAYS)
  test(`a flow reads from Snowflake by ${title}: ${access}`, () =>
    withAccount(async (snowflake) => {
      const run = query(snowflake, { 'Access Strategy': access, Role: 'loading', Warehouse: '"small WH"', ...properties(temporaryDirectory()) }, services?.(snowflake));
      await run.run();
      assert.deepEqual(
        run.out('success').map(({ content }) => content),
        ['[{"WHO":"LOADER","ROLE":"LOADING","in":"small WH"}]'],
      );
      await run.close();
      assert.equal(snowflake.sessions.logins, access === 'DRIVER' ? 1 : 0);
      assert.equal(snowflake.sessions.open, 0);
    }));

test('what is wrong with a key is said before anything is sent', () =>
  withAccount(async (snowflake) => {
    for (const [properties, message] of [
      [{ Username: 'loader' }, /Set one of Private Key, Private Key File and Private Key Service/],
      [{ Username: 'loader', 'Private Key': PRIVATE_KEY, 'Private Key File': 'x' }, /Set one of/],
      [{ Username: 'loader', 'Private Key': ENCRYPTED }, /needs Private Key Password/],
      [{ Username: 'loader', 'Private Key': ENCRYPTED, 'Private Key Password': 'wrong' }, /cannot be read/],
      [{ Username: 'loader', 'Private Key': PRIVATE_KEY, 'Statement Timeout': '3 days' }, /at most 172800 s/],
      [{ Username: 'loader', 'Private Key': PRIVATE_KEY, 'Account Identifier': 'a b' }, /account identifier such as/],
    ] as const)
      await assert.rejects(query(snowflake, properties).run(), message);
    assert.equal(snowflake.received.length, 0);
  }));

test('of several keys from before the one that Snowflake knows is used', () =>
  withAccount(async (snowflake) => {
    const made = (): string => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const access of ['SQL_API', 'DRIVER']) {
      const run = query(snowflake, { 'Access Strategy': access, Username: 'loader', 'Private Key': made(), 'Previous Private Key': `${made()}${PRIVATE_KEY}` });
      await run.run();
      assert.equal(run.out('success').length, 1);
      await run.close();
    }
  }));
