import { defineControllerService } from '../../server/extension/service.ts';
import { DATABASE_DIALECT_SERVICE } from './database-type.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.database.dialect.service', bundle: 'nifi-database-dialect-service-nar' },
  description: 'Kept for flows made in NiFi: which SQL a database speaks is known from its connection, so nothing is configured here.',
  tags: ['Relational', 'Database', 'JDBC', 'SQL'],
  properties: {},
  provides: [DATABASE_DIALECT_SERVICE],
  onEnabled: () => ({}),
});
