import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../api-client.ts';
import type { Received } from '../emulators/emulator.ts';
import { HubSpotEmulator } from '../emulators/hubspot.ts';
import type { SearchBody } from '../emulators/hubspot-search.ts';
import { allRows, withDatabase } from './connector.ts';
import { type FlowRun, FlowServer } from './flow-run.ts';
import { checkContacts, DATABASE, fill, HubSpotConnector, hubspotDefinition, NOON, sourceOf } from './hubspot-connector.ts';

test('initial load, changes, a new property, the recycling bin, a cleared state: the table equals the source', () =>
  HubSpotConnector.with(async (connector) => {
    const { crm } = connector;
    fill(crm, 1234);
    await connector.run();
    await connector.check();

    const now = Date.now() - 60_000;
    crm.define('contacts', { name: 'plan', type: 'enumeration' });
    crm.put('contacts', 7, now, { email: 'changed@example.com', plan: 'gold' });
    crm.put('contacts', 5000, now, { email: 'new@example.com' });
    const before = connector.searches;
    await connector.run();
    assert.equal(connector.searches - before, 1, 'only what changed is asked for');
    await connector.check();
    assert.deepEqual(await connector.rows('SELECT id, plan FROM contacts WHERE plan IS NOT NULL'), [{ id: '7', plan: 'gold' }]);

    crm.archive('contacts', 9, Date.now());
    await connector.run('Look into the recycling bin');
    await connector.check();

    connector.clearState(connector.processor('Decide what to read'));
    await connector.run();
    await connector.check();
  }));

test('another object type has a table of its own; going back reads on where it was', () =>
  HubSpotConnector.with(async (connector) => {
    const { crm } = connector;
    fill(crm, 10);
    crm.put('line_items', 1, NOON);
    await connector.run();
    await connector.processor('Decide what to read').stop();
    await connector.processor('Look into the recycling bin').stop();
    connector.apply('HubSpot Ingestion', { 'Object Type': 'Line Items' });
    await connector.run();
    assert.deepEqual(await connector.rows('SELECT id FROM line_items'), [{ id: '1' }]);
    await connector.check();
  }));

test('a restart in the middle of a window goes on where it was', () =>
  HubSpotConnector.with(async (connector) => {
    fill(connector.crm, 3000);
    const list = connector.processor('Decide what to read');
    await list.stop();
    list.runOnce();
    await connector.until(() => connector.searches >= 5);
    await connector.restart();
    await connector.settled();
    await connector.check();
  }));

test('an expired token, limits, errors and connections cut in the middle of a page: the table equals the source', () =>
  HubSpotConnector.with(async (connector) => {
    const { crm } = connector;
    fill(crm, 1500);
    await connector.set('HubSpot Source', { 'HubSpot Access Token': 'pat-expired' });
    await connector.once(connector.processor('Decide what to read'));
    await connector.until(() => /valid token of a private app/.test(connector.bulletins));
    const limited = { status: 429, headers: { 'x-hubspot-ratelimit-interval-milliseconds': '10' } };
    crm.fail('/search', 'cut', limited, limited, limited, limited, { status: 500 }, 'cut', limited, { status: 502, text: '<html>' });
    await connector.set('HubSpot Source', { 'HubSpot Access Token': 'pat-test' });
    await connector.settled();
    await connector.check();
  }));

const rowsNow = async (server: FlowServer): Promise<number> => {
  const sql = 'SELECT count(*) AS n FROM contacts';
  return withDatabase(server.data, DATABASE, async (database) => ((await allRows(database, sql)) as { n: number }[])[0]!.n);
};

/** The connector in a real process with a page a transaction, beside a HubSpot with so many contacts. */
async function inProcess(count: number, work: (server: FlowServer, flow: FlowRun, crm: HubSpotEmulator) => Promise<void>): Promise<void> {
  const crm = await HubSpotEmulator.start();
  fill(crm, count);
  const server = await FlowServer.start();
  try {
    const flow = await server.upload('hubspot', JSON.stringify(hubspotDefinition({ 'FlowFiles Per Transaction': '5' })));
    await flow.setParameters(sourceOf(crm), 'HubSpot Source');
    await flow.setParameters({ 'Latest Data Sync Schedule': '1 sec', 'Archived Data Sync Schedule': '1 sec' });
    await work(server, flow, crm);
    await server.kill();
    await checkContacts(crm, server.data);
  } finally {
    await server.close();
    await crm.stop();
  }
}

/** A search for the first changes since an earlier window, not one of the first load. */
function beginsLaterWindow({ path, body }: Received): boolean {
  if (!path.endsWith('/search')) return false;
  const [group] = (body as SearchBody).filterGroups;
  return group!.filters[0]!.value !== '0' && group!.filters[2]!.value === '0';
}

const searches = (crm: HubSpotEmulator): number => crm.received.filter(({ path }) => path.endsWith('/search')).length;

test('killed twice in the middle of the first load, with changes meanwhile: the table equals the source', () =>
  inProcess(6000, async (server, flow, crm) => {
    await flow.start();
    for (let kill = 1; kill <= 2; kill++) {
      await until(() => searches(crm) >= kill * 8);
      await server.kill();
      crm.put('contacts', kill, Date.now() - 60_000, { email: `changed${kill}@example.com` });
      crm.put('contacts', 100_000 + kill, Date.now() - 60_000, { email: `new${kill}@example.com` });
      crm.archive('contacts', 10 + kill, Date.now());
      await server.open();
    }
    const seen = crm.received.length;
    const begun = (): number => crm.received.slice(seen).filter(beginsLaterWindow).length;
    await until(async () => begun() >= 2 && (await flow.status()).flowFilesQueued === 0);
  }));

test('killed twice in the middle of a merge: what is written is whole transactions, and the table equals the source in the end', () =>
  inProcess(10_000, async (server, flow, crm) => {
    const merge = 'Merge into the table';
    await flow.start(merge);
    await until(async () => (await flow.counter('objects read')) === 10_000);
    await flow.turn(merge, 'STOPPED');
    await flow.turn(merge, 'RUNNING');
    for (let kill = 1; kill <= 2; kill++) {
      await until(async () => (await flow.processor(merge)).status.aggregateSnapshot.activeThreadCount > 0);
      await server.kill();
      const there = await rowsNow(server).catch(() => 0);
      assert.equal(there % 1000, 0, 'whole transactions');
      crm.put('contacts', kill, Date.now() - 60_000, { email: `changed${kill}@example.com` });
      await server.open();
    }
    await until(async () => (await flow.status()).flowFilesQueued === 0);
  }));
