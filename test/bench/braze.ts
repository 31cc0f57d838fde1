import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { places } from '../../server/config.ts';
import { withDatabase } from '../flows/connector.ts';
import { FlowServer } from '../flows/flow-run.ts';
import type { BrazeCount, BrazeQuestion, Comparison } from './braze-emulator.ts';
import type { Result } from './main.ts';

const ROWS = Number(process.env.BRAZE_ROWS ?? 1_000_000);
const PER_REQUEST = 75;
/** As many requests under way as the connector has. */
const CONCURRENT = 16;
/** What Braze allows: 3,000 requests in three seconds with 75 objects each. */
const ALLOWED_PER_SECOND = 1000 * PER_REQUEST;

const fillSource = (dataDirectory: string): Promise<unknown> =>
  withDatabase(dataDirectory, 'braze-shop.duckdb', (database) =>
    database.execute(`CREATE TABLE braze_sync AS SELECT TIMESTAMP '2026-01-01' + to_seconds(i // 7) AS UPDATED_AT, 'user-' || i AS EXTERNAL_ID,
      to_json({'first_name': 'First' || i, 'last_name': 'Last' || i, 'home_city': 'City' || i % 100, 'score': i, 'shop': {'company': 'C' || i % 977}})::VARCHAR AS PAYLOAD
      FROM range(${ROWS}) t(i)`),
  );

/** The emulator in a process of its own, so that its work is not the connector's. */
class Workspace {
  readonly #child: ChildProcess;
  url = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<Workspace> {
    const file = fileURLToPath(new URL(`./braze-emulator${import.meta.url.slice(-3)}`, import.meta.url));
    const workspace = new Workspace(spawn(process.execPath, [...process.execArgv, file], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
    [workspace.url] = (await once(workspace.#child, 'message')) as [string];
    return workspace;
  }

  async ask<T = BrazeCount>(question: BrazeQuestion): Promise<T> {
    this.#child.send(question);
    return ((await once(this.#child, 'message')) as [T])[0];
  }

  /** Waits until so many objects were taken, or until all users are there. */
  async until(isSo: (count: BrazeCount) => boolean): Promise<BrazeCount> {
    for (;;) {
      const count = await this.ask('count');
      if (isSo(count)) return count;
      await delay(20);
    }
  }

  stop(): void {
    this.#child.kill();
  }
}

/** A client that does nothing but send what is in memory, as many requests beside each other as the connector. Seconds. */
async function bareClient(url: string): Promise<number> {
  const objects = Array.from({ length: ROWS }, (_, i) => ({
    first_name: `First${i}`,
    last_name: `Last${i}`,
    home_city: `City${i % 100}`,
    score: i,
    shop: { company: `C${i % 977}` },
    external_id: `user-${i}`,
  }));
  const pool = new Pool(url, { connections: CONCURRENT });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer braze-test' };
  let from = 0;
  const started = performance.now();
  const loop = async (): Promise<void> => {
    for (; from < ROWS; ) {
      const attributes = objects.slice(from, (from += PER_REQUEST));
      const { body } = await pool.request({ method: 'POST', path: '/users/track', headers, body: JSON.stringify({ attributes }) });
      await body.json();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, loop));
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  return seconds;
}

interface Run {
  readonly seconds: number;
  readonly count: BrazeCount;
  readonly comparison: Comparison;
  readonly memory: number;
}

/** The connector as it is shipped, on a real server, which is killed whenever so many objects were taken. */
async function run(workspace: Workspace, kills: readonly number[]): Promise<Run> {
  const before = await workspace.ask('forget');
  const server = await FlowServer.start(fillSource);
  try {
    const flow = await server.upload('braze', readFileSync(path.join(places.flows, 'braze.json'), 'utf8'));
    await flow.setParameters({ 'Braze API Key': 'braze-test', 'Braze REST Endpoint': workspace.url, Schedule: '* * * * * ?' });
    await flow.start();
    const started = performance.now();
    for (const objects of kills) {
      await workspace.until(({ taken }) => taken >= objects);
      await server.kill();
      await server.open();
    }
    const count = await workspace.until(({ users }) => users >= ROWS);
    const seconds = (performance.now() - started) / 1000;
    await flow.isDone();
    const memory = server.residentBytes;
    await server.kill();
    const comparison = await workspace.ask<Comparison>({ compareWith: server.data });
    return { seconds, count: { ...count, requests: count.requests - before.requests, taken: (await workspace.ask('count')).taken }, comparison, memory };
  } finally {
    await server.close();
  }
}

function result(name: string, { seconds, count, comparison, memory }: Run, bare: number): Result {
  const rate = ROWS / seconds;
  const { missing, different, surplus } = comparison;
  return {
    bench: 'braze',
    run: name,
    rows: ROWS,
    seconds: Number(seconds.toFixed(1)),
    rows_per_s: Math.round(rate),
    of_limit: Number((rate / ALLOWED_PER_SECOND).toFixed(2)),
    bare_client_per_s: Math.round(ROWS / bare),
    of_bare_client: Number((bare / seconds).toFixed(2)),
    requests: count.requests,
    missing,
    different,
    surplus,
    sent_twice: count.taken - ROWS,
    memory_mb: Math.round(memory / 1e6),
  };
}

/** A million rows of DuckDB as attributes, once undisturbed and once with three kill -9, each compared row by row. */
export async function braze(): Promise<Result[]> {
  const workspace = await Workspace.start();
  try {
    const bare = await bareClient(workspace.url);
    const undisturbed = await run(workspace, []);
    const killed = await run(
      workspace,
      [0.2, 0.5, 0.8].map((part) => Math.round(part * ROWS)),
    );
    return [result('undisturbed', undisturbed, bare), result('three kill -9', killed, bare)];
  } finally {
    workspace.stop();
  }
}
