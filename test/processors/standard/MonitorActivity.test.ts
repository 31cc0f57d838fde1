import assert from 'node:assert/strict';
import { test } from 'node:test';
import MonitorActivity from '../../../processors/standard/MonitorActivity.ts';
import { runner } from '../../runner.ts';

const MINUTE = 60_000;
const properties = { 'Threshold Duration': '5 min', 'Inactivity Message': 'silent for ${inactivityDurationMillis}', 'Activity Restored Message': 'back' };

test('tells of silence once, and of its end', async () => {
  const run = runner(MonitorActivity, { properties: { ...properties, 'Copy Attributes': 'true' } });
  await run.start();
  run.enqueue('a');
  await run.run();
  assert.deepEqual(run.counts, { success: 1 });
  await run.advance(5 * MINUTE);
  await run.run(2);
  assert.deepEqual(run.counts, { success: 1, inactive: 1 });
  const [silent] = run.out('inactive');
  assert.match(silent!.content, /^silent for 30\d{4}$/);
  assert.equal(Number(silent!.attributes.inactivityStartMillis) > 0, true);
  assert.deepEqual(Object.keys(run.state()), ['localFlowActivityInfo']);
  await run.advance(MINUTE);
  run.enqueue('b', { who: 'me' });
  await run.run();
  const [back] = run.out('activity.restored');
  assert.deepEqual([back!.content, back!.attributes.who], ['back', 'me']);
  assert.ok(Number(back!.attributes.inactivityDurationMillis) >= 6 * MINUTE);
  assert.deepEqual(run.state(), {});
  await run.stop();
});

test('tells again and again, or only after a first FlowFile', async () => {
  const again = runner(MonitorActivity, { properties: { ...properties, 'Continually Send Messages': 'true' } });
  await again.start();
  for (let time = 0; time < 3; time++) {
    await again.advance(5 * MINUTE);
    await again.run();
  }
  assert.deepEqual(again.counts, { inactive: 3 });
  await again.stop();
  const waiting = runner(MonitorActivity, { properties: { ...properties, 'Wait for Activity': 'true' } });
  await waiting.start();
  await waiting.advance(10 * MINUTE);
  await waiting.run();
  assert.deepEqual(waiting.counts, {});
  await waiting.stop();
});

test('silence outlives a restart where it should', async () => {
  const run = runner(MonitorActivity, { properties: { ...properties, 'Reset State on Restart': 'false' }, state: { localFlowActivityInfo: '1000' } });
  run.enqueue('a');
  await run.run();
  assert.equal(run.out('activity.restored')[0]!.attributes.inactivityStartMillis, '1000');
});
