import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONVERSIONS } from '../../../processors/records/conversion.ts';
import { parseMapping } from '../../../processors/records/mapping.ts';
import { mapRecord, requireColumns } from '../../../processors/records/record-mapper.ts';
import type { FieldType, RecordValue } from '../../../server/extension/record.ts';

const mapping = (...lines: object[]) => parseMapping(JSON.stringify(lines));

test('each type takes what it can hold and nothing else', () => {
  const table: Partial<Record<FieldType, readonly (readonly [RecordValue, RecordValue | undefined])[]>> = {
    text: [
      ['a', 'a'],
      [1.5, '1.5'],
      [true, 'true'],
      [9007199254740993n, '9007199254740993'],
      [{ a: 1 }, '{"a":1}'],
    ],
    integer: [
      [12, 12],
      ['12', 12],
      [' +012 ', 12],
      ['12.0', 12],
      [12.5, undefined],
      ['9007199254740993', 9007199254740993n],
      ['x', undefined],
      ['', undefined],
    ],
    decimal: [
      [1.5, 1.5],
      ['.5', 0.5],
      ['5.', 5],
      ['1,5', undefined],
      [true, undefined],
    ],
    boolean: [
      [true, true],
      ['Yes', true],
      [0, false],
      ['maybe', undefined],
    ],
    date: [
      ['2024-02-29', '2024-02-29'],
      ['2023-02-29', undefined],
      ['2024-01-01T10:00:00Z', '2024-01-01'],
      [0, '1970-01-01'],
      ['01.02.2024', undefined],
    ],
    timestamp: [
      ['2024-01-01', '2024-01-01T00:00:00'],
      ['2024-01-01 10:00', '2024-01-01T10:00:00'],
      ['2024-01-01T10:00:00.500Z', '2024-01-01T10:00:00.500Z'],
      ['2024-01-01T25:00:00', undefined],
      [1, '1970-01-01T00:00:00.001Z'],
    ],
    time: [
      ['10:00', '10:00'],
      ['24:00', undefined],
    ],
    json: [[[1], [1]]],
  };
  for (const [type, cases] of Object.entries(table))
    for (const [given, expected] of cases) assert.deepEqual(CONVERSIONS[type as FieldType](given), expected, `${type} of ${String(given)}`);
});

test('a line that makes no sense is named', () => {
  for (const [lines, message] of [
    [[], /must be a JSON array of lines/],
    [[{ source: 'a', type: 'number' }], /line 1 .* unknown type "number"/],
    [[{ source: 'a' }, { source: 'b', transform: 'trim|shout' }], /line 2 .* unknown transform "shout"/],
    [[{ destination: 'A' }], /neither a source nor a default/],
    [
      [
        { source: 'a', destination: 'X' },
        { source: 'b', destination: 'X' },
      ],
      /two lines have the destination "X"/,
    ],
    [[{ source: 'a', typ: 'text' }], /unknown setting "typ"/],
    [[{ source: 'a', type: 'integer', default: 'x' }], /default that is no integer/],
  ] as const)
    assert.throws(() => mapping(...lines), message);
  assert.throws(() => parseMapping('{'), /it is not JSON/);
});

test('required, default, transform', () => {
  const fields = mapping(
    { source: 'email', destination: 'EMAIL', type: 'text', required: true, transform: 'trim|lower' },
    { source: 'n', destination: 'N', type: 'integer', default: 7 },
    { destination: 'KIND', default: 'customer' },
  );
  assert.deepEqual(mapRecord(fields, { email: ' A@B.C ', n: null }, false), { record: { EMAIL: 'a@b.c', N: 7, KIND: 'customer' } });
  assert.match(mapRecord(fields, { email: '  ', n: 1 }, false).reason!, /EMAIL is required, but email is empty/);
  assert.match(mapRecord(fields, { email: 'a', n: 'many' }, false).reason!, /n is 'many', which is no integer: N cannot take it/);
});

test('unmapped columns stay when asked to', () => {
  assert.deepEqual(mapRecord(mapping({ source: 'a', destination: 'A' }), { a: 1, b: 2 }, true), { record: { b: 2, A: 1 } });
});

test('a column that no record has is named with its neighbours', () => {
  const fields = mapping({ source: 'first_name', destination: 'F' });
  requireColumns(fields, [{ x: 1 }, { first_name: null }]);
  assert.throws(() => requireColumns(fields, [{ firstname: 'Ada' }]), /Column first_name \(for F\) is not in the result: change the mapping\. Did you mean firstname\?/);
});
