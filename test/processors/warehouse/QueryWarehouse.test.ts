import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DuckDB } from '../../../processors/duckdb/duckdb.ts';
import { Database } from '../../../processors/duckdb/database.ts';
import QueryWarehouse from '../../../processors/warehouse/QueryWarehouse.ts';
import { tmpdir } from 'node:os';
import { runner } from '../../runner.ts';

const INCREMENTAL = { 'SQL Query': 'SELECT * FROM orders WHERE day >= :last_sync ORDER BY id', 'Watermark Column': 'DAY', 'Initial Last Sync': '1970-01-01' };

async function withOrders(work: (orders: DuckDB) => Promise<void>): Promise<void> {
  const duckdb = new DuckDB(await Database.open({ path: ':memory:', temporaryDirectory: tmpdir(), readOnly: false, memoryLimit: 128 * 1024 ** 2, threads: 2, directories: [] }));
  try {
    await duckdb.execute("CREATE TABLE orders AS SELECT i AS id, DATE '2024-01-01' + CAST(i // 2 AS INTEGER) AS day FROM range(5) t(i)");
    await work(duckdb);
  } finally {
    await duckdb.close();
  }
}

const query = (warehouse: DuckDB, properties: Record<string, string>) => runner(QueryWarehouse, { properties, services: { Warehouse: warehouse } });
const ids = (outputs: readonly { content: string }[]): number[] => outputs.flatMap(({ content }) => (JSON.parse(content) as { id: number }[]).map(({ id }) => id));

test('a run is one set of fragments; the next one sends only what is new', () =>
  withOrders(async (orders) => {
    const run = query(orders, { ...INCREMENTAL, 'Records Per FlowFile': '2' });
    await run.run();
    const first = run.out('success');
    assert.deepEqual(ids(first), [0, 1, 2, 3, 4]);
    assert.deepEqual(
      first.map(({ attributes }) => [attributes['record.count'], attributes['fragment.index'], attributes['fragment.count']]),
      [
        ['2', '0', '3'],
        ['2', '1', '3'],
        ['1', '2', '3'],
      ],
    );
    assert.equal(new Set(first.map(({ attributes }) => attributes['fragment.identifier'])).size, 1);
    assert.equal(first[0]!.attributes['record.fields'], '[{"name":"id","type":"integer"},{"name":"day","type":"date"}]');
    assert.equal(run.state().last_sync, '2024-01-03');
    assert.equal(run.provenance.filter(({ type }) => type === 'RECEIVE').length, 3);
    run.clear();
    await run.run();
    assert.deepEqual(run.counts, {});
    assert.ok(run.yielded > 0);
    await orders.execute("INSERT INTO orders VALUES (5, DATE '2024-01-03'), (6, DATE '2024-01-02'), (7, DATE '2024-01-04')");
    await run.advance(2000);
    await run.run();
    assert.deepEqual(ids(run.out('success')), [5, 7]);
    run.clear();
    run.setState({});
    await run.run();
    assert.deepEqual(ids(run.out('success')), [0, 1, 2, 3, 4, 5, 6, 7]);
  }));

test('without :last_sync everything is read each time, and no state is kept', () =>
  withOrders(async (orders) => {
    const run = query(orders, { 'SQL Query': 'SELECT * FROM orders' });
    await run.run(2);
    assert.equal(ids(run.out('success')).length, 10);
    assert.deepEqual(run.state(), {});
  }));

test('mistakes are told with a remedy, and the state stays', () =>
  withOrders(async (orders) => {
    for (const [properties, message] of [
      [{ ...INCREMENTAL, 'Watermark Column': 'days' }, /Watermark Column days is not in the result.*Did you mean day\?/],
      [{ 'SQL Query': 'SELECT nope FROM orders' }, /"nope".*Correct the column/],
      [{ 'SQL Query': 'SELECT * FROM nope' }, /nope.*Check the name/],
      [{ 'SQL Query': 'SELEC' }, /Correct the SQL/],
      [{ 'SQL Query': 'SELECT count(*) FROM range(10_000_000) a(i), range(10_000_000) b(j) WHERE i + j = 7', 'Maximum Run Time': '50 ms' }, /time allowed.*Allow more time/],
    ] as const) {
      const run = query(orders, properties);
      await run.run();
      assert.deepEqual([run.counts, run.state()], [{}, {}]);
      assert.match(run.bulletins[0]!.message, message);
    }
  }));

test('a query with :last_sync needs to know its watermark', () =>
  withOrders(async (orders) => {
    const { 'Watermark Column': _, ...properties } = INCREMENTAL;
    assert.match((await query(orders, properties).validate()).join(), /Watermark Column must name/);
  }));

test('"Test connection" shows the first rows', () =>
  withOrders(async (orders) => {
    const steps = await query(orders, INCREMENTAL).verify();
    assert.deepEqual(steps.at(-1)!.preview?.[0], { id: 0, day: '2024-01-01' });
  }));

test('an empty result may be sent, with its columns', () =>
  withOrders(async (orders) => {
    const run = query(orders, { ...INCREMENTAL, 'Initial Last Sync': '2030-01-01', 'Send Empty Result': 'true' });
    await run.run();
    const { content, attributes } = run.out('success')[0]!;
    assert.deepEqual([content, attributes['record.count'], attributes['fragment.count']], ['[]', '0', '1']);
    assert.equal(attributes['record.fields'], '[{"name":"id","type":"integer"},{"name":"day","type":"date"}]');
    assert.equal(run.state().last_sync, undefined);
  }));
