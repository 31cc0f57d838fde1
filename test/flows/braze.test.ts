import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { places } from '../../server/config.ts';
import { until } from '../api-client.ts';
import { BrazeEmulator } from '../emulators/braze.ts';
import { type FlowRun, FlowServer } from './flow-run.ts';

/** The connector as it is shipped, but for how long it waits before it tries again. */
const definition = (): string => readFileSync(path.join(places.flows, 'braze.json'), 'utf8').replaceAll(/"(penalty|yield)Duration": "[^"]*"/g, '"$1Duration": "10 ms"');

const EVERY_SECOND = { Schedule: '* * * * * ?' };

async function withConnector(work: (braze: BrazeEmulator, flow: FlowRun, server: FlowServer) => Promise<void>, values: Readonly<Record<string, string>> = {}): Promise<void> {
  const braze = await BrazeEmulator.start();
  const server = await FlowServer.start();
  try {
    const flow = await server.upload('braze', definition());
    await flow.setParameters({ 'Braze API Key': 'braze-test', 'Braze REST Endpoint': braze.url, ...EVERY_SECOND, ...values });
    await work(braze, flow, server);
  } finally {
    await server.close();
    await braze.stop();
  }
}

test('as it is shipped, the customers arrive in Braze once, with what is nested in them', () =>
  withConnector(async (braze, flow) => {
    await flow.start();
    await until(() => braze.users.size === 59);
    assert.deepEqual(braze.user({ external_id: 'customer-2' }), {
      first_name: 'Leonie',
      last_name: 'Köhler',
      email: 'leonekohler@surfeu.de',
      home_city: 'Stuttgart',
      country: 'Germany',
      shop: { company: null },
    });
    await flow.stop();
    assert.equal(braze.taken, 59);
  }));

const ROWS = 20_000;
/** Each user twice: the second row is the one that must remain. */
const QUERY = `SELECT TIMESTAMP '2026-01-01 00:00:00' + to_seconds(i // 7) AS UPDATED_AT, 'u' || (i % ${ROWS / 2}) AS EXTERNAL_ID, '{"version": ' || i || '}' AS PAYLOAD
FROM range(${ROWS}) t(i) WHERE TIMESTAMP '2026-01-01 00:00:00' + to_seconds(i // 7) >= :last_sync ORDER BY i`;

test('killed three times in the middle: no row is lost, the order of each user stays, and only requests under way come twice', () =>
  withConnector(
    async (braze, flow, server) => {
      await flow.start();
      for (const requests of [40, 110, 180]) {
        await until(() => braze.received.length >= requests);
        await server.kill();
        await server.open();
      }
      const whole = (): boolean => braze.users.size === ROWS / 2 && [...braze.users.values()].every(({ version }) => Number(version) >= ROWS / 2);
      await until(whole);
      for (let index = 0; index < ROWS / 2; index++) assert.equal(braze.user({ external_id: `u${index}` })!.version, ROWS / 2 + index);
      const mostDoubled = 3 * 16 * 75;
      assert.ok(braze.taken <= ROWS + mostDoubled, `${braze.taken} of ${ROWS} rows were sent`);
    },
    { Query: QUERY },
  ));

test('a key that expires stops the rows, which say what to do; with a new one they arrive', () =>
  withConnector(
    async (braze, flow) => {
      await flow.start();
      await until(async () => (await flow.bulletins()).some((message) => /401: Invalid API key\. Put a valid REST API key/.test(message)));
      assert.equal(braze.users.size, 0);
      await flow.setParameters({ 'Braze API Key': 'braze-test' });
      await until(() => braze.users.size === 59);
    },
    { 'Braze API Key': 'expired' },
  ));
