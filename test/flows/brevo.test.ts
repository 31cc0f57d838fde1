import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../api-client.ts';
import { BrevoEmulator } from '../emulators/brevo.ts';
import { BrevoConnector, brevoDefinition, checkContacts, GROUPS, makeShop, parametersFor } from './brevo-connector.ts';
import { FlowServer } from './flow-run.ts';

const posts = (brevo: BrevoEmulator): number => brevo.received.filter(({ method }) => method === 'POST').length;
const MOVE = "UPDATE customers SET city = 'Berlin', updated_at = TIMESTAMP '2026-05-01 00:00:00' WHERE customer_id = 2";

test('initial load, nothing changed, one change, a cleared state: only what Brevo has not accepted is sent', () =>
  BrevoConnector.with(async (connector) => {
    const { brevo } = connector;
    await connector.run();
    assert.equal(brevo.contacts.size, 59);
    assert.equal(brevo.written, 3 * 59);
    const { attributes, lists } = brevo.contacts.get('leonekohler@surfeu.de')!;
    assert.deepEqual([attributes.FIRSTNAME, attributes.CITY, attributes.LTV_SCORE, attributes.ORDER_COUNT, [...lists]], ['Leonie', 'Stuttgart', 37.62, 7, [3]]);
    assert.match(String(attributes.SEGMENT_NAME), /^(Champions|At risk|Loyal|Recent|Hibernating|Regular)$/);
    await connector.check();

    const before = posts(brevo);
    await connector.run();
    assert.equal(posts(brevo), before, 'nothing changed: nothing is sent');

    await connector.change(MOVE);
    await connector.run();
    assert.equal(posts(brevo), before + 1);
    assert.equal(brevo.contacts.get('leonekohler@surfeu.de')!.attributes.CITY, 'Berlin');

    for (const name of GROUPS) connector.clearState(connector.query(name));
    await connector.run();
    assert.equal(posts(brevo), before + 1, 'read again from scratch, but accepted before');
    await connector.check();
  }));

test('ten thousand contacts, of which Brevo refuses some: every other one is there row by row, each written once a group', () =>
  BrevoConnector.with(async (connector) => {
    const { brevo } = connector;
    const refused = ['c7@example.com', 'c9999@example.com'];
    for (const email of refused) brevo.invalid.add(email);
    await connector.run();
    assert.equal(brevo.written, 3 * 9998);
    brevo.invalid.clear();
    for (const name of GROUPS) connector.clearState(connector.query(name));
    await connector.run();
    assert.equal(brevo.written, 3 * 10_000, 'only those that were refused are sent again');
    await connector.check();
  }, 10_000));

test('a dry run tells and sends nothing; the run after it sends just the requests that were told', () =>
  BrevoConnector.with(async (connector) => {
    const { brevo } = connector;
    await connector.run('Customers');
    await connector.change(MOVE);
    const [requests, written] = [brevo.received.length, brevo.written];
    await connector.setParameters({ 'Dry Run': 'true' });
    await connector.run('Customers');
    await connector.step('Segments', 'What would be sent').stop();
    await connector.once(connector.query('Segments'));
    const report = (): string | undefined => connector.queuedContents(connector.subgroup('Segments')).find((text) => text.startsWith('{'));
    await connector.until(() => report() !== undefined);
    const { requests: told } = JSON.parse(report()!) as { requests: { path: string; body: unknown }[] };
    assert.equal(brevo.received.length, requests);
    assert.match(connector.bulletins, /"changes":\s*\{\s*"count":\s*1,.*"city":\s*"Berlin"/is);
    await connector.setParameters({ 'Dry Run': 'false' });
    await connector.run('Customers', 'Segments');
    assert.equal(brevo.written, written + 1 + 59);
    assert.deepEqual(
      told.map(({ body }) => body),
      [brevo.received.findLast(({ path }) => path.endsWith(told[0]!.path))!.body],
    );
    assert.match(connector.bulletins, /"adds":\s*\{\s*"count":\s*59.*"path":\s*"\/contacts\/import"/s);
  }));

test('limits, errors, cut connections and a refused contact: all others arrive, and the reason is told', () =>
  BrevoConnector.with(async (connector) => {
    const { brevo } = connector;
    const limited = { status: 429, headers: { 'x-sib-ratelimit-reset': '0' } };
    brevo.invalid.add('leonekohler@surfeu.de');
    brevo.fail('/import', limited, limited, limited, { status: 500 }, 'cut');
    brevo.fail('/processes/1', limited, 'cut');
    await connector.run('Customers');
    assert.equal(brevo.contacts.size, 58);
    assert.match(connector.bulletins, /leonekohler@surfeu\.de.*_reason.*left it out of import \d+: invalid emails/s);
  }));

test('an expired key and a missing column, also where no row is new, stop the rows, say what to do, and lose nothing', () =>
  BrevoConnector.with(async (connector) => {
    const { brevo } = connector;
    await connector.setParameters({ 'Brevo API Key': 'xkeysib-expired' });
    await connector.runUntilTold('Customers', /API key/i);
    await connector.setParameters({ 'Brevo API Key': 'xkeysib-test' });
    await connector.until(() => brevo.contacts.size === 59);

    const map = connector.step('Segments', 'Map to attributes');
    await map.stop();
    map.configure({ properties: { Mapping: '[{"source": "email", "destination": "EMAIL"}, {"source": "segmnt", "destination": "SEGMENT_NAME"}]' } });
    map.start();
    await connector.runUntilTold('Segments', /Column segmnt .* is not in the result: change the mapping\. .*segment/);
    assert.ok(!brevo.attributes.has('SEGMENT_NAME'));

    await connector.run('Customers');
    const renamed = connector.step('Customers', 'Map to attributes');
    await renamed.stop();
    renamed.configure({ properties: { Mapping: '[{"source": "email", "destination": "EMAIL"}, {"source": "town", "destination": "CITY"}]' } });
    renamed.start();
    await connector.runUntilTold('Customers', /Column town .* is not in the result: change the mapping\. .*city/);
  }));

test('a disabled group stays off when all is started', () =>
  BrevoConnector.with(async (connector) => {
    await connector.schedule(connector.subgroup('Segments'), 'STOPPED');
    await connector.schedule(connector.subgroup('Segments'), 'DISABLED');
    await connector.schedule(connector.group, 'RUNNING');
    const state = (group: string): string => connector.step(group, 'Send to Brevo').physicalState;
    assert.deepEqual(GROUPS.map(state), ['RUNNING', 'DISABLED', 'RUNNING']);
  }));

/** The connector with 2,000 customers in a real process, whose imports do not end before they are let. Resolves to how many contacts were written. */
async function killed(work: (server: FlowServer, brevo: BrevoEmulator) => Promise<void>): Promise<number> {
  const brevo = await BrevoEmulator.start();
  const server = await FlowServer.start((dataDirectory) => makeShop(dataDirectory, 2000));
  try {
    brevo.hold();
    const flow = await server.upload('brevo', JSON.stringify(brevoDefinition('20 ms', { 'Records Per FlowFile': '1500', 'Imports At A Time': '1' })));
    await flow.setParameters({ ...parametersFor(brevo), Schedule: '* * * * * ?' });
    await flow.start();
    await work(server, brevo);
    // What every row has from each of the three groups, of both FlowFiles.
    const hasAll = ({ attributes }: { attributes: object }): boolean => 'CITY' in attributes && 'RFM_SEGMENT' in attributes && 'LTV_SCORE' in attributes;
    await until(() => brevo.contacts.size === 2000 && [...brevo.contacts.values()].every(hasAll));
    await until(async () => (await flow.status()).flowFilesQueued === 0);
    await server.kill();
    await checkContacts(brevo, server.data);
    return brevo.written;
  } finally {
    await server.close();
    await brevo.stop();
  }
}

const lookedAt = (brevo: BrevoEmulator): Set<string> => new Set(brevo.received.filter(({ path }) => path.includes('/processes/')).map(({ path }) => path));

test('killed while Brevo works on imports, it follows them to their end: nothing is missing, and nothing is paid for twice', async () => {
  const written = await killed(async (server, brevo) => {
    await until(() => lookedAt(brevo).size === 3);
    assert.equal(brevo.contacts.size, 0, 'Brevo has not written anything yet');
    await server.kill();
    brevo.release();
    await server.open();
  });
  assert.equal(written, 3 * 2000);
});

test('killed just when Brevo takes an import on, and again when its import comes to nothing: the rows are sent again', async () => {
  await killed(async (server, brevo) => {
    await until(() => brevo.received.some(({ path }) => path.endsWith('/import')));
    await server.kill();
    await server.open();
    await until(() => lookedAt(brevo).size >= 3);
    await server.kill();
    assert.equal(brevo.contacts.size, 0);
    brevo.release('failed');
    await server.open();
  });
});
