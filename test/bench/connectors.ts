import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FlowDefinition } from '../../server/engine/flow-definition/format.ts';
import { brevoDefinition, makeShop } from '../flows/brevo-connector.ts';
import { Connector } from '../flows/connector.ts';
import { hubspotDefinition } from '../flows/hubspot-connector.ts';
import type { Result } from './main.ts';

const OBJECTS = 100_000;
/** Contacts in an import of the bare client: as many as the connector reads into a FlowFile. */
const PORTION = 10_000;

type Customer = Readonly<Record<'email' | 'first_name' | 'last_name' | 'company' | 'city' | 'country', string | null>>;

interface Emulators<T> {
  readonly hubspot: T;
  readonly brevo: T;
}

class BenchConnector extends Connector {
  static async of(
    definition: FlowDefinition,
    context: string,
    values: Readonly<Record<string, string>>,
    prepare = async (_: string): Promise<unknown> => undefined,
  ): Promise<BenchConnector> {
    const connector = new BenchConnector();
    await prepare(connector.directory);
    await connector.begin(definition, { [context]: values });
    return connector;
  }

  /** Seconds until the processor's rows have all come through. */
  async seconds(source: string, counter: string, group = this.group): Promise<number> {
    const started = performance.now();
    await this.once(this.processor(source, group));
    await this.until(() => this.counter(counter) >= OBJECTS, 600_000);
    return (performance.now() - started) / 1000;
  }
}

async function ask<T>(child: ChildProcess): Promise<Emulators<T>> {
  child.send('requests');
  return ((await once(child, 'message')) as [Emulators<T>])[0];
}

const post = (url: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

/** A client that does nothing but read all pages. */
async function bareHubSpot(url: string): Promise<number> {
  const started = performance.now();
  for (let after = '0'; ; ) {
    const filters = [{ propertyName: 'hs_object_id', operator: 'GT', value: after }];
    const body = { filterGroups: [{ filters }], sorts: ['hs_object_id'], properties: ['hs_object_id', 'createdate', 'lastmodifieddate', 'email', 'score'], limit: 200, after: '0' };
    const answer = await post(`${url}/crm/objects/2026-03/contacts/search`, { authorization: 'Bearer pat-test' }, body);
    const { results } = (await answer.json()) as { results: { id: string }[] };
    if (results.length < 200) return (performance.now() - started) / 1000;
    after = results.at(-1)!.id;
  }
}

/** The customers of the warehouse, other people than the connector's, as a query answers them. */
const customers = (): Customer[] =>
  Array.from({ length: OBJECTS }, (_, index) => ({
    email: `Bare${index}@example.com`,
    first_name: `First${index}`,
    last_name: `Last${index}`,
    company: index % 3 === 0 ? `Company ${index}` : null,
    city: `City${index % 100}`,
    country: 'Germany',
  }));

/** The connector's mapping of a customer by hand. */
function contactOf({ email, first_name, last_name, company, city, country }: Customer): object {
  const attributes = { FIRSTNAME: first_name?.trim(), LASTNAME: last_name?.trim(), COMPANY: company, CITY: city, COUNTRY: country };
  return { email: email!.trim().toLowerCase(), attributes };
}

/** A client that does nothing but map rows that it has in memory to contacts, send them, and wait. */
async function bareBrevo(url: string): Promise<number> {
  const headers = { 'api-key': 'xkeysib-test' };
  const rows = customers();
  const started = performance.now();
  for (let from = 0; from < OBJECTS; from += PORTION) {
    const jsonBody = rows.slice(from, from + PORTION).map(contactOf);
    const { processId } = (await (await post(`${url}/contacts/import`, headers, { jsonBody, listIds: [3] })).json()) as { processId: number };
    const ended = async (): Promise<boolean> => ((await (await fetch(`${url}/processes/${processId}`, { headers })).json()) as { status: string }).status === 'completed';
    while (!(await ended())) await delay(5);
  }
  return (performance.now() - started) / 1000;
}

function result(connector: string, seconds: number, bare: number, requests: number): Result {
  const peak = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
  const rate = Math.round(OBJECTS / seconds);
  return {
    bench: 'connectors',
    connector,
    objects: OBJECTS,
    objects_per_s: rate,
    bare_client_per_s: Math.round(OBJECTS / bare),
    of_bare_client: Number((bare / seconds).toFixed(2)),
    requests,
    peak_memory_mb: peak,
  };
}

async function hubspot(child: ChildProcess, url: string): Promise<Result> {
  const values = { 'HubSpot Access Token': 'pat-test', 'HubSpot API URL': url, 'Search Requests Per Second': '1000' };
  const connector = await BenchConnector.of(hubspotDefinition(), 'HubSpot Source', values);
  const before = await ask<number>(child);
  const seconds = await connector.seconds('Decide what to read', 'rows written');
  const requests = (await ask<number>(child)).hubspot - before.hubspot;
  await connector.close();
  return result('HubSpot to DuckDB', seconds, await bareHubSpot(url), requests);
}

async function brevo(child: ChildProcess, url: string): Promise<Result> {
  const values = { 'Brevo API Key': 'xkeysib-test', 'Brevo API URL': url, 'List IDs': '3' };
  const connector = await BenchConnector.of(brevoDefinition('5 ms', { 'Requests Per Second': '1000' }), 'Warehouse to Brevo', values, (directory) => makeShop(directory, OBJECTS));
  const before = await ask<number>(child);
  const seconds = await connector.seconds('Read customers', 'rows sent', connector.subgroup('Customers'));
  const requests = (await ask<number>(child)).brevo - before.brevo;
  await connector.close();
  return result('DuckDB to Brevo', seconds, await bareBrevo(url), requests);
}

/** The connectors as they are shipped, but for their limits of requests a second, and a bare client at the same emulators. */
export async function connectors(): Promise<Result[]> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(new URL(`./connector-emulators${import.meta.url.slice(-3)}`, import.meta.url)), String(OBJECTS)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [urls] = (await once(child, 'message')) as [Emulators<string>];
    return [await hubspot(child, urls.hubspot), await brevo(child, urls.brevo)];
  } finally {
    child.kill();
  }
}
