import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '../../processors/duckdb/database.ts';
import { DuckDB } from '../../processors/duckdb/duckdb.ts';
import { places } from '../../server/config.ts';
import type { FlowDefinition } from '../../server/engine/flow-definition/format.ts';
import type { ProcessorNode } from '../../server/engine/processor-node.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import { readDefinition } from '../../server/example.ts';
import { type Millrace, openMillrace } from '../../server/millrace.ts';
import { until } from '../api-client.ts';
import { BrevoEmulator } from '../emulators/brevo.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { FlowServer } from './flow-run.ts';

const GROUPS = ['Customers', 'Segments', 'Analytics'];

/** The connector as it is shipped, but for how long it waits between two looks and requests. */
function connectorDefinition(poll: string): FlowDefinition {
  const text = JSON.stringify(readDefinition(path.join(places.flows, 'brevo.json')));
  const quick = { 'Poll Interval': poll, 'Requests Per Second': '1000', penaltyDuration: '10 ms', yieldDuration: '10 ms' };
  return JSON.parse(text, (key, value: unknown) => (typeof value === 'string' && Object.hasOwn(quick, key) ? quick[key as keyof typeof quick] : value)) as FlowDefinition;
}

/** The connector on a real data directory, beside an emulated Brevo. */
class Connector {
  readonly brevo: BrevoEmulator;
  readonly #directory = temporaryDirectory();
  #millrace!: Millrace;

  constructor(brevo: BrevoEmulator) {
    this.brevo = brevo;
  }

  static async with(work: (connector: Connector) => Promise<void>): Promise<void> {
    const brevo = await BrevoEmulator.start();
    const connector = new Connector(brevo);
    try {
      await connector.#open();
      await connector.#import();
      await work(connector);
    } finally {
      await connector.#millrace.close();
      await brevo.stop();
    }
  }

  async #open(): Promise<void> {
    this.#millrace = await openMillrace({ dataDirectory: this.#directory, log: () => undefined });
    this.#millrace.flow.start();
  }

  async #import(): Promise<void> {
    const { flow } = this.#millrace;
    flow.import(flow.root, { version: 0 }, connectorDefinition('1 ms'));
    this.#apply({ 'Brevo API Key': 'xkeysib-test', 'Brevo API URL': this.brevo.url, 'List IDs': '3' });
    await this.#activate();
    await flow.schedule(this.#top, 'RUNNING');
  }

  #apply(values: Readonly<Record<string, string>>): void {
    const { flow } = this.#millrace;
    const [context] = [...flow.parameterContexts.values()];
    flow.change(context!, context!.revision, () => context!.apply({ parameters: Object.entries(values).map(([name, value]) => ({ name, value })) }));
  }

  async #activate(): Promise<void> {
    await this.#millrace.flow.activateServices(this.#top, 'ENABLED');
    await this.until(() => [...this.#top.services.values()].every(({ isEnabled }) => isEnabled));
  }

  /** Sets parameters with everything stopped, as an update of parameters does, and starts again. */
  async set(values: Readonly<Record<string, string>>): Promise<void> {
    const { flow } = this.#millrace;
    await flow.schedule(this.#top, 'STOPPED');
    await flow.activateServices(this.#top, 'DISABLED');
    this.#apply(values);
    await this.#activate();
    await flow.schedule(this.#top, 'RUNNING');
  }

  get #top(): ProcessGroup {
    return [...this.#millrace.flow.root.groups.values()][0]!;
  }

  group(name: string): ProcessGroup {
    return [...this.#top.groups.values()].find((each) => each.name === name)!;
  }

  processor(group: string, name: string): ProcessorNode {
    return [...this.group(group).processors.values()].find((node) => node.name === name)!;
  }

  /** Runs the queries of the groups once, then everything until the queues are empty. */
  async run(...groups: string[]): Promise<void> {
    for (const name of groups.length > 0 ? groups : GROUPS) {
      await this.#query(name);
      await this.until(() => this.#queued(name) === 0 && ![...this.group(name).processors.values()].some(({ activeThreadCount }) => activeThreadCount > 0));
    }
  }

  async #query(name: string): Promise<void> {
    const node = this.processor(name, `Read ${name.toLowerCase()}`);
    await node.stop();
    node.runOnce();
    await this.until(() => node.physicalState === 'STOPPED');
  }

  /** Runs one query and waits for words in a bulletin: the rows wait. */
  async runUntilTold(name: string, words: RegExp): Promise<void> {
    await this.#query(name);
    await this.until(() => words.test(this.bulletins));
    assert.ok(this.#queued(name) > 0, 'the rows wait');
  }

  get bulletins(): string {
    const found = this.#millrace.flow.bulletins.find();
    return found.map(({ message }) => message).join('\n');
  }

  #queued(name: string): number {
    return [...this.group(name).connections.values()].reduce((sum, { queue }) => sum + queue.objectCount, 0);
  }

  async until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + 180_000;
    while (!condition()) {
      assert.ok(performance.now() < deadline, `nothing moves: ${this.bulletins}`);
      await delay(5);
    }
  }

  clearState(group: string, name: string): void {
    this.#millrace.flow.runtime.journal.setState(this.processor(group, name).id, 'cluster', new Map());
  }

  async schedule(group: string, state: 'RUNNING' | 'STOPPED' | 'DISABLED'): Promise<void> {
    await this.#millrace.flow.schedule(this.group(group), state);
  }

  startAll(): Promise<void> {
    return this.#millrace.flow.schedule(this.#top, 'RUNNING');
  }

  /** A change in the warehouse, which the connector lets go of meanwhile: a restart. */
  async change(sql: string): Promise<void> {
    await this.#millrace.close();
    const file = path.join(this.#directory, 'databases', 'brevo-shop.duckdb');
    const database = new DuckDB(
      await Database.open({ path: file, temporaryDirectory: this.#directory, readOnly: false, memoryLimit: 128 * 1024 ** 2, threads: 1, directories: [] }),
    );
    try {
      await database.execute(sql);
    } finally {
      await database.close();
      await this.#open();
      await this.until(() => [...this.#top.services.values()].every(({ isEnabled }) => isEnabled));
    }
  }
}

const posts = (brevo: BrevoEmulator): number => brevo.received.filter(({ method }) => method === 'POST').length;
const MOVE = "UPDATE customers SET city = 'Berlin', updated_at = TIMESTAMP '2026-05-01 00:00:00' WHERE customer_id = 2";

test('initial load, nothing changed, one change, a cleared state: only what Brevo has not accepted is sent', () =>
  Connector.with(async (connector) => {
    const { brevo } = connector;
    await connector.run();
    assert.equal(brevo.contacts.size, 59);
    assert.equal(brevo.written, 3 * 59);
    const { attributes, lists } = brevo.contacts.get('leonekohler@surfeu.de')!;
    assert.deepEqual([attributes.FIRSTNAME, attributes.CITY, attributes.LTV_SCORE, attributes.ORDER_COUNT, [...lists]], ['Leonie', 'Stuttgart', 37.62, 7, [3]]);
    assert.match(String(attributes.SEGMENT_NAME), /^(Champions|At risk|Loyal|Recent|Hibernating|Regular)$/);

    const before = posts(brevo);
    await connector.run();
    assert.equal(posts(brevo), before, 'nothing changed: nothing is sent');

    await connector.change(MOVE);
    await connector.run();
    assert.equal(posts(brevo), before + 1);
    assert.equal(brevo.contacts.get('leonekohler@surfeu.de')!.attributes.CITY, 'Berlin');

    for (const name of GROUPS) connector.clearState(name, `Read ${name.toLowerCase()}`);
    await connector.run();
    assert.equal(posts(brevo), before + 1, 'read again from scratch, but accepted before');
  }));

test('a dry run tells and sends nothing; the run after it sends what was told', () =>
  Connector.with(async (connector) => {
    const { brevo } = connector;
    await connector.run('Customers');
    await connector.change(MOVE);
    const [requests, written] = [brevo.received.length, brevo.written];
    await connector.set({ 'Dry Run': 'true' });
    await connector.run('Customers');
    await connector.run('Segments');
    assert.equal(brevo.received.length, requests);
    assert.match(connector.bulletins, /"changes":\s*\{\s*"count":\s*1,.*"city":\s*"Berlin"/is);
    assert.match(connector.bulletins, /"adds":\s*\{\s*"count":\s*59.*"path":\s*"\/contacts\/import"/s);
    await connector.set({ 'Dry Run': 'false' });
    await connector.run('Customers', 'Segments');
    assert.equal(brevo.written, written + 1 + 59);
  }));

test('limits, errors, cut connections and a refused contact: all others arrive, and the reason is told', () =>
  Connector.with(async (connector) => {
    const { brevo } = connector;
    const limited = { status: 429, headers: { 'x-sib-ratelimit-reset': '0' } };
    brevo.invalid.add('leonekohler@surfeu.de');
    brevo.fail('/import', limited, limited, limited, { status: 500 }, 'cut');
    brevo.fail('/processes/1', limited, 'cut');
    await connector.run('Customers');
    assert.equal(brevo.contacts.size, 58);
    assert.match(connector.bulletins, /leonekohler@surfeu\.de.*_reason.*left it out of import \d+: invalid emails/s);
  }));

test('an expired key and a missing column stop the rows, say what to do, and lose nothing', () =>
  Connector.with(async (connector) => {
    const { brevo } = connector;
    await connector.set({ 'Brevo API Key': 'xkeysib-expired' });
    await connector.runUntilTold('Customers', /API key/i);
    await connector.set({ 'Brevo API Key': 'xkeysib-test' });
    await connector.until(() => brevo.contacts.size === 59);

    const map = connector.processor('Segments', 'Map to attributes');
    await map.stop();
    map.configure({ properties: { Mapping: '[{"source": "email", "destination": "EMAIL"}, {"source": "segmnt", "destination": "SEGMENT_NAME"}]' } });
    map.start();
    await connector.runUntilTold('Segments', /Column segmnt .* is not in the result: change the mapping\. .*segment/);
    assert.ok(!brevo.attributes.has('SEGMENT_NAME'));
  }));

test('a disabled group stays off when all is started', () =>
  Connector.with(async (connector) => {
    await connector.schedule('Segments', 'STOPPED');
    await connector.schedule('Segments', 'DISABLED');
    await connector.startAll();
    const state = (group: string): string => connector.processor(group, 'Send to Brevo').physicalState;
    assert.deepEqual(GROUPS.map(state), ['RUNNING', 'DISABLED', 'RUNNING']);
  }));

test('killed while Brevo works on an import, it ends as if nothing had been', async () => {
  const server = await FlowServer.start();
  const brevo = await BrevoEmulator.start();
  try {
    const flow = await server.upload('brevo', JSON.stringify(connectorDefinition('500 ms')));
    await flow.setParameters({ 'Brevo API Key': 'xkeysib-test', 'Brevo API URL': brevo.url, 'List IDs': '3', Schedule: '* * * * * ?' });
    await flow.start();
    await until(() => brevo.received.some(({ path }) => path.endsWith('/import')));
    await server.kill();
    await server.open();
    const complete = (): boolean =>
      brevo.contacts.size === 59 && [...brevo.contacts.values()].every(({ attributes }) => 'CITY' in attributes && 'RFM_SEGMENT' in attributes && 'LTV_SCORE' in attributes);
    await until(complete);
    assert.deepEqual([...brevo.contacts.get('leonekohler@surfeu.de')!.lists], [3]);
  } finally {
    await server.close();
    await brevo.stop();
  }
});
