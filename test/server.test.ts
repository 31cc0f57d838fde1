import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import { places } from '../server/config.ts';
import { freePort, ServerProcess } from './bench/server.ts';

const main = path.join(places.project, 'dist', 'server', 'main.js');

/** Servers of the test under way, to be ended before their directories go. */
const running: ServerProcess[] = [];

function scratch(context: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-server-'));
  context.after(async () => {
    for (const server of running.splice(0)) await server.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

async function started(directory: string, ...flags: string[]): Promise<ServerProcess> {
  const server = await ServerProcess.start(directory, ...flags);
  running.push(server);
  return server;
}

interface Entity {
  readonly id: string;
  readonly revision: { readonly version: number };
  readonly component: { readonly name: string; readonly type: string; readonly state: string; readonly physicalState?: string };
}

/** The one group that the first start makes, and its processors by name. */
async function example(server: ServerProcess) {
  const root = await server.get<{ processGroupFlow: { flow: { processGroups: Entity[] } } }>('/flow/process-groups/root');
  const [group] = root.processGroupFlow.flow.processGroups;
  assert.equal(group?.component.name, 'Customer segments');
  const { processors } = await server.get<{ processors: Entity[] }>(`/process-groups/${group.id}/processors`);
  const named = (name: string): Entity => processors.find(({ component }) => component.name === name)!;
  return { group, processors, query: named('Customer lifetime value and segment'), put: named('Write contacts') };
}

async function counter(server: ServerProcess, name: string): Promise<number> {
  const { counters } = await server.get<{ counters: { aggregateSnapshot: { counters: { name: string; valueCount: number }[] } } }>('/counters');
  return counters.aggregateSnapshot.counters.find((each) => each.name === name)?.valueCount ?? 0;
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await condition())) {
    assert.ok(performance.now() < end, `timed out waiting for ${what}`);
    await delay(50);
  }
}

async function send(server: ServerProcess, method: string, route: string, body?: unknown): Promise<Response> {
  const response = await fetch(`${server.base}/nifi-api${route}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${route}: ${response.status} ${await response.clone().text()}`);
  return response;
}

async function runStatus(server: ServerProcess, { id }: Entity, state: string): Promise<void> {
  const { revision } = await server.get<Entity>(`/processors/${id}`);
  await send(server, 'PUT', `/processors/${id}/run-status`, { revision, state });
}

async function contacts(directory: string): Promise<{ rows: number; emails: number; total: number }> {
  const instance = await DuckDBInstance.create(path.join(directory, 'databases', 'marketing.duckdb'), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const [row] = (await connection.runAndReadAll('select count(*) as n, count(distinct EMAIL) as emails, sum(LTV_SCORE) as total from contacts')).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return { rows: Number(row!.n), emails: Number(row!.emails), total: Number(row!.total) };
}

test('the first start runs the main job; again writes nothing new; cleared state writes all again without duplicates', async (context) => {
  const directory = scratch(context);
  const server = await started(directory);
  const { query } = await example(server);
  await until('everything to run', async () => (await example(server)).processors.every(({ component }) => component.state === 'RUNNING'));
  await until('all contacts', async () => (await counter(server, 'rows written')) === 59);

  await runStatus(server, query, 'STOPPED');
  await until('the query to stop', async () => (await server.get<Entity>(`/processors/${query.id}`)).component.physicalState === 'STOPPED');
  await runStatus(server, query, 'RUN_ONCE');
  await until('the second run', async () => (await server.get<Entity>(`/processors/${query.id}`)).component.state === 'STOPPED');
  assert.deepEqual([await counter(server, 'rows written'), await counter(server, 'rows unchanged')], [59, 0]);

  const { componentState } = await server.get<{ componentState: { clusterState: { state: { key: string; value: string }[] } } }>(`/processors/${query.id}/state`);
  assert.equal(componentState.clusterState.state.find(({ key }) => key === 'last_sync')?.value, '2011-12-22');
  await send(server, 'POST', `/processors/${query.id}/state/clear-requests`);
  await runStatus(server, query, 'RUN_ONCE');
  await until('everything again', async () => (await counter(server, 'rows unchanged')) === 59);
  assert.equal(await counter(server, 'rows written'), 59);

  assert.equal(await server.kill('SIGTERM'), 0);
  assert.deepEqual(await contacts(directory), { rows: 59, emails: 59, total: 2328.6 });
});

test('SIGTERM stops within five seconds with exit code 0, and the next start goes on with everything', async (context) => {
  const directory = scratch(context);
  const first = await started(directory);
  const { put } = await example(first);
  await runStatus(first, put, 'STOPPED');
  const began = performance.now();
  assert.equal(await first.kill('SIGTERM'), 0);
  assert.ok(performance.now() - began < 5000);
  const second = await started(directory);
  const state = async (name: string): Promise<string> => (await example(second)).processors.find(({ component }) => component.name === name)!.component.state;
  await until('the mapper to run', async () => (await state('Map to contact fields')) === 'RUNNING');
  assert.equal(await state('Write contacts'), 'STOPPED');
  assert.equal(
    (await second.get<{ processGroupFlow: { flow: { processGroups: unknown[] } } }>('/flow/process-groups/root')).processGroupFlow.flow.processGroups.length,
    1,
    'the example comes once',
  );
});

test('a stop that was acknowledged outlives kill -9', async (context) => {
  const directory = scratch(context);
  const first = await started(directory);
  const { put } = await example(first);
  await runStatus(first, put, 'STOPPED');
  await first.kill('SIGKILL');
  const second = await started(directory);
  assert.equal((await second.get<Entity>(`/processors/${put.id}`)).component.state, 'STOPPED');
});

test('what cannot be started says why and changes nothing', async (context) => {
  const directory = scratch(context);
  const server = await started(directory, '--no-example');
  const { port } = new URL(server.base);
  const newer = scratch(context);
  const db = new Database(path.join(newer, 'millrace.db'));
  db.pragma('user_version = 99');
  db.close();
  const table: [string[], RegExp][] = [
    [['--data', directory, '--port', '0'], /in use by another Millrace \(process \d+\)/],
    [['--data', scratch(context), '--port', port], /cannot listen on 127\.0\.0\.1:\d+ .*another --port/],
    [['--data', newer, '--port', '0'], /written by a newer Millrace \(schema 99/],
    [['--host', '0.0.0.0', '--auth', 'none'], /allowed on a loopback address only, not on 0\.0\.0\.0/],
    [['--tls-key', 'key.pem'], /Give both --tls-key and --tls-cert/],
    [['--tls-self-signed', '--tls-key', 'key.pem'], /either that, or --tls-key and --tls-cert/],
    [['--tls-key', 'nowhere.pem', '--tls-cert', 'nowhere.pem'], /--tls-key nowhere\.pem cannot be read/],
    [['--tls-key', main, '--tls-cert', main], /do not make a key and its certificate/],
    [['--auth', 'maybe'], /--auth maybe is unknown/],
    [['--port', 'http'], /--port http is not a port/],
    [['--time-zone', 'Mars/Olympus'], /--time-zone Mars\/Olympus is unknown/],
  ];
  for (const [flags, message] of table) {
    const { status, stderr } = spawnSync(process.execPath, [main, 'start', ...flags], { encoding: 'utf8', timeout: 20_000, cwd: scratch(context) });
    assert.equal(status, 1, flags.join(' '));
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n {4}at /, 'no stack trace');
  }
});

test('whoever asks while the server starts is answered, and nothing is said twice', async (context) => {
  const port = await freePort();
  const child = spawn(process.execPath, [main, 'start', '--port', String(port), '--data', scratch(context), '--no-example'], { stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  const ask = (): Promise<number> =>
    fetch(`http://127.0.0.1:${port}/nifi-api/flow/about`, { signal: AbortSignal.timeout(10_000) }).then(
      ({ status }) => status,
      (failure: Error) => {
        assert.notEqual(failure.name, 'TimeoutError', 'a request was left without an answer');
        return 0;
      },
    );
  const answers = new Set<number>();
  while (!answers.has(401) && child.exitCode === null) answers.add(await ask());
  assert.deepEqual(
    [...answers].filter((status) => ![0, 401, 503].includes(status)),
    [],
  );
  assert.ok(answers.has(401), output);
  child.kill('SIGTERM');
  await once(child, 'exit');
  assert.equal(output.match(/Log in as admin/g)?.length, 1);
});
