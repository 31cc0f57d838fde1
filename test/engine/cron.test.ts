import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCron } from '../../server/engine/cron.ts';

/** Expression, zone, from, the next times. */
const table: [string, string, string, string[]][] = [
  ['0 0 */6 * * ?', 'UTC', '2026-11-23T05:00:00Z', ['2026-11-23T06:00:00.000Z', '2026-11-23T12:00:00.000Z']],
  ['0 30 2 * * *', 'America/New_York', '2027-03-13T08:00:00Z', ['2027-03-14T07:00:00.000Z', '2027-03-15T06:30:00.000Z']],
  ['0 0 * * * *', 'America/New_York', '2027-11-07T04:30:00Z', ['2027-11-07T05:00:00.000Z', '2027-11-07T06:00:00.000Z', '2027-11-07T07:00:00.000Z']],
  ['0 0 12 L * ?', 'UTC', '2027-02-01T00:00:00Z', ['2027-02-28T12:00:00.000Z', '2027-03-31T12:00:00.000Z']],
  ['0 0 9 ? * MON-FRI', 'Europe/Berlin', '2026-11-20T09:00:00Z', ['2026-11-23T08:00:00.000Z', '2026-11-24T08:00:00.000Z']],
  ['0 0 0 1 1 ? 2028', 'UTC', '2026-01-01T00:00:00Z', ['2028-01-01T00:00:00.000Z']],
];

for (const [expression, zone, from, expected] of table) {
  test(`${expression} in ${zone}`, () => {
    const next = parseCron(expression, zone);
    const times: string[] = [];
    for (let at = Date.parse(from); times.length < expected.length; ) {
      at = next(at)!;
      times.push(new Date(at).toISOString());
    }
    assert.deepEqual(times, expected);
  });
}

test('a year that is over never fires', () => {
  assert.equal(parseCron('0 0 0 1 1 ? 2020', 'UTC')(Date.UTC(2026, 0, 1)), undefined);
});

for (const wrong of ['', 'not a cron', '* * * * *', '61 * * * * ?', '0 0 25 * * ?', '0 0 0 * * ? * *']) {
  test(`'${wrong}' is refused`, () => assert.throws(() => parseCron(wrong, 'UTC'), { name: 'PropertyError' }));
}
