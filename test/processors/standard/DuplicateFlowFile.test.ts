import assert from 'node:assert/strict';
import { test } from 'node:test';
import DuplicateFlowFile from '../../../processors/standard/DuplicateFlowFile.ts';
import { runner } from '../../runner.ts';

test('the original and its copies are numbered', async () => {
  const run = runner(DuplicateFlowFile, { properties: { 'Number of Copies': '${n}' } });
  run.enqueue('content', { n: '2' });
  await run.run();
  assert.deepEqual(
    run
      .out('success')
      .map(({ attributes, content }) => [attributes['copy.index'], content])
      .sort(),
    [
      ['0', 'content'],
      ['1', 'content'],
      ['2', 'content'],
    ],
  );
  assert.equal(new Set(run.out('success').map(({ uuid }) => uuid)).size, 3);
});
