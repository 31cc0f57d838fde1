import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, UPDATE } from '../api-client.ts';
import { RollingStatistics, SLOT_MILLIS, SLOTS } from '../../server/engine/statistics.ts';
import { RestRig } from './rest-rig.ts';

test('the steps of five minutes are in order, also where nothing happened for a while', () => {
  const statistics = new RollingStatistics();
  statistics.at(0).flowFilesOut += 1;
  statistics.at(3 * SLOT_MILLIS).flowFilesOut += 2;
  statistics.at(5 * SLOT_MILLIS).flowFilesOut += 4;
  const steps = (now: number): number[] => statistics.steps(now, ({ flowFilesOut }) => flowFilesOut);
  assert.equal(steps(0).length, SLOTS);
  assert.deepEqual(steps(5 * SLOT_MILLIS).slice(-6), [1, 0, 0, 2, 0, 4]);
  assert.deepEqual(steps(8 * SLOT_MILLIS).slice(-4), [4, 0, 0, 0]);
  assert.equal(
    steps(100 * SLOT_MILLIS).some((count) => count > 0),
    false,
  );
});

test('what went through components, connections and groups below is told in steps', () =>
  RestRig.with(async (rig) => {
    const inner = await rig.create('root', 'process-groups', { name: 'inner' });
    const source = await rig.source('x', inner.id);
    const sink = await rig.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, inner.id);
    const idle = await rig.processor(GENERATE, {}, inner.id);
    const connection = await rig.connect(source, sink);
    await rig.once(source);
    await rig.once(sink);
    const { stepMillis, components } = await rig.get(`/api/process-groups/${inner.id}/sparklines`);
    const total = ({ id }: Json): number | undefined => components.find((each: Json) => each.id === id)?.flowFiles.reduce((sum: number, count: number) => sum + count, 0);
    assert.equal(stepMillis, 15_000);
    assert.deepEqual([total(source), total(connection), total(sink), total(idle)], [1, 1, 1, undefined]);
    const above = await rig.get('/api/process-groups/root/sparklines');
    assert.equal(above.components[0].id, inner.id);
    assert.equal((await rig.send('GET', '/api/process-groups/nobody/sparklines')).status, 404);
  }));
