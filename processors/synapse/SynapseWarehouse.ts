import type { ConnectionConfiguration } from 'tedious';
import type { ComponentContext } from '../../server/extension/component.ts';
import { ACCESS_TOKEN_PROVIDER } from '../../server/extension/http-services.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { verifyService } from '../../server/extension/warehouse-staging.ts';
import { WAREHOUSE } from '../../server/extension/warehouse.ts';
import { Connections } from './connections.ts';
import { bulkLoad, copyFromBlob } from './loads.ts';
import { Synapse } from './synapse.ts';

const environment = { expressions: 'environment' } as const;
const LOGIN = 'Authentication';
const LOAD = 'Bulk Load';

const properties = {
  host: property.text('Server', 'The SQL end point of the workspace, such as NAME.sql.azuresynapse.net', { required: true, ...environment }),
  port: property.integer('Port', 'The port of the server', { default: '1433', min: 1, max: 65_535, ...environment }),
  database: property.text('Database', 'The dedicated SQL pool', { required: true, ...environment }),
  schema: property.text('Default Schema', 'The schema in which tables without one are looked for and made', { default: 'dbo', ...environment }),
  login: property.choice(LOGIN, 'How to log in', { password: 'SQL Login', token: 'Access Token' }, { default: 'password' }),
  user: property.text('Username', 'Who logs in', { required: true, ...environment, dependsOn: { [LOGIN]: ['password'] } }),
  password: property.text('Password', 'The password of the user', { required: true, sensitive: true, ...environment, dependsOn: { [LOGIN]: ['password'] } }),
  tokens: property.service('OAuth2 Access Token Provider', 'Gives tokens of Microsoft Entra ID for https://database.windows.net', ACCESS_TOKEN_PROVIDER, {
    required: true,
    dependsOn: { [LOGIN]: ['token'] },
  }),
  encrypt: property.boolean('Encrypt', 'Whether the connection is encrypted, as Azure demands', { default: 'true' }),
  ssl: property.service('SSL Context Service', 'Which certificates are trusted; without it those that Node.js trusts', SSL_CONTEXT, { dependsOn: { Encrypt: ['true'] } }),
  load: property.choice(LOAD, 'How rows come into the pool', { protocol: 'Connection', blob: 'Blob Container' }, { default: 'protocol' }),
  container: property.text('Blob Container URL', 'The container through which rows are loaded by COPY INTO', {
    required: true,
    ...environment,
    dependsOn: { [LOAD]: ['blob'] },
    validate: apiAddress('https://ACCOUNT.blob.core.windows.net/CONTAINER'),
  }),
  sas: property.text('SAS Token', 'A shared access signature that allows to read, write, list and delete in the container', {
    required: true,
    sensitive: true,
    ...environment,
    dependsOn: { [LOAD]: ['blob'] },
  }),
  maxConnections: property.integer('Max Connections', 'How many connections there are at most; whoever needs a further one waits', { default: '8', min: 1, max: 1000 }),
  connectTimeout: property.duration('Connection Timeout', 'How long connecting may take', { default: '30 secs' }),
};
type Context = ComponentContext<typeof properties>;

async function authentication({ properties: { login, user, password, tokens } }: Context): Promise<ConnectionConfiguration['authentication']> {
  if (login === 'token') return { type: 'azure-active-directory-access-token', options: { token: await tokens!.token() } };
  return { type: 'default', options: { userName: user, password } };
}

/** The only level that a dedicated pool may be asked for; by tedious's number. */
const READ_UNCOMMITTED = 1;
/** What a dedicated pool refuses to be set is left as it is. */
const UNSET = Object.fromEntries(
  [
    'AnsiNull',
    'AnsiNullDefault',
    'AnsiPadding',
    'AnsiWarnings',
    'ArithAbort',
    'ConcatNullYieldsNull',
    'CursorCloseOnCommit',
    'ImplicitTransactions',
    'NumericRoundabort',
    'QuotedIdentifier',
  ].map((name) => [`enable${name}`, null]),
);

async function configuration(context: Context): Promise<ConnectionConfiguration> {
  const { host, port, database, encrypt, ssl, connectTimeout } = context.properties;
  const options = {
    ...UNSET,
    ...{ port, database, encrypt, connectTimeout, appName: 'Millrace', dateFormat: 'ymd', datefirst: null, language: null, connectionIsolationLevel: READ_UNCOMMITTED },
    ...{ abortTransactionOnError: null, requestTimeout: 0, useColumnNames: false, rowCollectionOnRequestCompletion: false, rowCollectionOnDone: false },
    ...(ssl ? { cryptoCredentialsDetails: ssl } : {}),
  };
  return { server: host, authentication: await authentication(context), options } as unknown as ConnectionConfiguration;
}

async function open(context: Context): Promise<Synapse> {
  const { host, database, schema, load, container, sas, maxConnections, connectTimeout } = context.properties;
  const connections = new Connections({ configuration: () => configuration(context), maxConnections });
  const blob = { url: (container ?? '').replace(/\/+$/, ''), sas: (sas ?? '').replace(/^\?/, ''), timeout: connectTimeout };
  return new Synapse(connections, { host, database, schema }, load === 'blob' ? copyFromBlob(blob) : bulkLoad);
}

export default defineControllerService({
  description:
    'A dedicated SQL pool of Azure Synapse as a warehouse. Results stream, rows are loaded through the connection or a Blob container and merged in one transaction, and what is stopped ends in the pool too.',
  tags: ['warehouse', 'synapse', 'azure', 'sql server', 'sql', 'database', 'restricted'],
  restrictions: { 'reference-remote-resources': 'Lets whoever configures it reach any SQL Server that this server may reach, and any address as Blob Container URL.' },
  properties,
  provides: [WAREHOUSE],
  onEnabled: open,
  onDisabled: (warehouse: Synapse) => warehouse.close(),
  verify: (context) => verifyService(() => open(context), context),
});
