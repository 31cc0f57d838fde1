import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openMillrace } from '../../server/millrace.ts';
import { FlowBench, standard } from './flow.ts';
import type { Result } from './main.ts';
import { ServerProcess } from './server.ts';

const [PROCESSORS, CONNECTIONS] = [1000, 1500];
const CLIENTS = 200;
const SECONDS = 8;
/** Windows with and without clients take turns, so that what else the machine does falls on both. */
const TURNS = 3;
const UPDATE = 'org.apache.nifi.processors.attributes.UpdateAttribute';

interface Groups {
  readonly big: string;
  /** With a flow that runs as fast as it can. */
  readonly busy: string;
}

/** How long a large group takes to be shown, and what polling clients cost the engine. */
export async function polling(): Promise<Result[]> {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-polling-'));
  let server: ServerProcess | undefined;
  try {
    const groups = await fill(directory);
    server = await ServerProcess.start(directory, '--no-example', '--auth', 'none');
    const shown = await showing(server, groups);
    return [...shown, ...(await polled(server, groups))];
  } finally {
    await server?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

async function fill(dataDirectory: string): Promise<Groups> {
  const { flow, close } = await openMillrace({ dataDirectory, log: () => undefined });
  flow.start();
  const groups = flow.batch(() => {
    const big = new FlowBench(flow, 'big');
    const source = big.processor(standard('GenerateFlowFile'), { 'File Size': '1 B' }, { schedulingPeriod: '200 ms' });
    const nodes = Array.from({ length: PROCESSORS - 1 }, (_, n) => big.processor(UPDATE, { [`attribute ${n}`]: 'value' }));
    big.connect(source, nodes[0]!, ['success']);
    for (let n = 1; n < nodes.length; n++) big.connect(nodes[n - 1]!, nodes[n]!, ['success']);
    for (let n = nodes.length; n < CONNECTIONS; n++) big.connect(nodes[n - nodes.length]!, flow.createFunnel(big.group, { version: 0 }) as never, ['success']);
    const busy = new FlowBench(flow, 'busy');
    const make = busy.processor(standard('GenerateFlowFile'), { 'File Size': '1 KB', 'Batch Size': '100' }, { schedulingPeriod: '0 sec' });
    const update = busy.processor(UPDATE, { kind: "${filename:substring(0, 4):append('-small')}" });
    const count = busy.processor(standard('UpdateCounter'), { 'Counter Name': 'through' }, { autoTerminatedRelationships: ['success'] });
    busy.connect(make, update, ['success']);
    busy.connect(update, count, ['success']);
    return { big: big.group.id, busy: busy.group.id };
  });
  await close();
  return groups;
}

/** First answer, answers while nothing changes, and while figures change. */
async function showing(server: ServerProcess, { big }: Groups): Promise<Result[]> {
  const route = `/flow/process-groups/${big}`;
  const results = [await shown(server, 'first', route, 1), await shown(server, 'nothing changes', route)];
  await schedule(server, big, 'RUNNING');
  await delay(2000);
  results.push(await shown(server, 'figures change', route));
  await schedule(server, big, 'STOPPED');
  results.push(await shown(server, 'only for a canvas', `${route}?uiOnly=true`));
  return results;
}

/** The answer's time at a client beside the server, and the server's CPU, which says more on a busy machine. */
async function shown(server: ServerProcess, what: string, route: string, answers = 60): Promise<Result> {
  const cpu = server.cpuSeconds;
  const times: number[] = [];
  for (let i = 0; i < answers; i++) times.push(await timed(server, route));
  const cpuMillis = ((server.cpuSeconds - cpu) * 1000) / answers;
  return {
    bench: 'show-group',
    what,
    processors: PROCESSORS,
    connections: CONNECTIONS,
    p50_ms: quantile(times, 0.5),
    p95_ms: quantile(times, 0.95),
    server_cpu_ms: Number(cpuMillis.toFixed(1)),
  };
}

/** FlowFiles a second and CPU with and without clients that poll as NiFi's canvas does: every 30 seconds, and for those who set it to less. */
async function polled(server: ServerProcess, { busy }: Groups): Promise<Result[]> {
  await schedule(server, busy, 'RUNNING');
  await delay(3000);
  const results: Result[] = [];
  for (const every of [30, 5]) {
    const sums = { alone: { count: 0, cpu: 0 }, polled: { count: 0, cpu: 0 } };
    let answers = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      add(sums.alone, await window(server));
      const clients = await startClients(server, busy, every);
      add(sums.polled, await window(server));
      answers += await stopClients(clients);
    }
    const rate = ({ count }: { count: number }): number => Math.round(count / (TURNS * SECONDS));
    results.push({
      bench: 'polling',
      clients: CLIENTS,
      every_s: every,
      answers_per_s: Math.round(answers / (TURNS * SECONDS)),
      alone_flowfiles_per_s: rate(sums.alone),
      polled_flowfiles_per_s: rate(sums.polled),
      loss_percent: Number((100 - (100 * sums.polled.count) / sums.alone.count).toFixed(1)),
      alone_flowfiles_per_cpu_s: Math.round(sums.alone.count / sums.alone.cpu),
      polled_flowfiles_per_cpu_s: Math.round(sums.polled.count / sums.polled.cpu),
    });
  }
  await schedule(server, busy, 'STOPPED');
  return results;
}

interface Sum {
  count: number;
  cpu: number;
}

function add(sum: Sum, { count, cpu }: Sum): void {
  sum.count += count;
  sum.cpu += cpu;
}

async function window(server: ServerProcess): Promise<Sum> {
  const [before, cpu] = [await through(server), server.cpuSeconds];
  await delay(SECONDS * 1000);
  return { count: (await through(server)) - before, cpu: server.cpuSeconds - cpu };
}

async function through(server: ServerProcess): Promise<number> {
  const { counters } = await server.get<{ counters: { aggregateSnapshot: { counters: { name: string; valueCount: number }[] } } }>('/counters');
  return counters.aggregateSnapshot.counters.find(({ name }) => name === 'through')?.valueCount ?? 0;
}

async function schedule(server: ServerProcess, id: string, state: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${server.base}/nifi-api/flow/process-groups/${id}`, { method: 'PUT', headers, body: JSON.stringify({ id, state }) });
  if (status !== 200) throw new Error(`Scheduling the group: ${status}`);
}

const agent = new Agent({ keepAlive: true });

/** Milliseconds from the request to the last byte. */
async function timed(server: ServerProcess, route: string): Promise<number> {
  const begun = performance.now();
  const [response] = (await once(get(`${server.base}/nifi-api${route}`, { agent }), 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
  return performance.now() - begun;
}

function quantile(times: readonly number[], share: number): number {
  return Number([...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * share)]!.toFixed(1));
}

/** A process of its own, so that the clients' work is not the server's. Resolves when all have asked once. */
async function startClients({ base }: ServerProcess, groupId: string, every: number): Promise<ChildProcess> {
  const file = fileURLToPath(new URL('./polling-clients.js', import.meta.url));
  const child = spawn(process.execPath, [file, base, groupId, String(CLIENTS), String(every)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}

/** How many answers the clients got since they all had one. */
async function stopClients(child: ChildProcess): Promise<number> {
  child.send('stop');
  const [answers] = (await once(child, 'message')) as [number];
  child.kill();
  return answers;
}
