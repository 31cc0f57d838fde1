import { property, type PropertyValues } from '../../server/extension/property.ts';
import type { ComponentContext, DynamicProperties, VerificationStep } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { parseDuration } from '../../server/extension/units.ts';
import { serviceContract } from '../../server/extension/service.ts';
import { checkJdbcUrl, driverFor } from './jdbc-url.ts';
import { ConnectionPool, type PoolOptions } from './connection-pool.ts';

/** Milliseconds; -1 means that there is no limit. */
export const durationOrNever = (text: string): number => (text.trim() === '-1' ? -1 : parseDuration(text));

function checkDuration(text: string): void {
  if (text.trim() !== '-1') parseDuration(text);
}

/** A text property that holds a duration or -1. */
export const endless = (name: string, description: string, fallback: string, required = false) =>
  property.text(name, description, { default: fallback, required, expressions: 'environment', validate: checkDuration });

const environment = { expressions: 'environment' } as const;

/** What NiFi's pools ask first. */
export const address = {
  url: property.text(
    'Database Connection URL',
    'The database as a JDBC URL: jdbc:postgresql://host:5432/name, jdbc:sqlserver://host:1433;databaseName=name, jdbc:sqlite:file.db or jdbc:duckdb:file.duckdb',
    {
      required: true,
      ...environment,
      validate: checkJdbcUrl,
    },
  ),
  driver: property.text('Database Driver Class Name', 'Kept for flows made in NiFi: the URL tells which driver it is', { required: true, ...environment }),
  locations: property.text('Database Driver Locations', 'Kept for flows made in NiFi: the drivers come with this runtime', environment),
  kerberos: property.service(
    'Kerberos User Service',
    'Kept for flows made in NiFi: Kerberos is not spoken here',
    serviceContract<unknown>('org.apache.nifi.kerberos.KerberosUserService'),
  ),
  user: property.text('Database User', 'Who logs in', environment),
};

export const jdbcProperties: DynamicProperties = {
  name: 'JDBC property name',
  value: 'JDBC property value',
  description: 'A further parameter of the connection, such as sslmode',
  expressions: 'environment',
  sensitivePrefix: 'SENSITIVE.',
};

type Values = PropertyValues<typeof address> & { readonly password?: string };
type Context = Pick<ComponentContext<never>, 'dynamic' | 'dataDirectory'> & { readonly properties: unknown };

/** A pool as a service configures it. */
export function poolOf(context: Context, options: PoolOptions): ConnectionPool {
  const { url, user, password } = context.properties as Values;
  const more = new Map([...context.dynamic].map(([name, value]) => [name.replace(/^SENSITIVE\./, ''), value()]));
  return new ConnectionPool(driverFor(url, { user, password, directory: context.dataDirectory, more }), options);
}

/** Connects once: what "Test connection" shows. */
export async function verifyPool(pool: ConnectionPool): Promise<VerificationStep[]> {
  const name = 'Establish Connection';
  try {
    const connection = await pool.connect();
    const { product } = connection;
    connection.release();
    return [{ name, outcome: 'SUCCESSFUL', explanation: `${product} answers` }];
  } catch (thrown) {
    return [{ name, outcome: 'FAILED', explanation: `${messageOf(thrown)}. Check the URL, the user and the password` }];
  } finally {
    await pool.close();
  }
}

/** Kerberos is refused rather than ignored. */
export const poolProblems = ({ kerberos }: { kerberos?: unknown }): string[] =>
  kerberos ? ['Kerberos User Service is not supported by this runtime: log in with Database User and Password'] : [];

/** How many connections NiFi's DBCP pools keep, and how long. */
export const poolSizes = {
  maxWait: endless('Max Wait Time', 'How long to wait for a free connection; -1 waits for ever', '500 millis', true),
  max: property.integer('Max Total Connections', 'How many connections there are at most; -1 has no limit', { default: '8', min: -1, expressions: 'environment' }),
  validation: property.text('Validation Query', 'A query that tells whether a connection still works', { expressions: 'environment' }),
  minIdle: property.integer('Minimum Idle Connections', 'Kept for flows made in NiFi: connections are made when they are needed', {
    default: '0',
    required: false,
    expressions: 'environment',
  }),
  maxIdle: property.integer('Maximum Idle Connections', 'How many unused connections are kept; -1 has no limit', {
    default: '8',
    min: -1,
    required: false,
    expressions: 'environment',
  }),
  lifetime: endless('Maximum Connection Lifetime', 'How old a connection may become; -1 has no limit', '-1'),
  evictionRuns: endless('Time Between Eviction Runs', 'Kept for flows made in NiFi', '-1'),
  evictable: endless('Minimum Evictable Idle Time', 'Kept for flows made in NiFi', '30 mins'),
  softEvictable: endless('Soft Minimum Evictable Idle Time', 'Kept for flows made in NiFi', '-1'),
};

const atMost = (count: number | undefined): number => (count === undefined || count < 0 ? Number.POSITIVE_INFINITY : count);

export const poolOptions = (values: PropertyValues<typeof poolSizes>): PoolOptions => ({
  max: atMost(values.max),
  maxIdle: atMost(values.maxIdle),
  maxWait: durationOrNever(values.maxWait),
  maxLifetime: durationOrNever(values.lifetime ?? '-1'),
  validationQuery: values.validation,
});
