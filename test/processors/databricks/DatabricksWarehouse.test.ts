import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import DatabricksWarehouse from '../../../processors/databricks/DatabricksWarehouse.ts';
import PutWarehouse from '../../../processors/warehouse/PutWarehouse.ts';
import QueryWarehouse from '../../../processors/warehouse/QueryWarehouse.ts';
import { CLIENT, DatabricksEmulator, TOKEN, VOLUME, WAREHOUSE_ID } from '../../emulators/databricks.ts';
import { runner } from '../../runner.ts';

let emulator: DatabricksEmulator;
before(async () => {
  emulator = await DatabricksEmulator.start();
});
after(() => emulator.stop());

const service = (more: Record<string, string>) => ({
  Warehouse: { definition: DatabricksWarehouse, properties: { 'Workspace URL': emulator.url, 'Warehouse ID': WAREHOUSE_ID, Catalog: 'workspace', ...more } },
});
const byToken = (): ReturnType<typeof service> => service({ 'Personal Access Token': TOKEN, 'Staging Volume': VOLUME });

test('records are put into a table that is created for them, and a service principal reads them', async () => {
  const put = runner(PutWarehouse, { properties: { 'Table Name': 'contacts', 'Key Columns': 'email' }, services: byToken() });
  put.enqueue('[{"email":"a","ltv":1.5},{"email":"b","ltv":null}]');
  await put.run();
  assert.equal(put.out('success').length, 1, JSON.stringify(put.bulletins));
  await put.close();
  const login = { 'Authentication Strategy': 'OAUTH_CLIENT_CREDENTIALS', 'Client ID': CLIENT.id, 'Client Secret': CLIENT.secret };
  const query = runner(QueryWarehouse, { properties: { 'SQL Query': 'SELECT * FROM contacts ORDER BY email' }, services: service(login) });
  await query.run();
  assert.deepEqual(
    query.out('success').map(({ content }) => content),
    ['[{"email":"a","ltv":1.5},{"email":"b","ltv":null}]'],
  );
  await query.close();
});
