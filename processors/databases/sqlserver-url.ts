import type { ConnectionConfiguration } from 'tedious';
import { PropertyError } from '../../server/extension/errors.ts';

export interface SqlServerLogin {
  readonly user?: string;
  readonly password?: string;
  readonly more: ReadonlyMap<string, string>;
}

/** Properties of Microsoft's JDBC driver that say how to log in otherwise than by a password. */
const OTHER_LOGINS = ['integratedsecurity', 'authenticationscheme', 'accesstoken'];

/** The properties behind the address: `;name=value`, braces around values with semicolons. Names count in lower case. */
function propertiesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, braced, plain] of text.matchAll(/;\s*([^=;]+)=(?:\{((?:[^}]|\}\})*)\}|([^;]*))/g))
    found.set(name!.trim().toLowerCase(), braced?.replaceAll('}}', '}') ?? plain!.trim());
  return found;
}

const isTrue = (text: string | undefined): boolean => /^(true|yes|1)$/i.test(text ?? '');

/** What tedious needs for a URL of Microsoft's JDBC driver, behind `jdbc:sqlserver:`. Throws PropertyError where it asks for what is not spoken here. */
export function sqlServerConfiguration(rest: string, { user, password, more }: SqlServerLogin): ConnectionConfiguration {
  const [, host, instance, port] = /^\/\/([^;:\\/]*)(?:\\([^;:]*))?(?::(\d+))?/.exec(rest) ?? [];
  const given = propertiesOf(rest);
  for (const [name, value] of more) given.set(name.toLowerCase(), value);
  const other =
    OTHER_LOGINS.find((name) => given.has(name) && given.get(name) !== 'false') ??
    (/^(sqlpassword|notspecified)$/i.test(given.get('authentication') ?? 'SqlPassword') ? undefined : 'authentication');
  if (other) throw new PropertyError(`SQL Server: '${other}' is not supported by this runtime: log in with Database User and Password`);
  const encrypt = given.get('encrypt')?.toLowerCase() ?? 'true';
  const named = instance ?? given.get('instancename');
  const portNumber = port ?? given.get('portnumber') ?? given.get('port');
  return {
    server: host || given.get('servername') || given.get('server') || 'localhost',
    authentication: { type: 'default', options: { userName: user ?? given.get('user') ?? given.get('username'), password: password ?? given.get('password') } },
    options: {
      // An instance is found by its name, or by its port.
      ...(portNumber === undefined && named ? { instanceName: named } : { port: Number(portNumber ?? 1433) }),
      database: given.get('databasename') ?? given.get('database'),
      encrypt: encrypt === 'strict' ? 'strict' : !/^(false|no|optional|0)$/.test(encrypt),
      trustServerCertificate: isTrue(given.get('trustservercertificate')),
      serverName: given.get('hostnameincertificate'),
      appName: given.get('applicationname') ?? 'Millrace',
      connectTimeout: Number(given.get('logintimeout') ?? 15) * 1000,
      readOnlyIntent: /^readonly$/i.test(given.get('applicationintent') ?? ''),
      multiSubnetFailover: isTrue(given.get('multisubnetfailover')),
      requestTimeout: 0,
      useColumnNames: false,
      rowCollectionOnRequestCompletion: false,
    },
  };
}
