import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { places } from '../../server/config.ts';
import type { FlowController } from '../../server/engine/flow-controller.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import { readDefinition } from '../../server/example.ts';
import { parseTableName, type Warehouse } from '../../server/extension/warehouse.ts';
import { type Millrace, openMillrace } from '../../server/millrace.ts';
import { TOKEN, VOLUME, WAREHOUSE_ID } from '../emulators/databricks.ts';
import { HubSpotEmulator } from '../emulators/hubspot.ts';
import { postgres } from '../processors/databases/database-rig.ts';
import { openDatabricks } from '../processors/databricks/databricks-rig.ts';
import { openIn } from '../processors/postgresql/postgres-rig.ts';
import { rows } from '../processors/warehouse-tests.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

type Service = { name: string; scheduledState: string; type: string; bundle: object; properties: Record<string, string | null>; propertyDescriptors: object };

/** A warehouse of a product that takes the place of a flow's DuckDB. */
interface Destination {
  readonly type: string;
  readonly folder: string;
  readonly properties: Record<string, string>;
  readonly warehouse: Warehouse;
  /** The flow's table `contacts` as this warehouse is asked for it. */
  readonly contacts: string;
  close(): Promise<void>;
}

const DESTINATIONS: Readonly<Record<string, () => Promise<Destination>>> = {
  PostgreSQL: async () => {
    const server = await postgres();
    const { warehouse, close } = await openIn(server.address);
    const properties = { Host: '127.0.0.1', Port: String(server.address.port), Database: 'postgres', Username: 'postgres', Password: 'secret' };
    return { type: 'PostgreSQLWarehouse', folder: 'postgresql', properties, warehouse, contacts: 'public.contacts', close: () => close().then(() => server.close()) };
  },
  Databricks: async () => {
    const { emulator, warehouse, close } = await openDatabricks();
    // The first statement finds a warehouse that has to start.
    emulator.cool();
    setTimeout(() => emulator.warm(), 300);
    const login = { 'Workspace URL': emulator.url, 'Warehouse ID': WAREHOUSE_ID, 'Personal Access Token': TOKEN };
    return { type: 'DatabricksWarehouse', folder: 'databricks', properties: { ...login, Catalog: 'workspace', 'Staging Volume': VOLUME }, warehouse, contacts: 'contacts', close };
  },
};

/** The flow with another warehouse in the place of its DuckDB; nothing else of it changes. */
function withDestination(file: string, service: string, { type, folder, properties }: Destination): ReturnType<typeof readDefinition> {
  const definition = readDefinition(path.join(places.flows, file)) as unknown as { flowContents: { controllerServices: Service[] } };
  const destination = definition.flowContents.controllerServices.find(({ name }) => name === service)!;
  destination.type = `dev.millrace.${folder}.${type}`;
  destination.bundle = { group: 'dev.millrace', artifact: `millrace-${folder}`, version: '0.1.0' };
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
  const deadline = performance.now() + 180_000;
  const total = async (): Promise<unknown> => (await warehouse.describeTable(parseTableName(table))) && (await rows(warehouse, `SELECT count(*) AS n FROM ${table}`))[0]!.n;
  while ((await total()) !== count) {
    const bulletins = flow.bulletins.find().map(({ message }) => message);
    assert.ok(performance.now() < deadline, bulletins.join('; '));
    await delay(20);
  }
}

/** The flow in a runtime of its own, with the destination's properties. */
async function imported(millrace: Millrace, file: string, service: string, destination: Destination): Promise<ProcessGroup> {
  const { flow } = millrace;
  flow.start();
  const group = flow.import(flow.root, { version: 0 }, withDestination(file, service, destination));
  const node = [...group.services.values()].find(({ name }) => name === service)!;
  flow.change(node, node.revision, () => node.configure({ properties: destination.properties }));
  return group;
}

for (const [product, open] of Object.entries(DESTINATIONS)) {
  test(`the HubSpot flow fills ${product} when its destination is one`, async () => {
    const [destination, crm] = await Promise.all([open(), HubSpotEmulator.start()]);
    const millrace = await openMillrace({ dataDirectory: temporaryDirectory(), log: () => undefined });
    try {
      crm.define('contacts', { name: 'email', type: 'string' }, { name: 'score', type: 'number' });
      for (let id = 1; id <= 500; id++) crm.put('contacts', id, Date.parse('2026-11-20T12:00:00Z'), { email: `p${id}@example.com`, score: String(id / 2) });
      const group = await imported(millrace, 'hubspot.json', 'Destination', destination);
      const source = [...millrace.flow.parameterContexts.values()].find(({ name }) => name === 'HubSpot Source')!;
      const values = { 'HubSpot Access Token': 'pat-test', 'HubSpot API URL': crm.url, 'Search Requests Per Second': '1000' };
      millrace.flow.change(source, source.revision, () => source.apply({ parameters: Object.entries(values).map(([name, value]) => ({ name, value })) }));
      await runUntil(millrace.flow, group, destination.warehouse, 'main.contacts', 500);
      assert.deepEqual(await rows(destination.warehouse, "SELECT id, email, score FROM main.contacts WHERE id = '7'"), [{ id: '7', email: 'p7@example.com', score: 3.5 }]);
    } finally {
      await millrace.close();
      await destination.close();
      await crm.stop();
    }
  });

  test(`the flow of customer segments fills ${product} when its destination is one`, async () => {
    const destination = await open();
    const millrace = await openMillrace({ dataDirectory: temporaryDirectory(), log: () => undefined });
    try {
      const group = await imported(millrace, 'customer-segments.json', 'Marketing database', destination);
      await runUntil(millrace.flow, group, destination.warehouse, destination.contacts, 59);
      assert.deepEqual(await rows(destination.warehouse, `SELECT count(segment_name) AS n FROM ${destination.contacts}`), [{ n: 59 }]);
    } finally {
      await millrace.close();
      await destination.close();
    }
  });
}
