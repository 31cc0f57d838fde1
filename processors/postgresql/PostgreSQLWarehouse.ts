import type { ComponentContext } from '../../server/extension/component.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { verifyService } from '../../server/extension/warehouse-staging.ts';
import { WAREHOUSE } from '../../server/extension/warehouse.ts';
import { connectionProperties, connectionSettings } from './connection-properties.ts';
import { Connections } from './connections.ts';
import { copyFromStdin } from './copy.ts';
import { POSTGRESQL } from './dialect.ts';
import { PostgreSQL } from './postgresql.ts';
import { tunnelOf, tunnelProperties } from './tunnel-properties.ts';

const properties = { ...connectionProperties('5432', 'prefer'), ...tunnelProperties };

async function open({ properties: values }: ComponentContext<typeof properties>): Promise<PostgreSQL> {
  const tunnel = tunnelOf(values, values.connectTimeout);
  return new PostgreSQL(new Connections({ ...connectionSettings(values), stream: tunnel?.stream }, POSTGRESQL), copyFromStdin, async () => tunnel?.close());
}

export default defineControllerService({
  description:
    'A PostgreSQL database as a warehouse, directly or through an SSH tunnel. Results stream through cursors, rows are loaded by COPY and merged in one transaction, and what is stopped ends in the server too.',
  tags: ['warehouse', 'postgresql', 'postgres', 'sql', 'database', 'ssh', 'restricted'],
  restrictions: { 'reference-remote-resources': 'Lets whoever configures it reach any PostgreSQL server that this server may reach.' },
  properties,
  provides: [WAREHOUSE],
  onEnabled: open,
  onDisabled: (warehouse: PostgreSQL) => warehouse.close(),
  verify: (context) => verifyService(() => open(context), context),
});
