import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import DBCPConnectionPoolLookup from '../../../processors/databases/DBCPConnectionPoolLookup.ts';
import DatabaseParameterProvider from '../../../processors/databases/DatabaseParameterProvider.ts';
import DatabaseRecordLookupService from '../../../processors/databases/DatabaseRecordLookupService.ts';
import ExecuteSQLRecord from '../../../processors/databases/ExecuteSQLRecord.ts';
import GenerateTableFetch from '../../../processors/databases/GenerateTableFetch.ts';
import PutDatabaseRecord from '../../../processors/databases/PutDatabaseRecord.ts';
import QueryDatabaseTableRecord from '../../../processors/databases/QueryDatabaseTableRecord.ts';
import SimpleDatabaseLookupService from '../../../processors/databases/SimpleDatabaseLookupService.ts';
import UpdateDatabaseTable from '../../../processors/databases/UpdateDatabaseTable.ts';
import LookupAttribute from '../../../processors/lookup/LookupAttribute.ts';
import LookupRecord from '../../../processors/records/LookupRecord.ts';
import type { DatabasePool } from '../../../server/extension/database.ts';
import type { ProcessorDefinition } from '../../../server/extension/processor.ts';
import { type RealService, type Runner, runner } from '../../runner.ts';
import { jsonReader, jsonWriter, type Properties, service } from '../records/record-services.ts';
import { allDatabases, runOn } from './database-rig.ts';

const pools = new Map<string, RealService>();
let close: () => Promise<void>;

before(async () => {
  close = await allDatabases(pools);
});
after(() => close());

const writer = { 'Record Writer': jsonWriter() };
const attributesOf = (run: Runner, relationship: string, name: string): (string | undefined)[] => run.out(relationship).map(({ attributes }) => attributes[name]);
const attribute = (run: Runner, name: string): (string | undefined)[] => attributesOf(run, 'success', name);

/** What an enabled pool hands out. */
async function poolOf({ definition, properties = {} }: RealService): Promise<DatabasePool> {
  const { 'Database Connection URL': url, 'Database User': user, Password: password } = properties;
  const values = { url, user, password, max: 2, maxIdle: 2, maxWait: '1 sec', lifetime: '-1' };
  return (await definition.onEnabled({ properties: values, dynamic: new Map(), dataDirectory: '' } as never)) as DatabasePool;
}

for (const product of ['PostgreSQL', 'SQLite', 'DuckDB']) {
  describe(product, () => {
    const pool = () => pools.get(product)!;
    const rows = async (sql: string): Promise<Record<string, unknown>[]> => {
      const run = await runOn(ExecuteSQLRecord, pool(), { 'SQL Query': sql, 'Use Avro Logical Types': 'true', 'Fetch Size': '3' }, writer);
      return JSON.parse(run.out('success')[0]!.content) as Record<string, unknown>[];
    };
    const source = (definition: unknown, properties: Properties, services: object = {}) =>
      runner(definition as ProcessorDefinition, { properties, incoming: false, services: { 'Database Connection Pooling Service': pool(), ...services } });
    const update = (records: object[], properties: Properties, services: object = {}) =>
      runOn(UpdateDatabaseTable, pool(), { 'Table Name': 'made', ...properties }, { 'Record Reader': jsonReader(), ...services }, JSON.stringify(records));

    test('GenerateTableFetch cuts a table into queries that fetch each row once, and then only what is new', async () => {
      await rows('CREATE TABLE cut (id INTEGER, code VARCHAR(10))');
      await rows(`INSERT INTO cut VALUES ${Array.from({ length: 25 }, (_, n) => `(${n + 1}, '0${n % 10}')`).join(', ')}`);
      const run = source(GenerateTableFetch, { 'Table Name': 'cut', 'Partition Size': '10', 'Maximum-value Columns': 'id', 'Columns to Return': 'id' });
      await run.run();
      const queries = run.out('success').map(({ content }) => content);
      assert.deepEqual(queries, [
        'SELECT id FROM cut WHERE id <= 25 ORDER BY id LIMIT 10',
        'SELECT id FROM cut WHERE id <= 25 ORDER BY id LIMIT 10 OFFSET 10',
        'SELECT id FROM cut WHERE id <= 25 ORDER BY id LIMIT 10 OFFSET 20',
      ]);
      assert.deepEqual(attribute(run, 'fragment.index'), ['0', '1', '2']);
      assert.deepEqual(new Set(attribute(run, 'fragment.identifier')).size, 1);
      assert.deepEqual(attribute(run, 'generatetablefetch.offset'), ['0', '10', '20']);
      assert.equal(run.out('success')[0]!.attributes['fragment.count'], '3');
      const fetched = await Promise.all(queries.map(rows));
      assert.deepEqual(
        fetched.flat().map(({ id }) => id),
        Array.from({ length: 25 }, (_, n) => n + 1),
      );
      run.clear();
      await run.run();
      assert.deepEqual(run.counts, {});
      await rows("INSERT INTO cut VALUES (26, '5')");
      await run.run();
      assert.deepEqual(
        run.out('success').map(({ content }) => content),
        ['SELECT id FROM cut WHERE id > 25 AND id <= 26 ORDER BY id LIMIT 10'],
      );
    });

    test('GenerateTableFetch cuts by values, in one, with conditions, and says where there is nothing', async () => {
      const sqls = async (properties: Properties): Promise<string[]> =>
        (await source(GenerateTableFetch, { 'Table Name': 'cut', ...properties }).run()).out('success').map(({ content }) => content);
      assert.deepEqual(await sqls({ 'Partition Size': '20', 'Column for Value Partitioning': 'id', 'Additional WHERE Clause': 'id > 3' }), [
        'SELECT * FROM cut WHERE (id > 3) AND id >= 4 AND id < 24',
        'SELECT * FROM cut WHERE (id > 3) AND id <= 26 AND id >= 24',
      ]);
      assert.deepEqual(await sqls({ 'Partition Size': '0' }), ['SELECT * FROM cut WHERE 1=1']);
      const nothing = source(GenerateTableFetch, { 'Table Name': 'cut', 'Additional WHERE Clause': 'id < 0', 'Output Empty FlowFile on Zero Results': 'true' });
      assert.deepEqual(
        (await nothing.run()).out('success').map(({ content, attributes }) => [content, attributes['fragment.count'], attributes['generatetablefetch.whereClause']]),
        [['', '0', '(id < 0)']],
      );
      const bad = runner(GenerateTableFetch, { properties: { 'Table Name': '${table}' }, services: { 'Database Connection Pooling Service': pool() } });
      bad.enqueue('', { table: 'nowhere' }).enqueue('', { table: 'cut' });
      await bad.run(2);
      assert.deepEqual(bad.counts, { failure: 1, success: 1 });
      assert.match(bad.out('failure')[0]!.attributes['generatetablefetch.sql.error']!, /nowhere/);
    });

    test('digits in a column of text are compared as text', async () => {
      await rows('CREATE TABLE codes (code VARCHAR(10))');
      await rows("INSERT INTO codes VALUES ('07'), ('08')");
      const run = source(QueryDatabaseTableRecord, { 'Table Name': 'codes', 'Maximum-value Columns': 'code', 'initial.maxvalue.code': '07', 'Set Auto Commit': 'false' }, writer);
      await run.run();
      assert.deepEqual(
        run.out('success').map(({ content }) => content),
        ['[{"code":"08"}]'],
      );
    });

    test('UpdateDatabaseTable creates a table, adds columns, and names fields as columns', async () => {
      const first = [{ id: 1, full_name: 'Ada', score: 1.5, born: '1815-12-10', tags: ['a'] }];
      const refused = await update(first, {});
      assert.match(refused.out('failure')[0]!.attributes['record.error.message']!, /There is no table made/);
      const created = await update(first, { 'Create Table Strategy': 'Create If Not Exists', 'Primary Key Fields': 'id' });
      assert.deepEqual([created.counts, attribute(created, 'output.table')], [{ success: 1 }, ['made']]);
      const more = [{ ID: 2, fullName: 'Bob', 'x int); DROP TABLE made; --': 'evil', active: true }];
      const changed = await update(more, { 'Update Field Names': 'true' }, { 'Record Writer': jsonWriter() });
      assert.deepEqual(changed.counts, { success: 1 });
      assert.equal(changed.out('success')[0]!.attributes['record.count'], '1');
      const names = Object.keys((JSON.parse(changed.out('success')[0]!.content) as object[])[0]!);
      assert.deepEqual(
        names.map((name) => name.toLowerCase()),
        ['id', 'fullname', 'x int); drop table made; --', 'active'],
      );
      for (const records of [first, more]) {
        const put = await runOn(
          PutDatabaseRecord,
          pool(),
          { 'Table Name': 'made', 'Statement Type': 'INSERT', 'Quote Column Identifiers': 'true' },
          { 'Record Reader': jsonReader() },
          JSON.stringify(records),
        );
        assert.deepEqual(put.counts, { success: 1 }, put.bulletins.map(({ message }) => message).join());
      }
      const [ada, bob] = await rows('SELECT * FROM made ORDER BY id');
      const values = Object.fromEntries(Object.entries(ada!).map(([name, value]) => [name.toLowerCase(), value]));
      assert.deepEqual([values.fullname, values.score, values.active], ['Ada', 1.5, null]);
      assert.ok(Object.values(bob!).includes('evil'));
      const bad = await update([{ a: 1 }], { 'Create Table Strategy': 'Create If Not Exists', 'Table Name': 'other', 'Primary Key Fields': 'b' });
      assert.match(bad.out('failure')[0]!.attributes['record.error.message']!, /no field 'b'/);
    });

    test('tables are looked up, by names from attributes, and remembered as long as they may be', async () => {
      await rows('CREATE TABLE people (id INTEGER, name VARCHAR(20), age INTEGER)');
      await rows("INSERT INTO people VALUES (1, 'Ada', 36), (2, NULL, 20)");
      const at = { 'Table Name': '${table}', 'Lookup Key Column': 'id' };
      const lookup = (definition: unknown, properties: Properties): RealService => ({
        ...service(definition as never, { ...at, ...properties }),
        services: { 'Database Connection Pooling Service': pool() },
      });
      const simple = lookup(SimpleDatabaseLookupService, { 'Lookup Value Column': 'name', 'Cache Size': '5', 'Cache Expiration': '1 min' });
      const run = runner(LookupAttribute, { properties: { found: '${k}', 'Include Empty Values': 'false' }, services: { 'Lookup Service': simple } });
      const ask = async (k: string, table: string): Promise<void> => void (await run.enqueue('', { k, table }).run());
      await run.start();
      await ask('1', 'people');
      await ask('2', 'people');
      await ask('1', 'people; DROP TABLE people');
      await rows("UPDATE people SET name = 'Grace' WHERE id = 1");
      await ask('1', 'people');
      await run.clock.advance(61_000);
      await ask('1', 'people');
      assert.deepEqual(attributesOf(run, 'matched', 'found'), ['Ada', 'Ada', 'Grace']);
      assert.deepEqual(run.counts, { matched: 3, unmatched: 1, failure: 1 });
      assert.match(run.bulletins.at(-1)!.message, /'people; DROP TABLE people' is no name of a table/);
      await run.stop();
      const whole = lookup(DatabaseRecordLookupService, { 'Lookup Value Columns': 'name, age' });
      const records = runner(LookupRecord as never, {
        properties: { key: '/id', 'Result RecordPath': '/person' },
        services: { 'Lookup Service': whole, 'Record Reader': jsonReader(), ...writer },
      });
      records.enqueue('[{"id":1},{"id":9}]', { table: 'people' });
      await records.run();
      assert.equal(records.out('success')[0]!.content, '[{"id":1,"person":{"name":"Grace","age":36}},{"id":9,"person":null}]');
    });

    test('DatabaseParameterProvider makes groups of a column, or of tables', async () => {
      await rows('CREATE TABLE parameters (area VARCHAR(10), name VARCHAR(10), val VARCHAR(10))');
      await rows("INSERT INTO parameters VALUES ('a', 'x', '1'), ('b', 'y', '2'), ('a', 'z', '3'), ('c', 'w', NULL)");
      const connected = await poolOf(pool());
      const fetch = (values: object) => DatabaseParameterProvider.fetchParameters({ properties: { pool: connected, nameColumn: 'name', valueColumn: 'val', ...values } } as never);
      const byColumn = { grouping: 'grouping-by-column', table: 'parameters', groupColumn: 'area' };
      assert.deepEqual(await fetch({ ...byColumn, where: 'val IS NOT NULL' }), [
        {
          name: 'a',
          parameters: [
            { name: 'x', value: '1' },
            { name: 'z', value: '3' },
          ],
        },
        { name: 'b', parameters: [{ name: 'y', value: '2' }] },
      ]);
      const byTable = await fetch({ grouping: 'grouping-by-table-name', tables: 'parameters , parameters', where: "area = 'b'" });
      assert.deepEqual(
        byTable.map(({ name, parameters }) => [name, parameters.length]),
        [['parameters', 2]],
      );
      await assert.rejects(async () => fetch(byColumn), /A row of parameters has no value in the column val/);
      await assert.rejects(async () => fetch({ ...byColumn, table: 'nowhere' }), /could not be fetched: .*nowhere/);
      await connected.close();
    });
  });
}

test('an attribute says which pool of DBCPConnectionPoolLookup is meant', async () => {
  const lookup: RealService = { ...service(DBCPConnectionPoolLookup), services: { lite: pools.get('SQLite')!, post: pools.get('PostgreSQL')! } };
  for (const [name, version] of [
    ['lite', 'sqlite_version()'],
    ['post', 'version()'],
  ] as const) {
    const run = await runOn(ExecuteSQLRecord, lookup, {}, writer, `SELECT ${version} AS v`, { 'database.name': name });
    assert.deepEqual(run.counts, { success: 1 });
  }
  const lost = await runOn(ExecuteSQLRecord, lookup, {}, writer, 'SELECT 1 AS one', { 'database.name': 'other' });
  assert.match(lost.out('failure')[0]!.attributes['executesql.error.message']!, /no connection pool 'other'.*lite, post/);
  const unnamed = await runOn(ExecuteSQLRecord, lookup, {}, writer, 'SELECT 1 AS one');
  assert.match(unnamed.out('failure')[0]!.attributes['executesql.error.message']!, /attribute database.name/);
});

test('transactions of PostgreSQL have the level that is asked for', async () => {
  await runOn(ExecuteSQLRecord, pools.get('PostgreSQL')!, { 'SQL Query': 'CREATE TABLE levels (a INTEGER)' }, writer);
  const { default: QueryDatabaseTable } = await import('../../../processors/databases/QueryDatabaseTable.ts');
  const run = runner(QueryDatabaseTable as never, {
    properties: { 'Table Name': 'x', 'Custom Query': "SELECT current_setting('transaction_isolation') AS level", 'Transaction Isolation Level': '8' },
    services: { 'Database Connection Pooling Service': pools.get('PostgreSQL')! },
  });
  await run.run();
  assert.match(run.out('success')[0]!.content, /serializable/);
});
