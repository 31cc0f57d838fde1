import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateLimiter } from '../../server/extension/rate-limiter.ts';

const never = new AbortController().signal;

test('no span of the limit holds more requests than it allows, and none waits longer than it must', async () => {
  let now = 0;
  const limiter = new RateLimiter({ max: 5, millis: 40 }, { now: () => now, sleep: async (millis) => void (now += millis) });
  const begun = await Promise.all(Array.from({ length: 12 }, () => limiter.begin(never).then(() => now)));
  assert.deepEqual(begun, [0, 0, 0, 0, 0, 40, 40, 40, 40, 40, 80, 80]);
});

test('of several limits each one holds', async () => {
  let now = 0;
  const limits = [
    { max: 2, millis: 10 },
    { max: 5, millis: 100 },
  ];
  const limiter = new RateLimiter(limits, { now: () => now, sleep: async (millis) => void (now += millis) });
  const begun = await Promise.all(Array.from({ length: 8 }, () => limiter.begin(never).then(() => now)));
  assert.deepEqual(begun, [0, 0, 10, 10, 20, 100, 100, 110]);
});

test('a pause holds all, a signal lets one go', async () => {
  const limiter = new RateLimiter({ max: 5, millis: 1000 });
  limiter.pause(60_000);
  const aborted = new AbortController();
  const waits = limiter.begin(aborted.signal);
  aborted.abort();
  await assert.rejects(waits, { name: 'AbortError' });
});
