import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import ExecuteSQL from '../../../processors/databases/ExecuteSQL.ts';
import ExecuteSQLRecord from '../../../processors/databases/ExecuteSQLRecord.ts';
import PutDatabaseRecord from '../../../processors/databases/PutDatabaseRecord.ts';
import AvroReader from '../../../processors/records/AvroReader.ts';
import type { RealService, Runner } from '../../runner.ts';
import { convert, jsonReader, jsonWriter, type Properties, service } from '../records/record-services.ts';
import { allDatabases, poolFor, runOn } from './database-rig.ts';

const pools = new Map<string, RealService>();
let close: () => Promise<void>;

before(async () => {
  close = await allDatabases(pools);
});
after(() => close());

const formats = { 'Date Format': 'yyyy-MM-dd', 'Timestamp Format': 'yyyy-MM-dd HH:mm:ss' };
const writer = { 'Record Writer': jsonWriter(formats) };

for (const product of ['PostgreSQL', 'SQLite', 'DuckDB']) {
  describe(product, () => {
    const query = async (sql: string, more: Properties = {}): Promise<Runner> =>
      runOn(ExecuteSQLRecord, pools.get(product)!, { 'SQL Query': sql, 'Use Avro Logical Types': 'true', ...more }, writer);
    const rows = async (sql: string): Promise<unknown[]> => JSON.parse((await query(sql)).out('success')[0]!.content) as unknown[];
    const put = (records: object[] | string, properties: Properties, attributes: Properties = {}): Promise<Runner> =>
      runOn(
        PutDatabaseRecord,
        pools.get(product)!,
        { 'Table Name': 'people', ...properties },
        { 'Record Reader': jsonReader() },
        typeof records === 'string' ? records : JSON.stringify(records),
        attributes,
      );

    test('PutDatabaseRecord inserts, updates, upserts and deletes', async () => {
      await query('CREATE TABLE people (id BIGINT PRIMARY KEY, full_name VARCHAR(50) NOT NULL, score DOUBLE PRECISION, born DATE)');
      const inserted = await put(
        [
          { id: 9007199254740, fullName: 'Ada', SCORE: '1.5', born: '1815-12-10' },
          { id: 2, fullName: 'Bob', x: 1 },
        ],
        { 'Statement Type': 'INSERT' },
      );
      assert.deepEqual([inserted.counts, inserted.counters], [{ success: 1 }, { 'Records Written': 2 }]);
      assert.deepEqual(await rows('SELECT * FROM people ORDER BY id DESC'), [
        { id: 9007199254740, full_name: 'Ada', score: 1.5, born: '1815-12-10' },
        { id: 2, full_name: 'Bob', score: null, born: null },
      ]);
      await put([{ id: 2, full_name: 'Bobby' }], { 'Statement Type': 'UPDATE' });
      await put(
        [
          { id: 2, full_name: 'Bobby', score: 3 },
          { id: 3, full_name: 'Cid', score: 0 },
          { id: 3, full_name: 'Cid', score: 4 },
        ],
        { 'Statement Type': 'UPSERT' },
      );
      await put([{ id: 3, full_name: 'Other' }], { 'Statement Type': 'INSERT_IGNORE' });
      assert.deepEqual(await rows('SELECT id, full_name, score FROM people WHERE id < 10 ORDER BY id'), [
        { id: 2, full_name: 'Bobby', score: 3 },
        { id: 3, full_name: 'Cid', score: 4 },
      ]);
      await put(
        [
          { id: 2, type: 'delete', data: { id: 2 } },
          { type: 'insert', data: [{ id: 5, full_name: 'Eva' }] },
        ],
        { 'Statement Type': 'Use Record Path', 'Statement Type Record Path': '/type', 'Data Record Path': '/data' },
      );
      await put([{ full_name: 'Cid' }], { 'Statement Type': 'DELETE', 'Delete Keys': 'full_name' });
      await put(
        [{ sql: "UPDATE people SET score = 9 WHERE id = 5; UPDATE people SET full_name = 'E;va' WHERE id = 5" }],
        { 'Statement Type': 'Use statement.type Attribute', 'Field Containing SQL': 'sql', 'Allow Multiple SQL Statements': 'true' },
        { 'statement.type': 'SQL' },
      );
      assert.deepEqual(await rows('SELECT id, full_name, score FROM people WHERE id < 10 ORDER BY id'), [{ id: 5, full_name: 'E;va', score: 9 }]);
    });

    test('PutDatabaseRecord writes all records or none, and says why', async () => {
      for (const [records, properties, reason] of [
        [
          [
            { id: 20, full_name: 'x' },
            { id: 20, full_name: 'y' },
          ],
          { 'Statement Type': 'INSERT' },
          /unique|duplicate|constraint/i,
        ],
        [
          [
            { id: 21, full_name: 'x' },
            { id: 'x', full_name: 'y' },
          ],
          { 'Statement Type': 'INSERT' },
          /The value 'x' of the field 'id' does not fit the column 'id' \(LONG\)/,
        ],
        [[{ id: 22 }], { 'Statement Type': 'INSERT' }, /column 'full_name' needs a value/],
        [[{ id: 23, full_name: 'x', y: 1 }], { 'Statement Type': 'INSERT', 'Unmatched Field Behavior': 'Fail on Unmatched Fields' }, /no column for the field 'y'/],
        [[{ full_name: 'x' }], { 'Statement Type': 'UPDATE' }, /no field for the key column 'id'/],
        [[{ id: 1 }], { 'Statement Type': 'INSERT', 'Table Name': 'nowhere' }, /There is no table "nowhere"/],
        ['[{"id":30,"full_name":"x"},{"id"', { 'Statement Type': 'INSERT' }, /JSON/],
      ] as const) {
        const run = await put(records as unknown as object[], properties);
        assert.deepEqual(run.counts, { failure: 1 });
        assert.match(run.out('failure')[0]!.attributes['putdatabaserecord.error']!, reason);
        assert.ok(run.out('failure')[0]!.penalized);
      }
      assert.deepEqual(await rows('SELECT id FROM people WHERE id BETWEEN 20 AND 40'), []);
    });

    test('ExecuteSQL writes Avro in parts, with arguments', async () => {
      await query('CREATE TABLE numbers (n INTEGER, price DECIMAL(10, 2))');
      await put(
        Array.from({ length: 25 }, (_, n) => ({ n, price: n / 4 })),
        { 'Statement Type': 'INSERT', 'Table Name': 'numbers' },
      );
      const run = await runOn(
        ExecuteSQL,
        pools.get(product)!,
        { 'Max Rows Per Flow File': '10', 'SQL Pre-Query': 'UPDATE numbers SET price = 1.25 WHERE n = 24; DELETE FROM numbers WHERE n = 0' },
        {},
        'SELECT n, price FROM numbers WHERE n > ? ORDER BY n',
        {
          'sql.args.1.type': '4',
          'sql.args.1.value': '1',
        },
      );
      const out = run.out('success');
      assert.deepEqual(
        out.map(({ attributes }) =>
          ['row.count', 'resultset.index'].map((name) => attributes[`executesql.${name}`]).concat(attributes['fragment.index']!, attributes['fragment.count']!),
        ),
        [
          ['10', '0', '0', '3'],
          ['10', '0', '1', '3'],
          ['3', '0', '2', '3'],
        ],
      );
      assert.equal(new Set(out.map(({ attributes }) => attributes['fragment.identifier'])).size, 1);
      assert.equal(out[0]!.attributes['input.flowfile.uuid']?.length, 36);
      assert.match(out[0]!.attributes['executesql.query.duration']!, /^\d+$/);
      const json = JSON.parse((await convert(out[2]!.bytes, service(AvroReader), jsonWriter())).out('success')[0]!.content) as { n: number; price: string }[];
      assert.deepEqual([json.length, json[2]!.n, Number(json[2]!.price), typeof json[2]!.price], [3, 24, 1.25, 'string']);
    });

    test('a query without rows, and one that fails', async () => {
      const none = await runOn(ExecuteSQL, pools.get(product)!, { 'Content Output Strategy': 'ORIGINAL' }, {}, 'DELETE FROM numbers WHERE n = -1');
      assert.equal(none.out('success')[0]!.content, 'DELETE FROM numbers WHERE n = -1');
      assert.equal((await query('DELETE FROM numbers WHERE n = -1')).out('success')[0]!.attributes['executesql.row.count'], '0');
      const failed = await runOn(ExecuteSQL, pools.get(product)!, {}, {}, 'SELECT * FROM nowhere');
      assert.deepEqual(failed.counts, { failure: 1 });
      assert.match(failed.out('failure')[0]!.attributes['executesql.error.message']!, new RegExp(`^${product}: .*nowhere`));
      assert.ok((await query('SELECT nonsense(')).yielded > 0);
    });
  });
}

test('PostgreSQL keeps long numbers, lists, bytes and moments', async () => {
  const sql = `SELECT 9007199254740993::bigint AS big, 1234567890.123456789012345::numeric AS exact, ARRAY[1,2] AS list, '\\x01ff'::bytea AS bytes, true AS yes,
    TIMESTAMPTZ '2026-01-02 03:04:05.5+00' AS moment, '{"a":1}'::jsonb AS json, NULL AS nothing`;
  const run = await runOn(ExecuteSQLRecord, pools.get('PostgreSQL')!, { 'SQL Query': sql, 'Use Avro Logical Types': 'true' }, { 'Record Writer': jsonWriter() });
  assert.equal(
    run.out('success')[0]!.content,
    `[{"big":9007199254740993,"exact":1234567890.123456789012345,"list":[1,2],"bytes":[1,255],"yes":true,"moment":${Date.UTC(2026, 0, 2, 3, 4, 5, 500)},"json":"{\\"a\\": 1}","nothing":null}]`,
  );
});

test('a query that takes too long ends, and a database that is not there is told', async () => {
  const slow = await runOn(ExecuteSQLRecord, pools.get('PostgreSQL')!, { 'Max Wait Time': '100 ms' }, { 'Record Writer': jsonWriter() }, 'SELECT pg_sleep(20)');
  assert.match(slow.out('failure')[0]!.attributes['executesql.error.message']!, /longer than 100 ms/);
  const lost = await runOn(
    PutDatabaseRecord,
    poolFor('jdbc:postgresql://127.0.0.1:1/x'),
    { 'Table Name': 'a', 'Statement Type': 'INSERT' },
    { 'Record Reader': jsonReader() },
    '[{"a":1}]',
  );
  assert.deepEqual(lost.counts, { retry: 1 });
  assert.match(lost.out('retry')[0]!.attributes['putdatabaserecord.error']!, /PostgreSQL: .*ECONNREFUSED/);
});
