import assert from 'node:assert/strict';
import { test } from 'node:test';
import AttributeRollingWindow from '../../../processors/attributes/AttributeRollingWindow.ts';
import { runner } from '../../runner.ts';

/** Values with the seconds that pass before each; the figures of the last. */
async function figures(values: readonly (readonly [seconds: number, value: string])[], properties: Record<string, string>) {
  const run = runner(AttributeRollingWindow, { properties: { 'Value to Track': `\${value}`, ...properties } });
  for (const [seconds, value] of values) {
    await run.advance(seconds * 1000);
    run.enqueue('', { filename: 'f', value });
    await run.run();
  }
  const {
    rolling_window_value: sum,
    rolling_window_count: count,
    rolling_window_mean: mean,
    rolling_window_variance: variance,
    rolling_window_stddev: deviation,
  } = run.out('success').at(-1)!.attributes;
  return { all: [sum, count, mean, variance, deviation], counts: run.counts, state: run.state(), reason: run.bulletins.map(({ message }) => message).join() };
}

const minute = { 'Time Window': '60 sec' };

test('sum, count, mean, variance and deviation; what is older than the window counts no more', async () => {
  assert.deepEqual((await figures([[0, '3']], minute)).all, ['3.0', '1', '3.0', '0.0', '0.0']);
  assert.deepEqual(
    (
      await figures(
        [
          [0, '2'],
          [0, '4'],
          [1, '9'],
        ],
        minute,
      )
    ).all,
    ['15.0', '3', '5.0', '13.0', String(Math.sqrt(13))],
  );
  assert.deepEqual(
    (
      await figures(
        [
          [0, '100'],
          [30, '2'],
          [31, '4.5'],
        ],
        minute,
      )
    ).all.slice(0, 3),
    ['6.5', '2', '3.25'],
  );
});

test('sub-windows are summed up and forgotten as a whole', async () => {
  const { all, state } = await figures(
    [
      [0, '1'],
      [1, '2'],
      [20, '3'],
      [1, '4'],
    ],
    { ...minute, 'Subwindow Length': '10 sec' },
  );
  assert.deepEqual(all, ['10.0', '4', '2.5', '8.0', String(Math.sqrt(8))]);
  assert.equal(Object.keys(state).filter((key) => key.endsWith('_batch')).length, 2);
  assert.deepEqual(
    (
      await figures(
        [
          [0, '1'],
          [1, '2'],
          [70, '3'],
        ],
        { ...minute, 'Subwindow Length': '10 sec' },
      )
    ).all.slice(0, 2),
    ['3.0', '1'],
  );
});

test('what is not a number fails with a reason and counts for nothing', async () => {
  for (const value of ['x', '', 'Infinity']) {
    const { counts, all, reason } = await figures(
      [
        [0, value],
        [0, '1'],
      ],
      minute,
    );
    assert.deepEqual([counts, all[1]], [{ failure: 1, success: 1 }, '1']);
    assert.match(reason, /is not a number/);
  }
});
