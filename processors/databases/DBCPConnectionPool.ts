import { DBCP_SERVICE } from '../../server/extension/database.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService, serviceContract } from '../../server/extension/service.ts';
import { address, jdbcProperties, poolOf, poolOptions, poolProblems, poolSizes, verifyPool } from './pool-properties.ts';

const properties = {
  ...address,
  source: property.choice('Password Source', 'Where the password comes from', { PASSWORD: 'Password', PASSWORD_PROVIDER: 'Password Provider' }, { default: 'PASSWORD' }),
  password: property.text('Password', 'The password of the user', { sensitive: true, expressions: 'environment', dependsOn: { 'Password Source': ['PASSWORD'] } }),
  provider: property.service('Database Password Provider', 'A service that knows the password', serviceContract<unknown>('org.apache.nifi.dbcp.api.DatabasePasswordProvider'), {
    required: true,
    dependsOn: { 'Password Source': ['PASSWORD_PROVIDER'] },
  }),
  ...poolSizes,
};

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
  onEnabled: (context) => poolOf(context, poolOptions(context.properties)),
  onDisabled: (pool) => pool.close(),
  verify: (context) => verifyPool(poolOf(context, poolOptions(context.properties))),
});
