import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** One run of the child below: what it needed at most, and what it read. */
interface Outcome {
  readonly peakBytes: number;
  readonly read: number;
  readonly checksum: number;
  readonly expected: number;
}

test('a FlowFile of 1 GB is written, cloned in part and read in a fraction of that memory', { timeout: 120_000 }, () => {
  const child = fileURLToPath(new URL('./large-content.child.ts', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', child], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const { peakBytes, read, checksum, expected } = JSON.parse(stdout) as Outcome;
  assert.deepEqual([read, checksum], [1024 ** 3, expected]);
  assert.ok(peakBytes < 300 * 1024 ** 2, `${Math.round(peakBytes / 1024 ** 2)} MB`);
});
