import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type DataRecord, ExactNumber, type FieldType, stringifyExactly } from '../../server/extension/record.ts';
import type { ColumnDefinition } from '../../server/extension/warehouse.ts';
import { refusedAs, rows, testsOn, type WarehouseDialect } from './warehouse-tests.ts';

const id: ColumnDefinition = { name: 'id', type: 'integer', required: true };

/** A value of every type, and what comes back of it. */
const VALUES: readonly (readonly [name: string, type: FieldType, given: DataRecord[string], read?: DataRecord[string]])[] = [
  ['small', 'integer', -7],
  ['big', 'integer', 9007199254740993n],
  ['biggest', 'integer', '-9223372036854775808', -9223372036854775808n],
  ['money', 'decimal', 1.1],
  ['exact', 'decimal', new ExactNumber('12345678901234567890.5')],
  ['tiny', 'decimal', '0.0000000001', 1e-10],
  ['ratio', 'double', 0.1],
  ['double', 'double', 1.7976931348623157e308],
  ['flag', 'boolean', true],
  ['day', 'date', '2024-02-29'],
  ['hour', 'time', '10:00:00'],
  ['moment', 'timestamp', '2024-01-01T10:00:00.5'],
  ['moved', 'timestamp', '2024-01-01T10:00:00+02:00', '2024-01-01T08:00:00'],
  ['instant', 'timestamp_tz', '2024-01-01T10:00:00+02:00', '2024-01-01T08:00:00Z'],
  ['bytes', 'binary', 'AP9hYg=='],
  ['list', 'json', [1, 'a', null, { deep: [true] }]],
  ['object', 'json', { n: 9007199254740993n, text: 'é"\\' }],
  ['word', 'text', 'é"\'\\N\t\n\r, \\.'],
  ['empty', 'text', ''],
  ['nothing', 'text', null],
];

const CONTACTS: readonly ColumnDefinition[] = [
  { name: 'email', type: 'text', required: true },
  { name: 'ltv', type: 'decimal' },
  { name: 'n', type: 'integer' },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
];

/** How records get into the tables of every warehouse. */
export function upsertContract(name: string, dialect: WarehouseDialect): void {
  const withWarehouse = testsOn(name, dialect);

  withWarehouse('values of every type go in and come back exact', async (warehouse) => {
    await warehouse.createTable({ table: 'things' }, [id, ...VALUES.map(([column, type]) => ({ name: column, type }))]);
    const record = Object.fromEntries([['id', 1], ...VALUES.map(([column, , given]) => [column, given])]) as DataRecord;
    assert.deepEqual(await warehouse.upsert({ table: 'things' }, [[record]], { keyColumns: ['id'] }), { inserted: 1, updated: 0, unchanged: 0, superseded: 0, rejected: [] });
    assert.deepEqual(await rows(warehouse, 'SELECT * FROM things'), [
      Object.fromEntries([
        ['id', 1],
        ...VALUES.map(([column, type, given, read = given]) => [column, type === 'json' && dialect.kept?.json === 'text' ? stringifyExactly(read) : read]),
      ]),
    ]);
    const again = await warehouse.upsert({ table: 'things' }, [[record]], { keyColumns: ['id'] });
    assert.deepEqual([again.inserted, again.updated, again.unchanged], [0, 0, 1]);
    const table = await warehouse.describeTable({ table: 'THINGS' });
    assert.deepEqual(
      table?.columns.map((column) => [column.name, column.type, column.nullable]),
      [['id', 'integer', false], ...VALUES.map(([column, type]) => [column, dialect.kept?.[type] ?? type, true])],
    );
  });

  withWarehouse('a cancelled upsert leaves the table as it was', async (warehouse) => {
    await warehouse.createTable({ table: 't' }, [id]);
    const stop = new AbortController();
    function* batches() {
      yield [{ id: 1 }];
      stop.abort();
      yield Array.from({ length: 20_000 }, (_, index) => ({ id: index }));
    }
    await assert.rejects(warehouse.upsert({ table: 't' }, batches(), { keyColumns: ['id'], signal: stop.signal }), refusedAs('cancelled', /cancelled/));
    function* broken() {
      yield [{ id: 1 }];
      throw new Error('the source broke');
    }
    await assert.rejects(warehouse.upsert({ table: 't' }, broken(), { keyColumns: ['id'] }), /the source broke/);
    assert.deepEqual(await rows(warehouse, 'SELECT * FROM t'), []);
  });

  withWarehouse('an upsert inserts, updates, leaves alone, replaces doubles and rejects with the reason', async (warehouse) => {
    await warehouse.createTable({ table: 'contacts' }, CONTACTS);
    await warehouse.createTable({ table: 'contacts' }, CONTACTS);
    const batch: DataRecord[] = [
      { email: 'a', ltv: 1.5, n: 1, day: '2024-01-01', at: '2024-01-01T10:00:00+02:00' },
      { email: 'b', ltv: 'x' },
      { email: 'c', n: 12.5 },
      { email: null },
      { email: 'd', day: '2024-02-30' },
      { email: 'a', ltv: new ExactNumber('12345678901234567890.5'), n: 9007199254740993n, day: null, at: '2024-01-01T10:00:00+02:00' },
      { email: 'e', n: '7' },
      { email: 'f', n: dialect.tooLarge ?? 9223372036854775808n },
    ];
    const first = await warehouse.upsert({ table: 'Contacts' }, [batch.slice(0, 3), batch.slice(3)], { keyColumns: ['EMAIL'] });
    assert.deepEqual({ ...first, rejected: first.rejected.map(({ index }) => index) }, { inserted: 2, updated: 0, unchanged: 0, superseded: 1, rejected: [1, 2, 3, 4, 7] });
    for (const [at, reason] of [/^ltv is x, which is no \w+/i, /^n is 12.5, which is no \w+/i, /^email is empty, but/i, /^day is 2024-02-30, which is no date/i].entries())
      assert.match(first.rejected[at]!.reason, reason);
    assert.deepEqual(first.rejected[0]!.record, batch[1]);
    const again = await warehouse.upsert({ table: 'contacts' }, [batch], { keyColumns: ['email'] });
    assert.deepEqual([again.inserted, again.updated, again.unchanged], [0, 0, 2]);
    const change = await warehouse.upsert({ table: 'contacts' }, [[{ email: 'e', n: 8 }, { email: 'f' }]], { keyColumns: ['email'] });
    assert.deepEqual([change.inserted, change.updated, change.unchanged], [1, 1, 0]);
    assert.deepEqual(await rows(warehouse, 'SELECT * FROM contacts ORDER BY email'), [
      { email: 'a', ltv: new ExactNumber('12345678901234567890.5'), n: 9007199254740993n, day: null, at: '2024-01-01T08:00:00' },
      { email: 'e', ltv: null, n: 8, day: null, at: null },
      { email: 'f', ltv: null, n: null, day: null, at: null },
    ]);
  });

  withWarehouse('fields are matched with columns as the warehouse matches names', async (warehouse) => {
    await warehouse.createTable({ table: 'people' }, [
      { name: 'email', type: 'text' },
      { name: 'age', type: 'integer' },
    ]);
    const records: DataRecord[] = [
      { Email: 'a', AGE: 1 },
      { EMAIL: 'b', age: 2 },
    ];
    const { inserted, rejected } = await warehouse.upsert({ table: 'people' }, [records], { keyColumns: ['email'] });
    assert.deepEqual([inserted, rejected], [2, []]);
    assert.deepEqual(await rows(warehouse, 'SELECT * FROM people ORDER BY email'), [
      { email: 'a', age: 1 },
      { email: 'b', age: 2 },
    ]);
  });

  withWarehouse('columns are added when asked for, also by later batches of one upsert', async (warehouse) => {
    const schema = `crm_${randomUUID().slice(0, 8)}`;
    await warehouse.createTable({ schema, table: 'people' }, [id]);
    const batches = [Array.from({ length: 10_000 }, (_, index) => ({ id: index })), [{ id: 10_000, late: '2024-01-01', score: 0.5 }]];
    const options = { keyColumns: ['id'], addColumns: true, fields: [{ name: 'late', type: 'date' }] } as const;
    await warehouse.upsert({ schema, table: 'people' }, batches, options);
    const table = await warehouse.describeTable({ schema: schema.toUpperCase(), table: 'People' });
    assert.deepEqual(
      table?.columns.map((column) => [column.name, column.type]),
      [
        ['id', 'integer'],
        ['late', 'date'],
        ['score', 'double'],
      ],
    );
    assert.deepEqual(await rows(warehouse, `SELECT count(*) AS n, max(late) AS late FROM ${schema}.people`), [{ n: 10_001, late: '2024-01-01' }]);
    await warehouse.execute(`DROP SCHEMA ${schema} CASCADE`);
  });

  if (!dialect.hasNoKeys)
    withWarehouse('a failing upsert leaves the table as it was, added columns included', async (warehouse) => {
      await warehouse.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, u INTEGER UNIQUE)');
      await warehouse.upsert({ table: 't' }, [[{ id: 1, u: 1 }]], { keyColumns: ['id'] });
      const batch = [
        { id: 1, u: 2, more: 'x' },
        { id: 2, u: 3, more: 'x' },
        { id: 3, u: 3, more: 'x' },
      ];
      await assert.rejects(warehouse.upsert({ table: 't' }, [batch], { keyColumns: ['id'], addColumns: true }), refusedAs('constraint', /duplicate/i));
      assert.deepEqual(await rows(warehouse, 'SELECT * FROM t'), [{ id: 1, u: 1 }]);
      const table = await warehouse.describeTable({ table: 't' });
      assert.deepEqual(table?.primaryKey, ['id']);
      assert.equal(await warehouse.describeTable({ table: 'u' }), undefined);
    });

  withWarehouse('writers to the same rows take turns', async (warehouse) => {
    await warehouse.createTable({ table: 't' }, [
      { name: 'id', type: 'integer' },
      { name: 'n', type: 'integer' },
    ]);
    await Promise.all(Array.from({ length: 8 }, (_, n) => warehouse.upsert({ table: 't' }, [[{ id: 1, n, more: n }]], { keyColumns: ['id'], addColumns: true })));
    assert.deepEqual(await rows(warehouse, 'SELECT count(*) AS n FROM t'), [{ n: 1 }]);
  });

  withWarehouse('no name becomes SQL', async (warehouse) => {
    await warehouse.createTable({ table: 'safe' }, [id]);
    const evil = `x"); DROP TABLE safe; --`;
    if (dialect.refusesNames) {
      await assert.rejects(warehouse.createTable({ table: evil }, [id]), refusedAs('configuration', /DROP TABLE/));
      await assert.rejects(warehouse.createTable({ table: 'other' }, [id, { name: evil, type: 'text' }]), refusedAs('configuration', /DROP TABLE/));
      await assert.rejects(warehouse.upsert({ table: 'safe' }, [[{ id: 1, [evil]: evil }]], { keyColumns: ['id'], addColumns: true }), refusedAs('configuration', /DROP TABLE/));
      assert.equal(await warehouse.describeTable({ table: "t' OR '1'='1" }), undefined);
      return assert.ok(await warehouse.describeTable({ table: 'safe' }));
    }
    await warehouse.createTable({ table: evil }, [id, { name: evil, type: 'text' }]);
    const { inserted } = await warehouse.upsert({ table: evil }, [[{ id: 1, [evil]: evil, [`${evil}'`]: 'more' }]], { keyColumns: ['id', evil], addColumns: true });
    assert.equal(inserted, 1);
    const table = await warehouse.describeTable({ table: evil });
    assert.deepEqual(
      table?.columns.map((column) => column.name),
      ['id', evil, `${evil}'`],
    );
    assert.equal(await warehouse.describeTable({ table: "t' OR '1'='1" }), undefined);
    assert.ok(await warehouse.describeTable({ table: 'safe' }));
  });
}
