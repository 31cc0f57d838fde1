import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import DuckDBWarehouse from '../../../processors/duckdb/DuckDBWarehouse.ts';
import QueryWarehouse from '../../../processors/warehouse/QueryWarehouse.ts';
import { runner } from '../../runner.ts';

const query = (properties: Record<string, string>) =>
  runner(QueryWarehouse, { properties: { 'SQL Query': 'SELECT * FROM t' }, environment: { sample: '42' }, services: { Warehouse: { definition: DuckDBWarehouse, properties } } });

test('the file lies under the data directory and Setup SQL fills it, as often as it is enabled', async () => {
  const run = query({ 'Database Path': 'shops/shop.duckdb', 'Setup SQL': 'CREATE TABLE IF NOT EXISTS t AS SELECT ${sample} AS a; CREATE OR REPLACE VIEW v AS FROM t' });
  await run.run(2);
  assert.deepEqual(
    run.out('success').map(({ content }) => content),
    ['[{"a":42}]', '[{"a":42}]'],
  );
  assert.ok(existsSync(join(run.directory, 'shops', 'shop.duckdb')));
  await run.close();
});

test('Setup SQL that fails is shown with the remedy', async () => {
  await assert.rejects(query({ 'Database Path': ':memory:', 'Setup SQL': 'CREATE TABEL t' }).run(), /Parser Error.*Correct the SQL/);
});
