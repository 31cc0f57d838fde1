import assert from 'node:assert/strict';
import path from 'node:path';
import { places } from '../../server/config.ts';
import type { FlowDefinition } from '../../server/engine/flow-definition/format.ts';
import type { ProcessorNode } from '../../server/engine/processor-node.ts';
import { readDefinition } from '../../server/example.ts';
import { BrevoEmulator } from '../emulators/brevo.ts';
import { allRows, Connector, withDatabase } from './connector.ts';

export const GROUPS = ['Customers', 'Segments', 'Analytics'];
const CONTEXT = 'Warehouse to Brevo';
const DATABASE = 'brevo-shop.duckdb';
/** What its parameters must be to reach an emulated Brevo. */
export const parametersFor = (brevo: BrevoEmulator) => ({ 'Brevo API Key': 'xkeysib-test', 'Brevo API URL': brevo.url, 'List IDs': '3' });

/** The connector as it is shipped, but for how long it waits between two looks and requests, and what else a test says of its properties. */
export function brevoDefinition(poll: string, more: Readonly<Record<string, string>> = {}): FlowDefinition {
  const text = JSON.stringify(readDefinition(path.join(places.flows, 'brevo.json')));
  const other: Readonly<Record<string, string>> = { 'Poll Interval': poll, 'Requests Per Second': '1000', yieldDuration: '10 ms', ...more };
  return JSON.parse(text, (key, value: unknown) => (typeof value === 'string' && Object.hasOwn(other, key) ? other[key] : value)) as FlowDefinition;
}

/** Makes the shop's tables before the connector does: so many customers with two orders each. */
export function makeShop(dataDirectory: string, customers: number): Promise<unknown> {
  return withDatabase(dataDirectory, DATABASE, async (database) => {
    await database.execute(`CREATE TABLE customers AS SELECT i AS customer_id, 'First' || i AS first_name, 'Last' || i AS last_name, 'C' || i || '@example.com' AS email,
      CASE WHEN i % 3 = 0 THEN 'Company ' || i END AS company, 'City' || i % 100 AS city, 'Germany' AS country, TIMESTAMP '2026-01-01' + to_seconds(i) AS updated_at FROM range(${customers}) t(i)`);
    await database.execute(`CREATE TABLE invoices AS SELECT i AS invoice_id, i // 2 AS customer_id, DATE '2025-01-01' + CAST(i % 500 AS INTEGER) AS invoice_date,
      CAST(i % 977 AS DECIMAL(10, 2)) / 100 AS total, TIMESTAMP '2026-01-01' + to_seconds(i) AS updated_at FROM range(${2 * customers}) t(i)`);
  });
}

interface Line {
  readonly source: string;
  readonly destination: string;
  readonly transform?: string;
}

/** What Brevo must hold: the results of the connector's queries under the names of its mappings, by address. Written for this comparison alone. */
async function wantedContacts(dataDirectory: string): Promise<Map<string, Record<string, unknown>>> {
  const wanted = new Map<string, Record<string, unknown>>();
  const { flowContents } = readDefinition(path.join(places.flows, 'brevo.json'));
  await withDatabase(dataDirectory, DATABASE, async (database) => {
    for (const { processors = [] } of flowContents.processGroups ?? []) {
      const property = (name: string): string => processors.map(({ properties }) => properties?.[name]).find((value) => typeof value === 'string')!;
      const sql = property('SQL Query').replace(':last_sync', "TIMESTAMP '1970-01-01'");
      const lines = JSON.parse(property('Mapping')) as Line[];
      for (const row of (await allRows(database, sql)) as Record<string, unknown>[]) addTo(wanted, row, lines);
    }
  });
  return wanted;
}

function addTo(wanted: Map<string, Record<string, unknown>>, row: Record<string, unknown>, lines: readonly Line[]): void {
  const email = String(row.email).trim().toLowerCase();
  const contact = wanted.get(email) ?? {};
  for (const line of lines) if (line.destination !== 'EMAIL' && row[line.source] !== null) contact[line.destination] = plain(row[line.source], line);
  wanted.set(email, contact);
}

function plain(value: unknown, { destination, transform }: Line): unknown {
  if (destination === 'LAST_ORDER_DATE') return String(value).slice(0, 10);
  if (typeof value !== 'string') return Number(String(value));
  return transform?.includes('trim') ? value.trim() : value;
}

/** Brevo holds just what the warehouse says, row by row; no process has the warehouse open. */
export async function checkContacts(brevo: BrevoEmulator, dataDirectory: string): Promise<void> {
  const wanted = await wantedContacts(dataDirectory);
  assert.deepEqual([...brevo.contacts.keys()].sort(), [...wanted.keys()].sort());
  for (const [email, { attributes, lists }] of brevo.contacts) assert.deepEqual({ email, attributes, lists: [...lists] }, { email, attributes: wanted.get(email), lists: [3] });
}

/** The connector beside an emulated Brevo. */
export class BrevoConnector extends Connector {
  readonly brevo: BrevoEmulator;

  private constructor(brevo: BrevoEmulator) {
    super();
    this.brevo = brevo;
  }

  /** With the shipped sample data, or so many customers. */
  static async with(work: (connector: BrevoConnector) => Promise<void>, customers?: number): Promise<void> {
    const brevo = await BrevoEmulator.start();
    const connector = new BrevoConnector(brevo);
    try {
      if (customers !== undefined) await makeShop(connector.directory, customers);
      await connector.begin(brevoDefinition('1 ms'), { [CONTEXT]: parametersFor(brevo) });
      await work(connector);
    } finally {
      await connector.close();
      await brevo.stop();
    }
  }

  setParameters(values: Readonly<Record<string, string>>): Promise<void> {
    return this.set(CONTEXT, values);
  }

  step(group: string, name: string): ProcessorNode {
    return this.processor(name, this.subgroup(group));
  }

  query(name: string): ProcessorNode {
    return this.step(name, `Read ${name.toLowerCase()}`);
  }

  /** Runs the queries of the groups once, then everything until the queues are empty. */
  async run(...groups: string[]): Promise<void> {
    for (const name of groups.length > 0 ? groups : GROUPS) {
      await this.once(this.query(name));
      await this.settled(this.subgroup(name));
    }
  }

  /** Runs one query and waits for words in a bulletin: the rows wait. */
  async runUntilTold(name: string, words: RegExp): Promise<void> {
    await this.once(this.query(name));
    await this.until(() => words.test(this.bulletins));
    assert.ok(this.queued(this.subgroup(name)) > 0, 'the rows wait');
  }

  change(sql: string): Promise<unknown> {
    return this.aside(() => withDatabase(this.directory, DATABASE, (database) => database.execute(sql)));
  }

  check(): Promise<void> {
    return this.aside(() => checkContacts(this.brevo, this.directory));
  }
}
