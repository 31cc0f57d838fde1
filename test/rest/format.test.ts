import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount, formatDataSize, formatDuration, formatQueue, TimeFormat } from '../../server/rest/format.ts';
import { encodeJson, JsonMemo, RawJson } from '../../server/rest/raw-json.ts';

test('numbers read as in NiFi', () => {
  assert.deepEqual([0, 999, 1234567].map(formatCount), ['0', '999', '1,234,567']);
  assert.deepEqual([0, 12, 1024, 1536, 5 * 1024 ** 3, 1024 ** 4 + 1].map(formatDataSize), ['0 bytes', '12 bytes', '1,024 bytes', '1.5 KB', '5 GB', '1 TB']);
  assert.equal(formatQueue(3, 12), '3 (12 bytes)');
  assert.deepEqual([0, 61_001, 90_000_000].map(formatDuration), ['00:00:00.000', '00:01:01.001', '25:00:00.000']);
});

test('times are written and read in the time zone of the server', () => {
  const moment = Date.UTC(2026, 10, 23, 14, 5, 6, 7);
  const utc = new TimeFormat('UTC');
  assert.deepEqual([utc.time(moment), utc.date(moment), utc.timestamp(moment)], ['14:05:06 UTC', '11/23/2026 14:05:06 UTC', '11/23/2026 14:05:06.007 UTC']);
  for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
    const times = new TimeFormat(zone);
    assert.equal(times.parse(times.timestamp(moment)), moment);
    assert.equal(times.parse(times.date(moment)), moment - 7);
  }
  assert.equal(new TimeFormat('Asia/Kolkata').offset(moment), 5.5 * 3_600_000);
  assert.equal(utc.parse('2026-11-23T14:05:06.007Z'), moment);
  for (const text of ['', 'yesterday', '13', '2026-99-99T00:00:00Z']) assert.equal(utc.parse(text), undefined);
});

test('JSON made before stands where it belongs', () => {
  const value = {
    list: RawJson.array(
      [
        ['{"a":', '1', '},'],
        ['{', '}', ','],
      ].map((chunks) => chunks.map((chunk) => Buffer.from(chunk)) as [Buffer, Buffer, Buffer]),
    ),
    none: RawJson.array([]),
    text: RawJson.of('"ü"'),
    plain: '"raw-',
  };
  assert.deepEqual(JSON.parse(String(encodeJson(value))), { list: [{ a: 1 }, {}], none: [], text: 'ü', plain: '"raw-' });
  const memo = new JsonMemo<object>();
  const key = {};
  let made = 0;
  const open = (...parts: unknown[]) => String(memo.open(key, parts, () => ({ made: ++made }), ',more'));
  assert.deepEqual([open(1, 'a'), open(1, 'a'), open(1, 'b'), open(1)], ['{"made":1,more', '{"made":1,more', '{"made":2,more', '{"made":3,more']);
});
