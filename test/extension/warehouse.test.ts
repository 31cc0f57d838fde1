import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindSites, parseTableName, tableLabel, usesBind, WarehouseError } from '../../server/extension/warehouse.ts';

test('binds are found only where SQL has them', () => {
  for (const [sql, names] of [
    ['SELECT * FROM t WHERE a >= :last_sync AND b = :b', ['last_sync', 'b']],
    ['SELECT \':x\', "a:b", `c:d`, a::int, \'y\'::date, "z"::text', []],
    ['SELECT 1 -- :no\n/* :nor */ , $$ :this $$, $q$ :that $q$', []],
    ['SELECT v:field, a[0]:b, f(x):c, "col":d, {\'key\':value}', []],
    ["SELECT 'it''s :no' WHERE x = ? AND y = ?", ['0', '1']],
    ['(:a)', ['a']],
  ] as const)
    assert.deepEqual(bindSites(sql).names, names, sql);
  assert.equal(usesBind('a > :last_sync', 'last_sync'), true);
  const { texts, names } = bindSites('a > :x AND b');
  assert.equal(`${texts[0]}$${names[0]}${texts[1]}`, 'a > $x AND b');
});

test('names of tables', () => {
  assert.deepEqual(parseTableName('contacts'), { table: 'contacts', schema: undefined, database: undefined });
  assert.deepEqual(parseTableName('db.main."a.b"'), { table: 'a.b', schema: 'main', database: 'db' });
  assert.equal(tableLabel(parseTableName(' main.contacts ')), 'main.contacts');
  for (const wrong of ['', 'a..b', 'a.b.c.d', '.a']) assert.throws(() => parseTableName(wrong), /is not the name of a table/, wrong);
});

test('an error carries its cause and ends in a remedy', () => {
  const error = new WarehouseError('missing column', 'Table t has no column x');
  assert.equal(error.message, 'Table t has no column x. Correct the column in the query or the mapping, or add it to the table.');
  assert.equal(error.isPassing, false);
  assert.equal(new WarehouseError('connection', 'gone').isPassing, true);
});
