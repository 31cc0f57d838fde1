import assert from 'node:assert/strict';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { until } from '../api-client.ts';
import { type FlowRun, FlowServer } from './flow-run.ts';
import { definition } from './scene.ts';

const RECORDS = 20_000;
const KILLS = 3;

/** Kills the process while something moves in the flow, and starts it again, a few times. */
async function killWhileBusy(server: FlowServer, progress: () => number, whole: number): Promise<void> {
  for (let kills = 0, seen = progress(); kills < KILLS; kills++) {
    const before = seen;
    await until(() => (seen = progress()) > before);
    assert.ok(seen < whole, `all was done before kill ${kills + 1}`);
    await server.kill();
    await server.open();
  }
}

async function open(server: FlowServer, name: string, parameters: Record<string, string> = {}): Promise<FlowRun> {
  const flow = await server.upload(name, definition(name));
  await flow.setParameters({ in: flow.path('in'), out: flow.path('out'), ...parameters });
  return flow;
}

async function withServer(work: (server: FlowServer) => Promise<void>): Promise<void> {
  const server = await FlowServer.start();
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

test('a flow of files that is killed again and again writes every file, whole', () =>
  withServer(async (server) => {
    const flow = await open(server, 'set-aside');
    const names = Array.from({ length: 400 }, (_, index) => `${index}.json`);
    flow.put(Object.fromEntries(names.map((name, index) => [name, `[{"n":${index}}]`])));
    await flow.start();
    await killWhileBusy(server, () => Object.keys(flow.out()).length, names.length);
    await flow.expect(Object.fromEntries(names.map((name, index) => [`good-${name}`, `n\n${index}\n`])));
    await flow.isDone();
  }));

test('rows of a table arrive in another one, none lost; its key refuses doubles', () =>
  withServer(async (server) => {
    const flow = await open(server, 'table-copy');
    const source = new Sqlite(flow.path('source.db'));
    source.exec(`CREATE TABLE orders (id INTEGER PRIMARY KEY, email TEXT, total REAL, status TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${RECORDS}) INSERT INTO orders SELECT i, 'A' || i, i, 'new' FROM n`);
    const target = new Sqlite(flow.path('target.db'));
    target.exec('PRAGMA journal_mode = WAL; CREATE TABLE orders_copy (id INTEGER, email TEXT, total REAL, status TEXT); CREATE TABLE runs (what TEXT)');
    const count = target.prepare('SELECT count(*) FROM orders_copy').pluck();
    await flow.setParameters({ source: `jdbc:sqlite:${flow.path('source.db')}`, target: `jdbc:sqlite:${flow.path('target.db')}` });
    await flow.start();
    await server.kill();
    await server.open();
    await until(() => (count.get() as number) >= RECORDS);
    await flow.isDone();
    // PutDatabaseRecord writes a FlowFile in one transaction: killed between it and our own commit, it is written again, as in NiFi.
    assert.equal(target.prepare('SELECT count(DISTINCT id) FROM orders_copy').pluck().get(), RECORDS);
    assert.equal((count.get() as number) % RECORDS, 0);
    source.close();
    target.close();
  }));

test('fragments that wait for each other find together after kills', () =>
  withServer(async (server) => {
    const flow = await open(server, 'wait-for-all');
    const wholes = Array.from({ length: 40 }, (_, index) => `${'banana\n'.repeat(20)}${'x'.repeat(index)}\n`);
    await flow.start();
    for (const [index, whole] of wholes.entries()) flow.put({ [`${index}.txt`]: whole });
    await killWhileBusy(server, () => Object.keys(flow.out()).length, wholes.length);
    await flow.expect(Object.fromEntries(wholes.map((whole) => [`whole-${whole.length}.txt`, whole])));
    await flow.isDone();
  }));
