import assert from 'node:assert/strict';
import path from 'node:path';
import { places } from '../../server/config.ts';
import type { FlowDefinition } from '../../server/engine/flow-definition/format.ts';
import { readDefinition } from '../../server/example.ts';
import { HubSpotEmulator } from '../emulators/hubspot.ts';
import { allRows, Connector, withDatabase } from './connector.ts';

export const NOON = Date.parse('2026-11-20T12:00:00Z');
export const DATABASE = 'hubspot.duckdb';
export const sourceOf = (crm: HubSpotEmulator) => ({ 'HubSpot Access Token': 'pat-test', 'HubSpot API URL': crm.url, 'Search Requests Per Second': '1000' });

export function hubspotDefinition(more: Readonly<Record<string, string>> = {}): FlowDefinition {
  const text = JSON.stringify(readDefinition(path.join(places.flows, 'hubspot.json')));
  const other: Readonly<Record<string, string>> = { yieldDuration: '10 ms', ...more };
  return JSON.parse(text, (key, value: unknown) => (typeof value === 'string' && Object.hasOwn(other, key) ? other[key] : value)) as FlowDefinition;
}

/** Contacts from 1 on, with seven timestamps among them. */
export function fill(crm: HubSpotEmulator, count: number): void {
  crm.define('contacts', { name: 'email', type: 'string' }, { name: 'score', type: 'number' });
  for (let id = 1; id <= count; id++) crm.put('contacts', id, NOON + (id % 7), { email: `p${id}@example.com`, score: String(id / 2) });
}

/** The table says what the CRM says, row by row and column by column. */
export async function checkContacts(crm: HubSpotEmulator, dataDirectory: string): Promise<void> {
  const wanted = crm
    .objects('contacts')
    .map(({ id, properties, created, modified, archivedAt }) => ({
      id: String(id),
      email: properties.email ?? null,
      score: properties.score === undefined ? null : Number(properties.score),
      archived: archivedAt !== undefined,
      created,
      modified,
    }))
    .sort((a, b) => Number(a.id) - Number(b.id));
  const sql = `SELECT id, email, score, archived, epoch_ms(created_at) AS created, epoch_ms(updated_at) AS modified FROM contacts ORDER BY CAST(id AS BIGINT)`;
  const rows = await withDatabase(dataDirectory, DATABASE, (database) => allRows(database, sql));
  assert.equal(rows.length, wanted.length);
  for (const [index, row] of wanted.entries()) assert.deepEqual(rows[index], row);
}

/** The connector beside an emulated HubSpot. */
export class HubSpotConnector extends Connector {
  readonly crm: HubSpotEmulator;

  private constructor(crm: HubSpotEmulator) {
    super();
    this.crm = crm;
  }

  static async with(work: (connector: HubSpotConnector) => Promise<void>): Promise<void> {
    const crm = await HubSpotEmulator.start();
    const connector = new HubSpotConnector(crm);
    try {
      await connector.begin(hubspotDefinition(), { 'HubSpot Source': sourceOf(crm) });
      await work(connector);
    } finally {
      await connector.close();
      await crm.stop();
    }
  }

  /** Lets a processor run once, then everything until the queues are empty. */
  async run(name = 'Decide what to read'): Promise<void> {
    await this.once(this.processor(name));
    await this.settled();
  }

  rows(sql: string): Promise<unknown[]> {
    return this.aside(() => withDatabase(this.directory, DATABASE, (database) => allRows(database, sql)));
  }

  check(): Promise<void> {
    return this.aside(() => checkContacts(this.crm, this.directory));
  }

  get searches(): number {
    return this.crm.received.filter(({ path }) => path.endsWith('/search')).length;
  }
}
