import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertInProcess } from './bench/memory.ts';

/** Of a process that idles at 110 MB and starts with more; what holds the whole content would need 500 MB for this one. */
const CEILING = 300e6;
const SIZE = 60e6;

test('a CSV of 60 MB goes through ConvertRecord into Parquet, which holds the most in memory, under 300 MB', { timeout: 300_000 }, async () => {
  const { rows, peakBytes } = await convertInProcess('parquet', SIZE, 240_000);
  assert.ok(rows > 400_000);
  assert.ok(peakBytes < CEILING, `${Math.round(peakBytes / 1e6)} MB were in memory`);
});
