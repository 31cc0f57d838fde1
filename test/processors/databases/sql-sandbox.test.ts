import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ExecuteSQLRecord from '../../../processors/databases/ExecuteSQLRecord.ts';
import DuckDBWarehouse from '../../../processors/duckdb/DuckDBWarehouse.ts';
import QueryRecord from '../../../processors/records/QueryRecord.ts';
import QueryWarehouse from '../../../processors/warehouse/QueryWarehouse.ts';
import { forbiddenSql } from '../../../server/extension/duckdb-sandbox.ts';
import { runner, temporaryDirectory } from '../../runner.ts';
import { jsonReader, jsonWriter } from '../records/record-services.ts';
import { poolFor, runOn } from './database-rig.ts';

const folder = temporaryDirectory();
mkdirSync(folder, { recursive: true });
const file = (name: string): string => path.join(folder, name);
writeFileSync(file('secret.key'), 'the key of all secrets');
writeFileSync(file('millrace.db'), '');
mkdirSync(file('open'));
writeFileSync(file('open/data.csv'), 'a\n7\n');

/** What a query must not do, and how the refusal begins. */
const ESCAPES: readonly (readonly [string, RegExp])[] = [
  [`SELECT content FROM read_text('${file('secret.key')}')`, /SQL here reaches/],
  [`SELECT content FROM read_blob('${file('open')}/../secret.key')`, /SQL here reaches/],
  ["FROM read_csv('/etc/passwd')", /SQL here reaches/],
  ["FROM read_blob('/proc/self/environ')", /SQL here reaches/],
  [`FROM glob('${folder}/*')`, /SQL here reaches/],
  ["FROM 'http://127.0.0.1:1/x.csv'", /SQL here reaches/],
  ["FROM query('FROM enable_' || 'logging(storage=''file'')')", /may not use the function query\(\)/],
  ['FROM "query" /* a */ (\'SELECT 1\')', /may not use the function query\(\)/],
  ["FROM enable_logging(storage = 'file', storage_path = '/tmp/log')", /may not use logging/],
  ["FROM enable_profiling(save_location = '/tmp/profile')", /may not use logging/],
];
const STATEMENTS: readonly (readonly [string, RegExp])[] = [
  [`COPY (SELECT 1) TO '${file('out.csv')}'`, /SQL here reaches/],
  [`ATTACH '${file('millrace.db')}' (TYPE sqlite)`, /SQL here reaches/],
  [`ATTACH '${file('other.duckdb')}'`, /SQL here reaches/],
  [`EXPORT DATABASE '${file('export')}'`, /SQL here reaches/],
  ['INSTALL httpfs', /SQL here reaches/],
  [`LOAD '${file('x.duckdb_extension')}'`, /SQL here reaches/],
  ['SET enable_external_access = true', /fixed when it is opened/],
  ["SET allowed_directories = ['/']", /fixed when it is opened/],
  ['SET lock_configuration = false', /fixed when it is opened/],
  [`SET temp_directory = '${folder}'`, /fixed when it is opened/],
  [`PRAGMA profiling_output = '${file('profile')}'`, /fixed when it is opened/],
];

const warehouse = (name: string, properties: Readonly<Record<string, string>>, sql = 'SELECT 1 AS one') =>
  runner(QueryWarehouse, {
    properties: { 'SQL Query': sql },
    services: { Warehouse: { definition: DuckDBWarehouse, properties: { 'Database Path': name, ...properties } } },
    environment: { 'millrace.flows': path.resolve('flows') },
  });

test('a query of the warehouse reads its database and no file of the machine', async () => {
  for (const [sql, reason] of ESCAPES) {
    const run = warehouse(':memory:', {}, sql);
    await run.run().catch(() => undefined);
    assert.deepEqual(run.out('success'), [], sql);
    assert.match(run.bulletins.map(({ message }) => message).join('\n'), reason, sql);
    await run.close();
  }
});

test('Setup SQL neither writes files nor opens the database again', async () => {
  for (const [sql, reason] of [...STATEMENTS, ...ESCAPES]) {
    const run = warehouse(':memory:', { 'Setup SQL': sql });
    await assert.rejects(run.run(), reason, sql);
    await run.close();
  }
  assert.ok(!['out.csv', 'other.duckdb', 'export', 'profile'].some((name) => existsSync(file(name))));
});

test('the sample data, the folder of the database and Allowed Directories are reached, links out of them are not', async () => {
  const flows = path.resolve('flows');
  const own = warehouse('a.duckdb', { 'Setup SQL': `CREATE TABLE t AS FROM read_csv('${flows}/data/customers.csv')` }, 'SELECT count(*) > 50 AS many FROM t');
  assert.equal((await own.run()).out('success')[0]!.content, '[{"many":true}]');
  symlinkSync(file('secret.key'), path.join(own.directory, 'a.duckdb.files', 'link'));
  const beside = path.join(own.directory, 'a.duckdb.files');
  await own.close();
  const pool = poolFor(`jdbc:duckdb:${path.join(beside, '../b.duckdb')}`, { allowed_directories: beside });
  const linked = await runOn(ExecuteSQLRecord, pool, { 'SQL Query': `FROM read_text('${beside}/link')` }, { 'Record Writer': jsonWriter() });
  assert.match(linked.bulletins.at(-1)!.message, /SQL here reaches/);
  const allowed = warehouse(':memory:', { 'Allowed Directories': file('open') }, `SELECT a FROM read_csv('${file('open/data.csv')}')`);
  assert.equal((await allowed.run()).out('success')[0]!.content, '[{"a":7}]');
  await allowed.close();
  await assert.rejects(warehouse(':memory:', { 'Allowed Directories': 'relative' }).validate(), /'relative' must be an absolute path/);
});

test('a query of a connection pool reads its database and no file of the machine', async () => {
  const pool = poolFor(`jdbc:duckdb:${file('pool.duckdb')}`);
  for (const [sql, reason] of [...ESCAPES, ...STATEMENTS]) {
    const run = await runOn(ExecuteSQLRecord, pool, {}, { 'Record Writer': jsonWriter() }, sql);
    assert.deepEqual(run.counts, { failure: 1 }, sql);
    assert.match(run.out('failure')[0]!.attributes['executesql.error.message']!, reason, sql);
  }
  const own = await runOn(ExecuteSQLRecord, pool, { 'SQL Query': `COPY (SELECT 5 AS a) TO '${file('pool.duckdb.files')}/a.parquet'` }, { 'Record Writer': jsonWriter() });
  assert.equal(own.counts.success, 1);
});

test('a query of QueryRecord sees the records and nothing else', async () => {
  for (const [sql, reason] of ESCAPES) {
    const run = runner(QueryRecord, { properties: { asked: sql }, services: { 'Record Reader': jsonReader(), 'Record Writer': jsonWriter() } });
    await run.enqueue('[{"a":1}]').run();
    assert.deepEqual(run.counts, { failure: 1 }, sql);
    assert.match(run.bulletins.map(({ message }) => message).join('\n'), reason, sql);
  }
});

test('SQL of SQLite reaches no other database', async () => {
  const pool = poolFor(`jdbc:sqlite:${file('pool.sqlite')}`);
  for (const sql of [
    `ATTACH '${file('millrace.db')}' AS m`,
    `-- a\n/* b */ ; attach DATABASE '${file('millrace.db')}' AS m`,
    `VACUUM INTO '${file('copy.db')}'`,
    `VACUUM main INTO '${file('copy.db')}'`,
    `SELECT load_extension('${file('x.so')}')`,
  ]) {
    const run = await runOn(ExecuteSQLRecord, pool, {}, { 'Record Writer': jsonWriter() }, sql);
    assert.match(run.out('failure')[0]!.attributes['executesql.error.message']!, /may not open or write other files|not authorized|no such function|syntax/, sql);
  }
  assert.ok(!existsSync(file('copy.db')));
  assert.equal((await runOn(ExecuteSQLRecord, pool, { 'SQL Query': 'VACUUM' }, { 'Record Writer': jsonWriter() })).counts.success, 1);
});

test('tables may be called query', () => {
  for (const sql of ['INSERT INTO query (a) VALUES (1)', 'CREATE TABLE IF NOT EXISTS "main"."query" (a INT)', 'SELECT query FROM query WHERE (a = 1)'])
    assert.equal(forbiddenSql(sql), undefined, sql);
});
