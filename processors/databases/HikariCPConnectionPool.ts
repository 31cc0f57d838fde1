import { DBCP_SERVICE } from '../../server/extension/database.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import type { PoolOptions } from './connection-pool.ts';
import { address, durationOrNever, endless, jdbcProperties, poolOf, poolProblems, verifyPool } from './pool-properties.ts';

const properties = {
  ...address,
  password: property.text('Password', 'The password of the user', { sensitive: true, expressions: 'environment' }),
  maxWait: endless('Max Wait Time', 'How long to wait for a free connection; -1 waits for ever', '500 millis', true),
  max: property.integer('Max Total Connections', 'How many connections there are at most', { default: '10', min: 1, expressions: 'environment' }),
  validation: property.text('Validation Query', 'A query that tells whether a connection still works', { expressions: 'environment' }),
  minIdle: property.integer('Minimum Idle Connections', 'How many unused connections are kept', { default: '10', expressions: 'environment' }),
  lifetime: endless('Max Connection Lifetime', 'How old a connection may become; -1 has no limit', '-1'),
};

const options = (values: PropertyValues<typeof properties>): PoolOptions => ({
  max: values.max,
  maxIdle: values.minIdle,
  maxWait: durationOrNever(values.maxWait),
  maxLifetime: durationOrNever(values.lifetime ?? '-1'),
  validationQuery: values.validation,
});

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.dbcp', bundle: 'nifi-dbcp-service-nar' },
  description: 'Connections to a database, used again and shared, with the settings of HikariCP. The same pool as DBCPConnectionPool.',
  tags: ['dbcp', 'hikari', 'jdbc', 'database', 'connection', 'pooling', 'store', 'restricted'],
  restrictions: {
    'reference-remote-resources': 'Lets whoever configures it reach any database that the server may reach.',
    'read-filesystem': 'Lets whoever configures it open any file that the server may read as a database.',
    'write-filesystem': 'Lets whoever configures it make or change any file that the server may write as a database.',
  },
  properties,
  dynamicProperties: jdbcProperties,
  provides: [DBCP_SERVICE],
  validate: poolProblems,
  onEnabled: (context) => poolOf(context, options(context.properties)),
  onDisabled: (pool) => pool.close(),
  verify: (context) => verifyPool(poolOf(context, options(context.properties))),
});
