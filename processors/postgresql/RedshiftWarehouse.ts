import type { ComponentContext } from '../../server/extension/component.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { verifyService } from '../../server/extension/warehouse-staging.ts';
import { WAREHOUSE } from '../../server/extension/warehouse.ts';
import { bulkOf, bulkProperties } from './bulk-properties.ts';
import { connectionProperties, connectionSettings } from './connection-properties.ts';
import { Connections } from './connections.ts';
import { REDSHIFT } from './dialect.ts';
import { insertRows } from './insert.ts';
import { PostgreSQL } from './postgresql.ts';
import { tunnelOf, tunnelProperties } from './tunnel-properties.ts';

const properties = { ...connectionProperties('5439', 'require'), ...tunnelProperties, ...bulkProperties };

async function open({ properties: values }: ComponentContext<typeof properties>): Promise<PostgreSQL> {
  const tunnel = tunnelOf(values, values.connectTimeout);
  const bulk = bulkOf(values, values.connectTimeout);
  const connections = new Connections({ ...connectionSettings(values), stream: tunnel?.stream }, REDSHIFT);
  return new PostgreSQL(connections, bulk?.load ?? insertRows, async () => {
    await bulk?.close();
    await tunnel?.close();
  });
}

export default defineControllerService({
  description:
    'Amazon Redshift as a warehouse, directly or through an SSH tunnel. Results stream through cursors, rows are loaded by COPY from a bucket of S3, or by inserts of many rows, and merged in one transaction, and what is stopped ends in the cluster too.',
  tags: ['warehouse', 'redshift', 'amazon', 'aws', 'sql', 'database', 'ssh', 's3', 'restricted'],
  restrictions: { 'reference-remote-resources': 'Lets whoever configures it reach any Redshift cluster that this server may reach.' },
  properties,
  provides: [WAREHOUSE],
  onEnabled: open,
  onDisabled: (warehouse: PostgreSQL) => warehouse.close(),
  verify: (context) => verifyService(() => open(context), context),
});
