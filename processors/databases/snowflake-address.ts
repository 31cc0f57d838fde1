import type { ConnectionOptions } from 'snowflake-sdk';
import { PropertyError } from '../../server/extension/errors.ts';

const DOMAIN = '.snowflakecomputing.com';

/** Parameters of Snowflake's JDBC driver, and what the client here calls them. */
const NAMES: Readonly<Record<string, keyof ConnectionOptions>> = {
  db: 'database',
  database: 'database',
  schema: 'schema',
  warehouse: 'warehouse',
  role: 'role',
  user: 'username',
  password: 'password',
  authenticator: 'authenticator',
  token: 'token',
  passcode: 'passcode',
};

/** The parts of an account's name as the service is given them. */
export interface SnowflakeAccount {
  readonly format: 'full-url' | 'account-name' | 'account-locator';
  readonly url?: string;
  readonly locator?: string;
  readonly region?: string;
  readonly cloud?: string;
  readonly organization?: string;
  readonly account?: string;
}

function hostOf({ format, locator, region, cloud, organization, account }: SnowflakeAccount): string {
  if (format === 'account-name') return `${organization}-${account}${DOMAIN}`;
  return `${[locator, region, ...(cloud ? [cloud] : [])].join('.')}${DOMAIN}`;
}

/** Where the account is and what its URL says besides. Throws PropertyError. */
export function snowflakeAddress(given: SnowflakeAccount): ConnectionOptions {
  const text = given.format === 'full-url' ? (given.url ?? '').trim().replace(/^jdbc:snowflake:\/\//i, '') : hostOf(given);
  if (!URL.canParse(`https://${text}`) || text === '') throw new PropertyError('it must be like jdbc:snowflake://ACCOUNT.snowflakecomputing.com/?db=NAME&warehouse=NAME');
  const { hostname, host, searchParams } = new URL(`https://${text}`);
  return {
    account: hostname.endsWith(DOMAIN) ? hostname.slice(0, -DOMAIN.length) : hostname,
    accessUrl: `${searchParams.get('ssl') === 'off' ? 'http' : 'https'}://${host}`,
    ...snowflakeParameters(searchParams),
  };
}

/** Those of the parameters that mean something here. */
export function snowflakeParameters(parameters: Iterable<readonly [string, string]>): Partial<ConnectionOptions> {
  return Object.fromEntries([...parameters].flatMap(([name, value]) => (Object.hasOwn(NAMES, name.toLowerCase()) ? [[NAMES[name.toLowerCase()], value]] : [])));
}
