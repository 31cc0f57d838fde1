import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareMarks, LAST_SYNC, MAX_FINGERPRINTS, ROWS_AT_LAST_SYNC, Watermark } from '../../../processors/warehouse/watermark.ts';
import { type DataRecord, ExactNumber } from '../../../server/extension/record.ts';

/** Runs the query of each turn against the state that the turn before left. */
class Source {
  state = new Map<string, string>();
  overflowed = false;

  run(rows: readonly DataRecord[], isNumeric = false): readonly DataRecord[] {
    const marks = new Watermark('at', this.state, isNumeric);
    const fresh = marks.fresh(rows);
    this.state = new Map(Object.entries(marks.state() ?? Object.fromEntries(this.state)));
    this.overflowed = marks.overflowed;
    return fresh;
  }
}

test('rows that join the highest watermark later are sent, and those sent before are not', () => {
  const source = new Source();
  const [a, b, c, d] = [
    { id: 1, at: '2024-01-01' },
    { id: 2, at: '2024-01-02' },
    { id: 3, at: '2024-01-02' },
    { id: 4, at: '2024-01-03' },
  ];
  assert.deepEqual(source.run([a!, b!]), [a, b]);
  assert.equal(source.state.get(LAST_SYNC), '2024-01-02');
  assert.deepEqual(source.run([b!, c!]), [c]);
  assert.deepEqual(source.run([b!, c!]), []);
  assert.deepEqual(source.run([c!, b!, d!]), [d]);
  assert.equal(source.state.get(LAST_SYNC), '2024-01-03');
  assert.deepEqual(source.run([d!]), []);
});

test('equal rows count: a third copy is sent once', () => {
  const source = new Source();
  const row = { at: 5, v: 'x' };
  assert.equal(source.run([row, { ...row }], true).length, 2);
  assert.equal(source.run([row, { ...row }, { ...row }], true).length, 1);
  assert.equal(source.run([row, { ...row }, { ...row }], true).length, 0);
  assert.match(source.state.get(ROWS_AT_LAST_SYNC)!, /^\S+\*3$/);
});

test('a row that changed without moving its watermark is sent again', () => {
  const source = new Source();
  source.run([{ at: '2024-01-01T00:00:00', v: 1 }]);
  assert.equal(source.run([{ at: '2024-01-01T00:00:00', v: 2 }]).length, 1);
});

test('the order of rows does not matter, and the watermark never goes back', () => {
  const source = new Source();
  source.run([{ at: 9 }, { at: 11 }, { at: 10 }], true);
  assert.equal(source.state.get(LAST_SYNC), '11');
  assert.deepEqual(source.run([{ at: 3 }], true), [{ at: 3 }]);
  assert.equal(source.state.get(LAST_SYNC), '11');
});

test('rows without a watermark are sent whenever the query gives them', () => {
  const source = new Source();
  assert.equal(source.run([{ at: null }]).length, 1);
  assert.equal(source.state.has(LAST_SYNC), false);
});

test('beyond the bound rows are sent again, with a warning, and none is lost', () => {
  const source = new Source();
  const rows = Array.from({ length: MAX_FINGERPRINTS + 5 }, (_, id) => ({ id, at: 1 }));
  assert.equal(source.run(rows, true).length, rows.length);
  assert.equal(source.overflowed, true);
  assert.equal(source.run(rows, true).length, 5);
});

test('watermarks are ordered by what they mean', () => {
  const ordered = [
    [2, 10n],
    ['2024-01-01T00:00:00', '2024-01-01T00:00:00.5'],
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.5Z'],
    ['2024-01-01 10:00:00', '2024-01-01T11:00:00'],
    [new ExactNumber('1.00000000000000000001'), new ExactNumber('1.00000000000000000002')],
    [9007199254740992, 9007199254740993n],
  ] as const;
  for (const [low, high] of ordered) {
    assert.ok(compareMarks(low, high) < 0, `${low} < ${high}`);
    assert.ok(compareMarks(high, low) > 0, `${high} > ${low}`);
    assert.equal(compareMarks(low, low), 0);
  }
});
