import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { places } from '../../server/config.ts';
import type { FlowController } from '../../server/engine/flow-controller.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import { readDefinition } from '../../server/example.ts';
import { parseTableName, type Warehouse } from '../../server/extension/warehouse.ts';
import { openMillrace } from '../../server/millrace.ts';
import { HubSpotEmulator } from '../emulators/hubspot.ts';
import { postgres } from '../processors/databases/database-rig.ts';
import { openIn } from '../processors/postgresql/postgres-rig.ts';
import { rows } from '../processors/warehouse-tests.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

type Service = { name: string; scheduledState: string; type: string; bundle: object; properties: Record<string, string | null>; propertyDescriptors: object };

/** The flow with another warehouse in the place of its DuckDB; nothing else of it changes. */
function withDestination(file: string, service: string, properties: Record<string, string>): ReturnType<typeof readDefinition> {
  const definition = readDefinition(path.join(places.flows, file)) as unknown as { flowContents: { controllerServices: Service[] } };
  const destination = definition.flowContents.controllerServices.find(({ name }) => name === service)!;
  destination.type = 'dev.millrace.postgresql.PostgreSQLWarehouse';
  destination.bundle = { group: 'dev.millrace', artifact: 'millrace-postgresql', version: '0.1.0' };
  destination.properties = properties;
  destination.propertyDescriptors = {};
  destination.scheduledState = 'DISABLED';
  return definition as never;
}

/** Enables and starts the flow, and waits until the table has so many rows; tells the bulletins where it does not get them. */
async function runUntil(flow: FlowController, group: ProcessGroup, warehouse: Warehouse, table: string, count: number): Promise<void> {
  await flow.activateServices(group, 'ENABLED');
  while (![...group.services.values()].every(({ isEnabled }) => isEnabled)) await delay(5);
  await flow.schedule(group, 'RUNNING');
  const deadline = performance.now() + 30_000;
  const total = async (): Promise<unknown> => (await warehouse.describeTable(parseTableName(table))) && (await rows(warehouse, `SELECT count(*) AS n FROM ${table}`))[0]!.n;
  while ((await total()) !== count) {
    const bulletins = flow.bulletins.find().map(({ message }) => message);
    assert.ok(performance.now() < deadline, bulletins.join('; '));
    await delay(20);
  }
}

test('the HubSpot flow fills PostgreSQL when its destination is one', async () => {
  const [server, crm] = await Promise.all([postgres(), HubSpotEmulator.start()]);
  const { warehouse, close } = await openIn(server.address);
  const millrace = await openMillrace({ dataDirectory: temporaryDirectory(), log: () => undefined });
  try {
    crm.define('contacts', { name: 'email', type: 'string' }, { name: 'score', type: 'number' });
    for (let id = 1; id <= 500; id++) crm.put('contacts', id, Date.parse('2026-11-20T12:00:00Z'), { email: `p${id}@example.com`, score: String(id / 2) });
    const { flow } = millrace;
    flow.start();
    const properties = { Host: '127.0.0.1', Port: String(server.address.port), Database: 'postgres', Username: 'postgres', Password: 'secret' };
    const group = flow.import(flow.root, { version: 0 }, withDestination('hubspot.json', 'Destination', properties));
    const source = [...flow.parameterContexts.values()].find(({ name }) => name === 'HubSpot Source')!;
    const values = { 'HubSpot Access Token': 'pat-test', 'HubSpot API URL': crm.url, 'Search Requests Per Second': '1000' };
    flow.change(source, source.revision, () => source.apply({ parameters: Object.entries(values).map(([name, value]) => ({ name, value })) }));
    const services = [...group.services.values()];
    const destination = services.find(({ name }) => name === 'Destination')!;
    flow.change(destination, destination.revision, () => destination.configure({ properties }));
    await runUntil(flow, group, warehouse, 'main.contacts', 500);
    assert.deepEqual(await rows(warehouse, "SELECT id, email, score FROM main.contacts WHERE id = '7'"), [{ id: '7', email: 'p7@example.com', score: 3.5 }]);
  } finally {
    await millrace.close();
    await close();
    await Promise.all([server.close(), crm.stop()]);
  }
});

test('the flow of customer segments fills PostgreSQL when its destination is one', async () => {
  const server = await postgres();
  const { warehouse, close } = await openIn(server.address);
  const millrace = await openMillrace({ dataDirectory: temporaryDirectory(), log: () => undefined });
  try {
    const { flow } = millrace;
    flow.start();
    const properties = { Host: '127.0.0.1', Port: String(server.address.port), Database: 'postgres', Username: 'postgres', Password: 'secret' };
    const group = flow.import(flow.root, { version: 0 }, withDestination('customer-segments.json', 'Marketing database', properties));
    const services = [...group.services.values()];
    const destination = services.find(({ name }) => name === 'Marketing database')!;
    flow.change(destination, destination.revision, () => destination.configure({ properties }));
    await runUntil(flow, group, warehouse, 'public.contacts', 59);
    assert.deepEqual(await rows(warehouse, 'SELECT count(segment_name) AS n FROM public.contacts'), [{ n: 59 }]);
  } finally {
    await millrace.close();
    await close();
    await server.close();
  }
});
