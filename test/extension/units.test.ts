import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDataSize, parseDuration } from '../../server/extension/units.ts';

for (const [text, millis] of [
  ['30 sec', 30_000],
  ['1.5 h', 5_400_000],
  ['10ms', 10],
  ['2 days', 172_800_000],
  ['500 micros', 0.5],
  ['1 wk', 604_800_000],
] as const) {
  test(`${text} is ${millis} ms`, () => assert.equal(parseDuration(text), millis));
}

for (const [text, bytes] of [
  ['0B', 0],
  ['1 KB', 1024],
  ['1.5 mb', 1_572_864],
  ['2 GB', 2_147_483_648],
] as const) {
  test(`${text} is ${bytes} bytes`, () => assert.equal(parseDataSize(text), bytes));
}

for (const text of ['', '30', 'sec', '-1 sec', '1 fortnight', `${'9'.repeat(400)} days`, '1e9 sec']) {
  test(`'${text.slice(0, 20)}' is no duration`, () => assert.throws(() => parseDuration(text), { name: 'PropertyError' }));
}
