import { randomUUID } from 'node:crypto';
import { Connections, type ConnectionSettings } from '../../../processors/postgresql/connections.ts';
import { copyFromStdin } from '../../../processors/postgresql/copy.ts';
import { type Dialect, POSTGRESQL } from '../../../processors/postgresql/dialect.ts';
import { PostgreSQL } from '../../../processors/postgresql/postgresql.ts';
import type { Loader } from '../../../processors/postgresql/upsert.ts';
import type { Address } from '../databases/database-rig.ts';
import type { OpenWarehouse } from '../warehouse-tests.ts';

/** How a test connects; without TLS, which the server has not. */
export const settingsFor = ({ host, port }: Address, more: Partial<ConnectionSettings> = {}): ConnectionSettings => ({
  ...{ host, port, database: 'postgres', user: 'postgres', password: 'secret' },
  ...{ ssl: false, isTlsOptional: false, applicationName: 'Millrace', searchPath: [], maxConnections: 8, connectTimeout: 10_000, stream: undefined },
  ...more,
});

/** A warehouse in a schema of its own, which goes with it. */
export async function openIn(address: Address, dialect: Dialect = POSTGRESQL, load: Loader = copyFromStdin, more: Partial<ConnectionSettings> = {}): Promise<OpenWarehouse> {
  const schema = `test_${randomUUID().slice(0, 8)}`;
  const keeper = new PostgreSQL(new Connections(settingsFor(address), POSTGRESQL), copyFromStdin);
  await keeper.execute(`CREATE SCHEMA ${schema}`);
  const warehouse = new PostgreSQL(new Connections(settingsFor(address, { searchPath: [schema], ...more }), dialect), load);
  return {
    warehouse,
    async close() {
      await warehouse.close();
      await keeper.execute(`DROP SCHEMA ${schema} CASCADE`);
      await keeper.close();
    },
  };
}
