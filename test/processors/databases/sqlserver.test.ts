import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import ExecuteSQLRecord from '../../../processors/databases/ExecuteSQLRecord.ts';
import GenerateTableFetch from '../../../processors/databases/GenerateTableFetch.ts';
import ListDatabaseTables from '../../../processors/databases/ListDatabaseTables.ts';
import PutDatabaseRecord from '../../../processors/databases/PutDatabaseRecord.ts';
import PutSQL from '../../../processors/databases/PutSQL.ts';
import SimpleDatabaseLookupService from '../../../processors/databases/SimpleDatabaseLookupService.ts';
import LookupAttribute from '../../../processors/lookup/LookupAttribute.ts';
import { sqlServerConfiguration } from '../../../processors/databases/sqlserver-url.ts';
import type { ProcessorDefinition } from '../../../server/extension/processor.ts';
import { type RealService, runner } from '../../runner.ts';
import { jsonReader, jsonWriter, service } from '../records/record-services.ts';
import { poolFor, runOn } from './database-rig.ts';
import { type TdsAnswer, type Told, tdsServer } from './tds-server.ts';

const ALL: TdsAnswer = {
  columns: [
    { name: 'id', type: 'int' },
    { name: 'big', type: 'bigint' },
    { name: 'yes', type: 'bit' },
    { name: 'ratio', type: 'float' },
    { name: 'price', type: 'decimal' },
    { name: 'name', type: 'nvarchar' },
    { name: 'bytes', type: 'varbinary' },
    { name: 'at', type: 'datetime2' },
    { name: 'day', type: 'date' },
  ],
  rows: [
    [-5, 9007199254740993n, true, 0.1, 12.5, 'Zoë ☃', Buffer.from([1, 255]), new Date('2026-01-02T03:04:05.678Z'), new Date('2026-01-02')],
    [null, null, null, null, null, null, null, null, null],
  ],
};
const text = (name: string): { name: string; type: 'nvarchar' } => ({ name, type: 'nvarchar' });
const int = (name: string): { name: string; type: 'int' } => ({ name, type: 'int' });
const COLUMNS: TdsAnswer = {
  columns: [text('name'), text('type'), int('digits'), int('scale'), text('nullable'), int('filled'), int('iskey')],
  rows: [
    ['id', 'int', 10, 0, 'NO', 0, 1],
    ['name', 'nvarchar', null, null, 'YES', 0, 0],
  ],
};
let endless = 0;
function* numbers(): Generator<[number]> {
  for (endless = 0; endless < 10_000_000; endless++) yield [endless];
}

function answer({ sql, values }: Told): TdsAnswer {
  if (sql.includes('INFORMATION_SCHEMA.COLUMNS')) return values[0] === 'people' ? COLUMNS : { ...COLUMNS, rows: [] };
  if (sql.includes('INFORMATION_SCHEMA.TABLES'))
    return { columns: ['catalog_name', 'schema_name', 'table_name', 'table_type'].map(text), rows: [['shop', 'dbo', 'people', 'BASE TABLE']] };
  if (sql.startsWith('SELECT COUNT')) return { columns: [int('n'), int('m0')], rows: [[25, 25]] };
  if (sql.includes('nowhere')) return { error: "Invalid object name 'nowhere'.", number: 208 };
  if (sql.includes('deadlock')) return { error: 'You were chosen as the victim.', number: 1205 };
  if (sql.includes('endless')) return { columns: [int('n')], rows: numbers() };
  return sql.startsWith('SELECT') ? ALL : { count: 1 };
}

let server: Awaited<ReturnType<typeof tdsServer>>;
let pool: RealService;
before(async () => {
  server = await tdsServer(answer);
  pool = poolFor(`jdbc:sqlserver://127.0.0.1:${server.port};databaseName=shop;encrypt=false`, { 'Database User': 'ada', Password: 'secret' });
});
after(() => server.close());
const writer = { 'Record Writer': jsonWriter({ 'Date Format': 'yyyy-MM-dd', 'Timestamp Format': 'yyyy-MM-dd HH:mm:ss.SSS' }) };
const query = (sql: string, properties: Record<string, string> = {}, from = pool) =>
  runOn(ExecuteSQLRecord, from, { 'Use Avro Logical Types': 'true', ...properties }, writer, sql);
const asked = (): string[] => server.told.splice(0).map(({ sql }) => sql);

test('rows of SQL Server arrive as records, in a session of who logs in', async () => {
  const run = await query('SELECT everything');
  assert.deepEqual(run.counts, { success: 1 }, run.bulletins.map(({ message }) => message).join());
  const none = '"big":null,"yes":null,"ratio":null,"price":null,"name":null,"bytes":null,"at":null,"day":null';
  assert.equal(
    run.out('success')[0]!.content,
    `[{"id":-5,"big":9007199254740993,"yes":true,"ratio":0.1,"price":12.5,"name":"Zoë ☃","bytes":[1,255],"at":"2026-01-02 03:04:05.678","day":"2026-01-02"},{"id":null,${none}}]`,
  );
  assert.deepEqual(server.logins.at(-1), { user: 'ada', password: 'secret', database: 'shop' });
});

test('what SQL Server refuses is told, and what may pass is tried again', async () => {
  assert.match((await query('SELECT * FROM nowhere')).out('failure')[0]!.attributes['executesql.error.message']!, /^SQL Server: Invalid object name 'nowhere'. \(208\)/);
  const put = runner(PutSQL, { services: { 'JDBC Connection Pool': pool } });
  await put.enqueue('UPDATE deadlock SET a = 1').run();
  assert.deepEqual(put.counts, { retry: 1 });
  const stranger = poolFor(`jdbc:sqlserver://127.0.0.1:${server.port};encrypt=false`, { 'Database User': 'bob', Password: 'wrong' });
  assert.match((await query('SELECT 1', {}, stranger)).out('failure')[0]!.attributes['executesql.error.message']!, /Login failed for user 'bob'/);
  const away = poolFor('jdbc:sqlserver://127.0.0.1:1;encrypt=false;loginTimeout=2', { 'Database User': 'bob', Password: 'x' });
  assert.match((await query('SELECT 1', {}, away)).out('failure')[0]!.attributes['executesql.error.message']!, /SQL Server: .*(ECONNREFUSED|connect)/);
});

test('a result that is endless is read as far as it is wanted, and no faster', async () => {
  const run = runner(ExecuteSQLRecord as ProcessorDefinition, {
    properties: { 'SQL Query': 'SELECT endless', 'Max Wait Time': '300 ms' },
    services: { 'Database Connection Pooling Service': pool, ...writer },
    incoming: true,
  });
  await run.enqueue('').run();
  assert.match(run.out('failure')[0]!.attributes['executesql.error.message']!, /longer than 300 ms/);
  assert.ok(endless < 10_000_000);
});

test('who needs one row ends the request, and the connection serves the next', async () => {
  const single = { ...pool, properties: { ...pool.properties, 'Max Total Connections': '1' } };
  const lookup = {
    ...service(SimpleDatabaseLookupService, { 'Table Name': 'endless', 'Lookup Key Column': 'k', 'Lookup Value Column': 'n' }),
    services: { 'Database Connection Pooling Service': single },
  };
  const run = runner(LookupAttribute, { properties: { found: 'x' }, services: { 'Lookup Service': lookup } });
  const before = server.logins.length;
  await run.enqueue('').enqueue('').enqueue('').run();
  assert.deepEqual(
    run.out('matched').map(({ attributes }) => attributes.found),
    ['0', '0', '0'],
    run.bulletins.map(({ message }) => message).join(),
  );
  assert.equal(server.logins.length, before + 1, run.bulletins.map(({ message }) => message).join());
  assert.ok(endless < 1_000_000);
});

test('records are merged with MERGE, in one transaction, with values of their types', async () => {
  asked();
  const put = (records: object[], type: string) =>
    runOn(PutDatabaseRecord, pool, { 'Table Name': 'people', 'Statement Type': type }, { 'Record Reader': jsonReader() }, JSON.stringify(records));
  const run = await put([{ id: 1, name: "O'Hara" }], 'UPSERT');
  assert.deepEqual(run.counts, { success: 1 }, run.bulletins.map(({ message }) => message).join());
  const merge = server.told.find(({ sql }) => sql.startsWith('MERGE'))!;
  assert.equal(
    merge.sql,
    'MERGE INTO people AS t USING (SELECT @p1 AS id, @p2 AS name) AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name);',
  );
  assert.deepEqual(merge.values, [1, "O'Hara"]);
  assert.deepEqual(
    asked().map((sql) => sql.split(' ')[0]),
    ['BEGIN', 'SELECT', 'MERGE', 'COMMIT'],
  );
  await put([{ id: 1 }], 'INSERT_IGNORE');
  assert.match(asked()[2]!, /ON t.id = s.id WHEN NOT MATCHED THEN INSERT \(id\)/);
  await put([{ id: 1, name: null }], 'DELETE');
  assert.match(asked()[2]!, /WHERE \(id = @p1 OR \(id IS NULL AND @p2 = 1\)\) AND \(name = @p3/);
  await put(
    Array.from({ length: 1500 }, (_, id) => ({ id, name: 'x' })),
    'INSERT',
  );
  assert.deepEqual(
    server.told
      .splice(0)
      .map(({ values }) => values.length)
      .slice(2, -1),
    [2000, 1000],
  );
});

test('tables are listed, and cut with OFFSET and FETCH', async () => {
  const listed = runner(ListDatabaseTables as ProcessorDefinition, { services: { 'Database Connection Pooling Service': pool } });
  assert.equal((await listed.run()).out('success')[0]!.attributes['db.table.fullname'], 'shop.dbo.people');
  const cut = runner(GenerateTableFetch as ProcessorDefinition, {
    properties: { 'Table Name': 'people', 'Partition Size': '20', 'Maximum-value Columns': 'id' },
    services: { 'Database Connection Pooling Service': pool },
    incoming: false,
  });
  assert.deepEqual(
    (await cut.run()).out('success').map(({ content }) => content),
    [
      'SELECT * FROM people WHERE id <= 25 ORDER BY id OFFSET 0 ROWS FETCH NEXT 20 ROWS ONLY',
      'SELECT * FROM people WHERE id <= 25 ORDER BY id OFFSET 20 ROWS FETCH NEXT 20 ROWS ONLY',
    ],
  );
});

test("URLs of Microsoft's driver say where and how", () => {
  const of = (rest: string, more: readonly (readonly [string, string])[] = []) => sqlServerConfiguration(rest, { user: 'u', password: 'p', more: new Map(more) });
  const full = of('//db.example.org\\sales:1444;databaseName={a;b}};c};encrypt=strict;trustServerCertificate=true;hostNameInCertificate=x;loginTimeout=5');
  assert.equal(full.server, 'db.example.org');
  const { port, database, encrypt, trustServerCertificate, serverName, connectTimeout, instanceName } = full.options!;
  assert.deepEqual([port, database, encrypt, trustServerCertificate, serverName, connectTimeout, instanceName], [1444, 'a;b};c', 'strict', true, 'x', 5000, undefined]);
  assert.deepEqual([of('//h\\sales').options!.instanceName, of('//h').options!.port, of('//h').options!.encrypt], ['sales', 1433, true]);
  assert.deepEqual([of(';serverName=s;database=d', [['encrypt', 'false']]).server, of('//h', [['Encrypt', 'false']]).options!.encrypt], ['s', false]);
  assert.throws(() => of('//h;integratedSecurity=true'), /integratedsecurity.*not supported/);
  assert.throws(() => of('//h;authentication=ActiveDirectoryPassword'), /not supported/);
});
