import { DBCP_SERVICE } from '../../server/extension/database.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { defineControllerService, serviceContract } from '../../server/extension/service.ts';
import type { PoolOptions } from './connection-pool.ts';
import { address, durationOrNever, endless, jdbcProperties, poolOf, poolProblems, verifyPool } from './pool-properties.ts';

const properties = {
  ...address,
  source: property.choice('Password Source', 'Where the password comes from', { PASSWORD: 'Password', PASSWORD_PROVIDER: 'Password Provider' }, { default: 'PASSWORD' }),
  password: property.text('Password', 'The password of the user', { sensitive: true, expressions: 'environment', dependsOn: { 'Password Source': ['PASSWORD'] } }),
  provider: property.service('Database Password Provider', 'A service that knows the password', serviceContract<unknown>('org.apache.nifi.dbcp.api.DatabasePasswordProvider'), {
    required: true,
    dependsOn: { 'Password Source': ['PASSWORD_PROVIDER'] },
  }),
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

const options = (values: PropertyValues<typeof properties>): PoolOptions => ({
  max: atMost(values.max),
  maxIdle: atMost(values.maxIdle),
  maxWait: durationOrNever(values.maxWait),
  maxLifetime: durationOrNever(values.lifetime ?? '-1'),
  validationQuery: values.validation,
});

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.dbcp', bundle: 'nifi-dbcp-service-nar' },
  description: 'Connections to a database, used again and shared. PostgreSQL, SQLite and DuckDB are reached by their own clients; the JDBC URL tells which.',
  tags: ['dbcp', 'jdbc', 'database', 'connection', 'pooling', 'store', 'restricted'],
  restrictions: {
    'reference-remote-resources': 'Lets whoever configures it reach any database that the server may reach.',
    'read-filesystem': 'Lets whoever configures it open any file that the server may read as a database.',
    'write-filesystem': 'Lets whoever configures it make or change any file that the server may write as a database.',
  },
  properties,
  dynamicProperties: jdbcProperties,
  provides: [DBCP_SERVICE],
  validate: (values) => [...poolProblems(values), ...(values.source === 'PASSWORD' ? [] : ['Password Source must be Password: this runtime has no Database Password Provider'])],
  onEnabled: (context) => poolOf(context, options(context.properties)),
  onDisabled: (pool) => pool.close(),
  verify: (context) => verifyPool(poolOf(context, options(context.properties))),
});
