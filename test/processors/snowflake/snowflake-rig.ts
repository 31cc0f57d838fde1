import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { accountOfTokens } from '../../../processors/snowflake/account.ts';
import { type Authorization, KeyPairAuthorization } from '../../../processors/snowflake/authorization.ts';
import { Driver } from '../../../processors/snowflake/driver.ts';
import { DriverSessions } from '../../../processors/snowflake/driver-sessions.ts';
import { Snowflake } from '../../../processors/snowflake/snowflake.ts';
import { SqlApi } from '../../../processors/snowflake/sql-api.ts';
import type { StatementSettings } from '../../../processors/snowflake/client.ts';
import { Statements } from '../../../processors/snowflake/statements.ts';
import { SnowflakeEmulator, type SnowflakeOptions } from '../../emulators/snowflake.ts';
import { checkAnswer } from '../../emulators/snowflake-description.ts';
import type { OpenWarehouse, WarehouseDialect } from '../warehouse-tests.ts';

export const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const PUBLIC_KEY = KEYS.publicKey.export({ type: 'spki', format: 'pem' }).toString();
export const PRIVATE_KEY = KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** An account with one user, one database and nothing in it. */
export function account(options: Partial<SnowflakeOptions> = {}): Promise<SnowflakeEmulator> {
  const user = { name: 'LOADER', publicKeys: [PUBLIC_KEY], programmaticToken: 'pat-1' };
  return SnowflakeEmulator.start({ account: 'ACME-PROD', user, databases: ['SHOP'], onAnswer: checkAnswer, ...options });
}

export const keyPair = (): Authorization => new KeyPairAuthorization([KEYS.privateKey], accountOfTokens('acme-prod'), 'loader', Date.now);

const SETTINGS: StatementSettings = {
  database: 'SHOP',
  schema: 'PUBLIC',
  warehouse: 'WH',
  role: 'LOADING',
  queryTag: 'Millrace',
  timeout: 3_600_000,
  maxConcurrent: 20,
};

/** A warehouse on an account, as a service opens it. */
export async function warehouseOn(url: string, settings: Partial<StatementSettings> = {}, authorization = keyPair()): Promise<Snowflake> {
  const api = await SqlApi.open({ url, timeout: 10_000, connections: 20 }, authorization);
  return new Snowflake(new Statements(api, { ...SETTINGS, ...settings }));
}

/** A warehouse on an account, through sessions of the driver. */
export function driverOn(url: string, settings: Partial<StatementSettings> = {}, authorization = keyPair()): Snowflake {
  const all = { ...SETTINGS, ...settings };
  return new Snowflake(new Driver(url, new DriverSessions({ url, account: 'ACME-PROD' }, all, authorization), all));
}

/** A warehouse with an account of its own, which goes with it. */
export async function openAlone(options: Partial<SnowflakeOptions> = {}, open: (url: string) => Snowflake | Promise<Snowflake> = warehouseOn): Promise<OpenWarehouse> {
  const snowflake = await account(options);
  const warehouse = await open(snowflake.url);
  return {
    warehouse,
    async close() {
      await warehouse.close();
      await snowflake.stop();
      assert.deepEqual(snowflake.problems, []);
    },
  };
}

/** The contract's SQL in Snowflake's words. */
const inSnowflake = (sql: string): string =>
  sql
    .replace(
      /generate_series\((\d+), (\d+)\) t\(i\)/,
      (_, from: string, to: string) => `(SELECT SEQ8() + ${from} AS i FROM TABLE(GENERATOR(ROWCOUNT => ${Number(to) - Number(from) + 1}))) t`,
    )
    .replace('ARRAY[1, 2]', 'ARRAY_CONSTRUCT(1, 2)');

/** What the contract of warehouses has to know of Snowflake. */
export const DIALECT: Omit<WarehouseDialect, 'open'> = {
  endless:
    'SELECT count(*) AS n FROM (SELECT SEQ8() AS i FROM TABLE(GENERATOR(ROWCOUNT => 100000))) a, (SELECT SEQ8() AS j FROM TABLE(GENERATOR(ROWCOUNT => 1000000))) b WHERE i + j = 7',
  translate: inSnowflake,
  bigint: 'number(38,0)',
  hasNoKeys: true,
  capitals: true,
  tooLarge: 10n ** 38n,
};
