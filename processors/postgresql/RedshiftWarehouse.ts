import type { ComponentContext } from '../../server/extension/component.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { WAREHOUSE } from '../../server/extension/warehouse.ts';
import { connectionProperties, connectionSettings, verifyService } from './connection-properties.ts';
import { Connections } from './connections.ts';
import { REDSHIFT } from './dialect.ts';
import { insertRows } from './insert.ts';
import { PostgreSQL } from './postgresql.ts';

const properties = connectionProperties('5439', 'require');

const open = async (context: ComponentContext<typeof properties>): Promise<PostgreSQL> =>
  new PostgreSQL(new Connections({ ...connectionSettings(context.properties), stream: undefined }, REDSHIFT), insertRows);

export default defineControllerService({
  description:
    'Amazon Redshift as a warehouse. Results stream through cursors, rows are loaded by inserts of many rows and merged in one transaction, and what is stopped ends in the cluster too.',
  tags: ['warehouse', 'redshift', 'amazon', 'aws', 'sql', 'database', 'restricted'],
  restrictions: { 'reference-remote-resources': 'Lets whoever configures it reach any Redshift cluster that this server may reach.' },
  properties,
  provides: [WAREHOUSE],
  onEnabled: open,
  onDisabled: (warehouse: PostgreSQL) => warehouse.close(),
  verify: (context) => verifyService(() => open(context), context),
});
