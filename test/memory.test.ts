import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertInProcess } from './bench/memory.ts';

/** It takes 190 MB, of which an idle process has 110. What holds the whole content would need 500; large pieces of text alone made it 270. */
const CEILING = 250e6;
const SIZE = 60e6;

test('a CSV of 60 MB goes through ConvertRecord into Parquet, which holds the most in memory, under 250 MB', { timeout: 300_000 }, async () => {
  const { rows, peakBytes } = await convertInProcess('CSV -> parquet', SIZE, 240_000);
  assert.ok(rows > 400_000);
  assert.ok(peakBytes < CEILING, `${Math.round(peakBytes / 1e6)} MB were in memory`);
});
