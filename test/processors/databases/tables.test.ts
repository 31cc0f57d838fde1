import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import ExecuteSQLRecord from '../../../processors/databases/ExecuteSQLRecord.ts';
import ListDatabaseTables from '../../../processors/databases/ListDatabaseTables.ts';
import PutSQL from '../../../processors/databases/PutSQL.ts';
import QueryDatabaseTable from '../../../processors/databases/QueryDatabaseTable.ts';
import QueryDatabaseTableRecord from '../../../processors/databases/QueryDatabaseTableRecord.ts';
import type { ProcessorDefinition } from '../../../server/extension/processor.ts';
import { runner } from '../../runner.ts';
import { jsonWriter, type Properties } from '../records/record-services.ts';
import { embedded, poolFor, runOn } from './database-rig.ts';

const { pool, close } = embedded('sqlite');
after(close);
const writer = { 'Record Writer': jsonWriter() };
const query = async (sql: string): Promise<unknown[]> => JSON.parse((await runOn(ExecuteSQLRecord, pool, { 'SQL Query': sql }, writer)).out('success')[0]!.content) as unknown[];
const source = (definition: unknown, properties: Properties, state: Properties = {}, services: object = writer) =>
  runner(definition as ProcessorDefinition, { properties, state, services: { 'Database Connection Pooling Service': pool, ...services } });
const put = (statements: readonly (readonly [string, Properties])[], properties: Properties = {}, from = pool) => {
  const run = runner(PutSQL, { properties, services: { 'JDBC Connection Pool': from } });
  for (const [sql, attributes] of statements) run.enqueue(sql, attributes);
  return run.run();
};

test('PutSQL runs statements with arguments, and tells keys', async () => {
  await query('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, day DATE, at TIMESTAMP)');
  const args = {
    'sql.args.1.type': '12',
    'sql.args.1.value': 'Ada',
    'sql.args.2.type': '91',
    'sql.args.2.value': '24.12.2026',
    'sql.args.2.format': 'dd.MM.yyyy',
    'sql.args.3.type': '93',
  };
  const run = await put(
    [
      ['INSERT INTO t (name, day, at) VALUES (?, ?, ?)', args],
      ["INSERT INTO t (name) VALUES ('a;b')", {}],
    ],
    { 'Obtain Generated Keys': 'true' },
  );
  assert.deepEqual(
    run.out('success').map(({ attributes }) => attributes['sql.generated.key']),
    ['1', '2'],
  );
  assert.deepEqual(await query('SELECT * FROM t ORDER BY id'), [
    { id: 1, name: 'Ada', day: '2026-12-24', at: null },
    { id: 2, name: 'a;b', day: null, at: null },
  ]);
  const bad = await put([
    ['INSERT INTO nowhere VALUES (1)', {}],
    ['INSERT INTO t (id) VALUES (?)', { 'sql.args.1.type': '4', 'sql.args.1.value': 'x' }],
    ["UPDATE t SET name = 'c' WHERE id = 2", {}],
  ]);
  assert.deepEqual(bad.counts, { failure: 2, success: 1 });
  assert.ok(bad.out('failure')[0]!.penalized);
  assert.deepEqual((await put([['SELECT 1', {}]], {}, poolFor('jdbc:postgresql://127.0.0.1:1/x'))).counts, { retry: 1 });
});

test('PutSQL runs fragments together or not at all', async () => {
  const part = (index: number, sql: string): [string, Properties] => [sql, { 'fragment.identifier': 'f', 'fragment.count': '2', 'fragment.index': String(index) }];
  const waiting = await put([part(1, 'INSERT INTO t (id) VALUES (50)')]);
  assert.deepEqual([waiting.counts, waiting.queued.length], [{}, 1]);
  const failed = await put([part(1, 'INSERT INTO nowhere VALUES (1)'), part(0, 'INSERT INTO t (id) VALUES (51)')]);
  assert.deepEqual([failed.counts, await query('SELECT id FROM t WHERE id > 10')], [{ failure: 2 }, []]);
  const done = await put([part(1, "UPDATE t SET name = 'late' WHERE id = 52"), part(0, 'INSERT INTO t (id) VALUES (52)')]);
  assert.deepEqual([done.counts, await query('SELECT name FROM t WHERE id = 52')], [{ success: 2 }, [{ name: 'late' }]]);
});

test('QueryDatabaseTableRecord fetches what is new', async () => {
  const properties = { 'Table Name': 't', 'Maximum-value Columns': 'id', 'Columns to Return': 'id, name', 'Max Rows Per Flow File': '2' };
  const run = source(QueryDatabaseTableRecord, properties);
  await run.run();
  assert.deepEqual(
    run
      .out('success')
      .map(({ content, attributes }) => [
        JSON.parse(content).length,
        attributes.tablename,
        attributes['querydbtable.row.count'],
        attributes['fragment.index'],
        attributes['fragment.count'],
        attributes['maxvalue.id'],
        attributes['record.count'],
      ]),
    [
      [2, 't', '2', '0', '2', '52', '2'],
      [1, 't', '1', '1', '2', '52', '1'],
    ],
  );
  assert.deepEqual(run.state(), { 't@!@id': '52' });
  run.clear();
  await run.run();
  assert.deepEqual(run.counts, {});
  await query("INSERT INTO t (id, name) VALUES (53, 'new')");
  await run.run();
  assert.equal(run.out('success')[0]!.content, '[{"id":53,"name":"new"}]');
});

test('QueryDatabaseTable begins where it is told, and takes queries', async () => {
  const atMaximum = source(QueryDatabaseTable, { 'Table Name': 't', 'Maximum-value Columns': 'id', 'Initial Load Strategy': 'Start at Current Maximum Values' }, {}, {});
  await atMaximum.run();
  assert.deepEqual([atMaximum.counts, atMaximum.state()], [{}, { 't@!@id': '53' }]);
  const initial = source(QueryDatabaseTableRecord, { 'Table Name': 't', 'Maximum-value Columns': 'id', 'initial.maxvalue.id': '52', 'Additional WHERE Clause': "name <> 'x'" });
  assert.equal((await initial.run()).out('success')[0]!.attributes['record.count'], '1');
  const custom = source(QueryDatabaseTableRecord, { 'Table Name': 'q', 'Custom Query': 'SELECT id * 2 AS twice FROM t', 'Maximum-value Columns': 'twice' }, { 'q@!@twice': '104' });
  assert.equal((await custom.run()).out('success')[0]!.content, '[{"twice":106}]');
  const broken = source(QueryDatabaseTableRecord, { 'Table Name': 'nowhere' });
  await broken.run();
  assert.match(broken.bulletins.at(-1)!.message, /could not be queried: SQLite: no such table: nowhere/);
});

test('ListDatabaseTables lists each table once', async () => {
  await query('CREATE VIEW v AS SELECT 1 AS one');
  const run = source(ListDatabaseTables, { 'Include Count': 'true' }, {}, {});
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ attributes }) => [attributes['db.table.name'], attributes['db.table.fullname'], attributes['db.table.type'], attributes['db.table.count']]),
    [['t', 't', 'TABLE', '4']],
  );
  run.clear();
  await run.run();
  assert.deepEqual(run.counts, {});
  const asRecords = source(ListDatabaseTables, { 'Table Types': 'VIEW', 'Table Name Pattern': '_' });
  assert.deepEqual(JSON.parse((await asRecords.run()).out('success')[0]!.content), [
    { table_name: 'v', table_catalog: null, table_schema_name: null, table_full_name: 'v', table_type: 'VIEW', table_remarks: null, table_count: null },
  ]);
});
