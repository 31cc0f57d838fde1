import { property } from '../../server/extension/property.ts';
import { serviceContract } from '../../server/extension/service.ts';

const TYPES = ['Generic', 'Oracle', 'Oracle 12+', 'MS SQL 2012+', 'MS SQL 2008', 'MySQL', 'PostgreSQL', 'Phoenix'];
const choices = Object.fromEntries(['Database Dialect Service', ...TYPES].map((name) => [name, name]));

export const DATABASE_DIALECT_SERVICE = serviceContract<unknown>('org.apache.nifi.database.dialect.service.api.DatabaseDialectService');

/** NiFi asks which SQL the database speaks; here the connection knows. */
export const databaseType = {
  type: property.choice('Database Type', 'Kept for flows made in NiFi: the connection knows which SQL its database speaks', choices, { default: 'Generic' }),
  dialect: property.service('Database Dialect Service', 'Kept for flows made in NiFi', DATABASE_DIALECT_SERVICE, {
    required: true,
    dependsOn: { 'Database Type': ['Database Dialect Service'] },
  }),
};
