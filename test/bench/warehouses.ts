import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openMillrace } from '../../server/millrace.ts';
import { FlowBench, standard } from './flow.ts';
import type { Result } from './main.ts';
import { ServerProcess } from './server.ts';
import { type BenchWarehouse, WAREHOUSES } from './warehouse-servers.ts';

const ROWS = 10_000_000;
const PATIENCE = 3_600_000;

/** QueryWarehouse -> UpdateCounter, to be started with the next process on this data directory. */
async function prepare(dataDirectory: string, { type, properties, sql }: BenchWarehouse): Promise<void> {
  const { flow, close } = await openMillrace({ dataDirectory, log: ({ level, message }) => level === 'error' && console.error(message) });
  flow.start();
  const bench = new FlowBench(flow);
  const warehouse = flow.createService(bench.group, { version: 0 }, { type, name: 'warehouse', properties });
  const query = bench.processor('dev.millrace.warehouse.QueryWarehouse', { Warehouse: warehouse.id, 'SQL Query': sql }, { schedulingPeriod: '1 day' });
  const sink = bench.processor(standard('UpdateCounter'), { 'Counter Name': 'read', Delta: '${record.count}' }, { autoTerminatedRelationships: ['success'] });
  bench.connect(query, sink, ['success']);
  await flow.activateServices(bench.group, 'ENABLED');
  while (warehouse.state !== 'ENABLED') await delay(10);
  flow.batch(() => {
    for (const node of [sink, query]) node.start();
  });
  // The run that this begins ends with this process; the next one begins anew.
  await close();
}

async function read(name: string, rows: number): Promise<Result> {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-warehouse-'));
  const extension = import.meta.url.slice(-3);
  const servers = spawn(process.execPath, [...process.execArgv, fileURLToPath(new URL(`./warehouse-servers${extension}`, import.meta.url)), name, String(rows)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [warehouse] = (await once(servers, 'message')) as [BenchWarehouse];
    await prepare(directory, warehouse);
    return await measured(name, rows, directory);
  } finally {
    await ended(servers);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const end = once(child, 'exit');
  child.kill('SIGTERM');
  await end;
}

async function measured(name: string, rows: number, directory: string): Promise<Result> {
  const started = performance.now();
  const server = await ServerProcess.start(directory, '--no-example');
  try {
    const idle = server.peakBytes;
    while ((await server.counter('read')) < rows) {
      if (performance.now() - started > PATIENCE) throw new Error(`${name} took too long:\n${server.output}`);
      await delay(250);
    }
    const seconds = (performance.now() - started) / 1000;
    return {
      bench: 'warehouses',
      warehouse: name,
      rows,
      seconds: Math.round(seconds),
      rows_per_s: Math.round(rows / seconds),
      at_start_mb: Math.round(idle / 1e6),
      peak_memory_mb: Math.round(server.peakBytes / 1e6),
    };
  } finally {
    await server.kill('SIGTERM');
  }
}

/** Ten million narrow rows (or MILLRACE_BENCH_ROWS) from each warehouse (or those in MILLRACE_BENCH_WAREHOUSES) through QueryWarehouse: the most memory that the process had. */
export async function warehouses(): Promise<Result[]> {
  const rows = Number(process.env.MILLRACE_BENCH_ROWS ?? ROWS);
  const wanted = process.env.MILLRACE_BENCH_WAREHOUSES?.split(';') ?? Object.keys(WAREHOUSES);
  const results: Result[] = [];
  for (const name of wanted) results.push(await read(name, rows));
  return results;
}
