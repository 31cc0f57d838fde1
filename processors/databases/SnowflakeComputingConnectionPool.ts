import type { ConnectionOptions } from 'snowflake-sdk';
import type { ComponentContext } from '../../server/extension/component.ts';
import { DBCP_SERVICE } from '../../server/extension/database.ts';
import { ACCESS_TOKEN_PROVIDER, PROXY_CONFIGURATION } from '../../server/extension/http-services.ts';
import { PRIVATE_KEY_SERVICE } from '../../server/extension/private-key.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { ConnectionPool } from './connection-pool.ts';
import { jdbcProperties, poolOptions, poolSizes, verifyPool } from './pool-properties.ts';
import { openSnowflake } from './snowflake.ts';
import { snowflakeAddress, snowflakeParameters } from './snowflake-address.ts';

const FORMAT = 'Connection URL Format';
const environment = { expressions: 'environment' } as const;
const by = (format: string) => ({ ...environment, dependsOn: { [FORMAT]: [format] } }) as const;

const properties = {
  format: property.choice(
    FORMAT,
    'Whether the account is given as a URL or in its parts',
    { 'full-url': 'Full URL', 'account-name': 'Account Name', 'account-locator': 'Account Locator' },
    { default: 'full-url' },
  ),
  url: property.text('Database Connection URL', 'The account as a JDBC URL: jdbc:snowflake://ACCOUNT.snowflakecomputing.com/?db=NAME&warehouse=NAME', {
    displayName: 'Snowflake URL',
    required: true,
    ...by('full-url'),
    validate: (url: string) => void snowflakeAddress({ format: 'full-url', url }),
  }),
  locator: property.text('Account Locator', 'The locator of the account, such as xy12345', { required: true, ...by('account-locator') }),
  region: property.text('Cloud Region', 'The region of the account, such as us-east-2', { required: true, ...by('account-locator') }),
  cloud: property.text('Cloud Type', 'The cloud of the account, such as aws', by('account-locator')),
  organization: property.text('Organization Name', 'The organization', { required: true, ...by('account-name') }),
  account: property.text('Account Name', 'The account of the organization', { required: true, ...by('account-name') }),
  user: property.text('Database User', 'Who logs in', { displayName: 'Username', ...environment }),
  password: property.text('Password', 'The password of the user', { sensitive: true, ...environment }),
  database: property.text('Database', 'The database that names without one belong to', environment),
  schema: property.text('Schema', 'The schema that names without one belong to', environment),
  warehouse: property.text('Warehouse', 'The warehouse that computes', environment),
  key: property.service('Private Key Service', 'Logs in by the private key of a key pair', PRIVATE_KEY_SERVICE),
  tokens: property.service('OAuth2 Access Token Provider', 'Logs in by tokens', ACCESS_TOKEN_PROVIDER),
  proxy: property.service('Proxy Configuration Service', 'The HTTP proxy to go through', PROXY_CONFIGURATION),
  ...poolSizes,
};
type Context = ComponentContext<typeof properties>;

async function loginOf({ properties: { user, password, key, tokens } }: Context): Promise<Partial<ConnectionOptions>> {
  if (tokens) return { username: user, authenticator: 'OAUTH', token: await tokens.token() };
  if (key) return { username: user, authenticator: 'SNOWFLAKE_JWT', privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  return { ...(user === undefined ? {} : { username: user }), ...(password === undefined ? {} : { password }) };
}

function proxyOf({ properties: { proxy } }: Context): Partial<ConnectionOptions> {
  if (!proxy || proxy.type === 'DIRECT') return {};
  return { proxyHost: proxy.host, proxyPort: proxy.port, proxyUser: proxy.user, proxyPassword: proxy.password };
}

function poolOf(context: Context): ConnectionPool {
  const { format, url, locator, region, cloud, organization, account, database, schema, warehouse } = context.properties;
  const places = Object.fromEntries(Object.entries({ database, schema, warehouse }).filter(([, value]) => value !== undefined));
  const fixed = {
    ...snowflakeAddress({ format, url, locator, region, cloud, organization, account }),
    ...snowflakeParameters([...context.dynamic].map(([name, value]) => [name.replace(/^SENSITIVE\./, ''), value()] as const)),
    ...places,
    ...proxyOf(context),
  };
  // Tokens grow old: each session logs in with a fresh one.
  return new ConnectionPool(async () => openSnowflake({ ...fixed, ...(await loginOf(context)) }), poolOptions(context.properties));
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.snowflake.service', bundle: 'nifi-snowflake-services-nar' },
  description: 'Connections to Snowflake, used again and shared. Logs in by password, key pair or OAuth tokens.',
  tags: ['snowflake', 'dbcp', 'jdbc', 'database', 'connection', 'pooling', 'store'],
  properties,
  dynamicProperties: jdbcProperties,
  provides: [DBCP_SERVICE],
  validate: ({ proxy }) => (proxy?.type === 'SOCKS' ? ['Proxy Configuration Service must name an HTTP proxy: the client of Snowflake knows no others'] : []),
  onEnabled: poolOf,
  onDisabled: (pool) => pool.close(),
  verify: (context) => verifyPool(poolOf(context)),
});
