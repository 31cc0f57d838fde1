import { property, type PropertyValues } from '../../server/extension/property.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import type { ConnectionSettings } from './connections.ts';

const environment = { expressions: 'environment' } as const;

/** What both services ask; the port and whether TLS is asked for differ. */
export const connectionProperties = (port: string, sslMode: 'prefer' | 'require') => ({
  host: property.text('Host', 'The name or address of the server', { required: true, ...environment }),
  port: property.integer('Port', 'The port of the server', { default: port, min: 1, max: 65_535, ...environment }),
  database: property.text('Database', 'The database to connect to; a connection reaches this one only', { required: true, ...environment }),
  user: property.text('Username', 'Who logs in', { required: true, ...environment }),
  password: property.text('Password', 'The password of the user', { sensitive: true, ...environment }),
  searchPath: property.text(
    'Schema Search Path',
    'Schemas, separated by commas, in which tables without a schema are looked for; new tables lie in the first. Empty for what the server has set',
    environment,
  ),
  sslMode: property.choice(
    'SSL Mode',
    "Whether the connection is encrypted, in the words of PostgreSQL's own clients",
    {
      disable: 'Never',
      prefer: 'If the server can; the server is not checked',
      require: 'Always; the server is not checked',
      'verify-full': 'Always; the server must show a trusted certificate for its name',
    },
    { default: sslMode },
  ),
  ssl: property.service('SSL Context Service', 'Which certificates are trusted, and the certificate shown to servers that ask for one', SSL_CONTEXT, {
    dependsOn: { 'SSL Mode': ['prefer', 'require', 'verify-full'] },
  }),
  applicationName: property.text('Application Name', 'The name under which the server lists the connections', { default: 'Millrace', ...environment }),
  maxConnections: property.integer('Max Connections', 'How many connections there are at most; whoever needs a further one waits', { default: '8', min: 1, max: 1000 }),
  connectTimeout: property.duration('Connection Timeout', 'How long connecting, and waiting for a free connection, may take', { default: '30 secs' }),
});

type Values = PropertyValues<ReturnType<typeof connectionProperties>>;

export function connectionSettings(values: Values): Omit<ConnectionSettings, 'stream'> {
  const { host, port, database, user, password, searchPath, sslMode, ssl, applicationName, maxConnections, connectTimeout } = values;
  return {
    ...{ host, port, database, user, password, maxConnections, connectTimeout },
    applicationName: applicationName ?? '',
    ssl: sslMode === 'disable' ? false : { ...ssl, rejectUnauthorized: sslMode === 'verify-full' },
    isTlsOptional: sslMode === 'prefer',
    searchPath: (searchPath ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
  };
}
