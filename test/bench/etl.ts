import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { FlowBench, withMillrace } from './flow.ts';
import type { Result } from './main.ts';

const ORDERS = 1_000_000;
const CUSTOMERS = 200_000;

/** Orders as a shop has them: five a customer, totals and days spread evenly. */
const SETUP = `create table if not exists orders as
  select i as order_id, i % ${CUSTOMERS} as customer_id, 'customer' || (i % ${CUSTOMERS}) || '@example.org' as email,
    cast((i * 7919) % 100000 as decimal(12, 2)) / 100 as total, date '2020-01-01' + cast((i * 31) % 2000 as integer) as ordered
  from range(${ORDERS}) t(i)`;

const QUERY = `select email, sum(total) as lifetime_value, count(*) as order_count, max(ordered) as last_order from orders group by customer_id, email`;

const MAPPING = JSON.stringify([
  { source: 'email', destination: 'EMAIL', type: 'text', required: true },
  { source: 'lifetime_value', destination: 'LTV_SCORE', type: 'decimal' },
  { source: 'order_count', destination: 'ORDER_COUNT', type: 'integer' },
  { source: 'last_order', destination: 'LAST_ORDER_DATE', type: 'date' },
]);

/** The same by hand: query in DuckDB, rows as JSON texts and back, appended to a table with a key in a second DuckDB file. */
async function bareLoop(directory: string): Promise<number> {
  const source = await (await DuckDBInstance.create(path.join(directory, 'source.duckdb'))).connect();
  const target = await (await DuckDBInstance.create(path.join(directory, 'target.duckdb'))).connect();
  await source.run(SETUP);
  await target.run('create table contacts (EMAIL varchar primary key, LTV_SCORE decimal(18, 2), ORDER_COUNT bigint, LAST_ORDER_DATE date)');
  const started = performance.now();
  const result = await source.stream(QUERY);
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const rows = chunk.getRows().map(([email, value, count, day]) => ({ EMAIL: email, LTV_SCORE: String(value), ORDER_COUNT: String(count), LAST_ORDER_DATE: String(day) }));
    const text = JSON.stringify(JSON.parse(JSON.stringify(rows)));
    await insert(target, text);
  }
  return (performance.now() - started) / 1000;
}

async function insert(target: DuckDBConnection, text: string): Promise<void> {
  const statement = await target.prepare(
    `insert into contacts select unnest(from_json($1::json, '[{"EMAIL":"VARCHAR","LTV_SCORE":"DECIMAL(18,2)","ORDER_COUNT":"BIGINT","LAST_ORDER_DATE":"DATE"}]'), recursive := true)`,
  );
  statement.bindVarchar(1, text);
  await statement.run();
}

async function throughFlow(): Promise<{ seconds: number; written: number; peakBytes: number }> {
  return withMillrace(async (flow) => {
    const bench = new FlowBench(flow);
    const services = ['source', 'target'].map((name) =>
      flow.createService(
        bench.group,
        { version: 0 },
        {
          type: 'dev.millrace.duckdb.DuckDBWarehouse',
          name,
          properties: { 'Database Path': `${name}.duckdb`, 'Memory Limit': '64 MB', ...(name === 'source' ? { 'Setup SQL': SETUP } : {}) },
        },
      ),
    );
    const query = bench.processor('dev.millrace.warehouse.QueryWarehouse', { Warehouse: services[0]!.id, 'SQL Query': QUERY });
    const map = bench.processor('dev.millrace.records.MapRecord', { Mapping: MAPPING }, { autoTerminatedRelationships: ['rejected', 'failure'] });
    const put = bench.processor(
      'dev.millrace.warehouse.PutWarehouse',
      { Warehouse: services[1]!.id, 'Table Name': 'contacts', 'Key Columns': 'EMAIL' },
      { autoTerminatedRelationships: ['success', 'rejected', 'failure'] },
    );
    bench.connect(query, map, ['success']);
    bench.connect(map, put, ['success']);
    await flow.activateServices(bench.group, 'ENABLED');
    while (services.some(({ state }) => state !== 'ENABLED')) await delay(10);
    const started = performance.now();
    flow.batch(() => {
      map.start();
      put.start();
      query.runOnce();
    });
    const written = (): number => [...flow.runtime.journal.counters()].find(({ name }) => name === 'rows written')?.value ?? 0;
    while (written() < CUSTOMERS) await delay(5);
    const seconds = (performance.now() - started) / 1000;
    await flow.schedule(flow.root, 'STOPPED');
    return { seconds, written: written(), peakBytes: process.resourceUsage().maxRSS * 1024 };
  });
}

/** DuckDB, 1,000,000 orders -> 200,000 customers -> mapper -> embedded destination. */
export async function etl(): Promise<Result[]> {
  const { seconds, written, peakBytes } = await throughFlow();
  const bare = bareSeconds();
  return [
    {
      bench: 'etl',
      orders: ORDERS,
      rows: written,
      rows_per_s: Math.round(written / seconds),
      seconds: Number(seconds.toFixed(2)),
      bare_loop_seconds: bare,
      of_bare_loop: Number((bare / seconds).toFixed(2)),
      peak_memory_mb: Math.round(peakBytes / 1e6),
    },
  ];
}

const BARE = '--bare';

/** In a process of its own, so that it does not count towards the flow's memory. */
function bareSeconds(): number {
  const { stdout } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), BARE], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return Number(stdout);
}

if (process.argv.includes(BARE)) {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-bare-'));
  console.log((await bareLoop(directory)).toFixed(2));
  rmSync(directory, { recursive: true });
}
