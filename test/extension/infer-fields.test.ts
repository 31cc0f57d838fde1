import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExactNumber, inferFields } from '../../server/extension/record.ts';

test('a type holds all values of its field', () => {
  const fields = inferFields([
    { i: 1, d: 1, e: 1.5, t: 'x', m: 1, n: null, j: { a: 1 }, b: true, day: '2024-01-01' },
    { i: 9007199254740993n, d: 1.5, e: new ExactNumber('1.00000000000000000001'), t: null, m: 'x', n: null, j: [1], b: null, late: 1 },
  ]);
  assert.deepEqual(Object.fromEntries(fields.map(({ name, type }) => [name, type])), {
    i: 'integer',
    d: 'double',
    e: 'decimal',
    t: 'text',
    m: 'text',
    n: 'text',
    j: 'json',
    b: 'boolean',
    day: 'text',
    late: 'integer',
  });
});
