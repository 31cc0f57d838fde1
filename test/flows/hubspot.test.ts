import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '../../processors/duckdb/database.ts';
import { DuckDB } from '../../processors/duckdb/duckdb.ts';
import { places } from '../../server/config.ts';
import type { ProcessorNode } from '../../server/engine/processor-node.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import { readDefinition } from '../../server/example.ts';
import { type Millrace, openMillrace } from '../../server/millrace.ts';
import { HubSpotEmulator } from '../emulators/hubspot.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');

/** The connector on a real data directory, beside an emulated HubSpot. */
class Connector {
  readonly crm: HubSpotEmulator;
  readonly directory = temporaryDirectory();
  #millrace!: Millrace;

  constructor(crm: HubSpotEmulator) {
    this.crm = crm;
  }

  static async with(work: (connector: Connector) => Promise<void>): Promise<void> {
    const crm = await HubSpotEmulator.start();
    const connector = new Connector(crm);
    try {
      await connector.open();
      await connector.#import();
      await work(connector);
    } finally {
      await connector.#millrace.close();
      await crm.stop();
    }
  }

  async open(): Promise<void> {
    this.#millrace = await openMillrace({ dataDirectory: this.directory, log: () => undefined });
    this.#millrace.flow.start();
  }

  /** Ends the process, as it were, and starts it again. */
  async restart(): Promise<void> {
    await this.#millrace.close();
    await this.open();
  }

  async #import(): Promise<void> {
    const { flow } = this.#millrace;
    const group = flow.import(flow.root, { version: 0 }, readDefinition(path.join(places.flows, 'hubspot.json')));
    this.set('HubSpot Source', { 'HubSpot Access Token': 'pat-test', 'HubSpot API URL': this.crm.url, 'Search Requests Per Second': '1000' });
    await flow.activateServices(group, 'ENABLED');
    await this.until(() => [...group.services.values()].every(({ isEnabled }) => isEnabled));
    await flow.schedule(group, 'RUNNING');
  }

  set(context: string, values: Readonly<Record<string, string>>): void {
    const { flow } = this.#millrace;
    const found = [...flow.parameterContexts.values()].find(({ name }) => name === context)!;
    flow.change(found, found.revision, () => found.apply({ parameters: Object.entries(values).map(([name, value]) => ({ name, value })) }));
  }

  get group(): ProcessGroup {
    return [...this.#millrace.flow.root.groups.values()][0]!;
  }

  processor(name: string): ProcessorNode {
    return [...this.group.processors.values()].find((node) => node.name === name)!;
  }

  /** Lets a processor run once, then everything until the queues are empty. */
  async run(name = 'Decide what to read'): Promise<void> {
    const node = this.processor(name);
    await node.stop();
    node.runOnce();
    await this.until(() => node.physicalState === 'STOPPED');
    await this.settled();
  }

  async settled(): Promise<void> {
    const busy = (node: ProcessorNode): boolean => node.activeThreadCount > 0;
    await this.until(() => this.queued === 0 && ![...this.group.processors.values()].some(busy));
  }

  get queued(): number {
    return [...this.group.connections.values()].reduce((sum, { queue }) => sum + queue.objectCount, 0);
  }

  async until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!condition()) {
      const bulletins = this.#millrace.flow.bulletins.find().map(({ message }) => message);
      assert.ok(performance.now() < deadline, `nothing moves: ${this.queued} FlowFiles are queued; ${bulletins.join('; ')}`);
      await delay(5);
    }
  }

  clearState(name: string): void {
    this.#millrace.flow.runtime.journal.setState(this.processor(name).id, 'cluster', new Map());
  }

  /** What a query answers of the destination; the services let go of the file meanwhile. */
  async rows(sql: string): Promise<unknown[]> {
    await this.#millrace.close();
    const file = path.join(this.directory, 'databases', 'hubspot.duckdb');
    const database = new DuckDB(await Database.open({ path: file, temporaryDirectory: this.directory, readOnly: true, memoryLimit: 128 * 1024 ** 2, threads: 1, directories: [] }));
    try {
      const rows: unknown[] = [];
      for await (const batch of await database.query(sql)) rows.push(...batch);
      return rows;
    } finally {
      await database.close();
      await this.open();
    }
  }

  /** The table must say what the CRM says, row by row. */
  async checkContacts(): Promise<void> {
    const wanted = this.crm
      .objects('contacts')
      .map(({ id, properties, archivedAt }) => ({
        id: String(id),
        email: properties.email ?? null,
        score: properties.score === undefined ? null : Number(properties.score),
        archived: archivedAt !== undefined,
      }))
      .sort((a, b) => Number(a.id) - Number(b.id));
    assert.deepEqual(await this.rows('SELECT id, email, score, archived FROM contacts ORDER BY CAST(id AS BIGINT)'), wanted);
  }
}

function fill(crm: HubSpotEmulator, count: number): void {
  crm.define('contacts', { name: 'email', type: 'string' }, { name: 'score', type: 'number' });
  for (let id = 1; id <= count; id++) crm.put('contacts', id, NOON + (id % 7), { email: `p${id}@example.com`, score: String(id / 2) });
}

test('initial load, changes, a new property, the recycling bin, a cleared state: the table equals the source', () =>
  Connector.with(async (connector) => {
    const { crm } = connector;
    fill(crm, 1234);
    await connector.run();
    await connector.checkContacts();

    const now = Date.now() - 60_000;
    crm.define('contacts', { name: 'plan', type: 'enumeration' });
    crm.put('contacts', 7, now, { email: 'changed@example.com', plan: 'gold' });
    crm.put('contacts', 5000, now, { email: 'new@example.com' });
    const searches = () => crm.received.filter(({ path }) => path.endsWith('/search')).length;
    const before = searches();
    await connector.run();
    assert.equal(searches() - before, 1, 'only what changed is asked for');
    await connector.checkContacts();
    assert.deepEqual(await connector.rows('SELECT id, plan FROM contacts WHERE plan IS NOT NULL'), [{ id: '7', plan: 'gold' }]);

    crm.archive('contacts', 9, Date.now());
    await connector.run('Look into the recycling bin');
    await connector.checkContacts();

    connector.clearState('Decide what to read');
    await connector.run();
    await connector.checkContacts();
    const [{ total }] = (await connector.rows('SELECT count(*) AS total FROM contacts')) as [{ total: number }];
    assert.equal(total, 1235);
  }));

test('another object type has a table of its own; going back reads on where it was', () =>
  Connector.with(async (connector) => {
    const { crm } = connector;
    fill(crm, 10);
    crm.put('line_items', 1, NOON);
    await connector.run();
    await connector.processor('Decide what to read').stop();
    await connector.processor('Look into the recycling bin').stop();
    connector.set('HubSpot Ingestion', { 'Object Type': 'Line Items' });
    await connector.run();
    assert.deepEqual(await connector.rows('SELECT id FROM line_items'), [{ id: '1' }]);
    await connector.checkContacts();
  }));

test('a restart in the middle of a window goes on where it was', () =>
  Connector.with(async (connector) => {
    const { crm } = connector;
    fill(crm, 3000);
    const list = connector.processor('Decide what to read');
    await list.stop();
    list.runOnce();
    await connector.until(() => crm.received.filter(({ path }) => path.endsWith('/search')).length >= 5);
    await connector.restart();
    await connector.settled();
    await connector.checkContacts();
  }));
