import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineReportingTask } from '../../server/extension/reporting-task.ts';
import { property } from '../../server/extension/property.ts';
import { serviceContract } from '../../server/extension/service.ts';
import { ConflictError, InvalidRequestError } from '../../server/engine/errors.ts';
import type { ReportingTaskNode, TaskEdit } from '../../server/engine/reporting-task-node.ts';
import { FlowRig } from '../flow-rig.ts';

/** What the task did, in order. */
let told: string[] = [];
let hold: Promise<void> | undefined;

const Tell = defineReportingTask({
  description: 'Tells what is queued',
  tags: [],
  stateful: { scope: 'local', description: 'How often it told' },
  properties: {
    fail: property.boolean('Fail', 'Whether it throws', { default: 'false' }),
    failToStart: property.boolean('Fail To Start', 'Whether it throws at the start', { default: 'false' }),
    word: property.service('Word', 'A service', serviceContract<{ word: string }>('test.WordProvider')),
  },
  onScheduled({ properties }) {
    told.push('scheduled');
    if (properties.failToStart) throw new Error('not today');
    return properties.word?.word ?? 'told';
  },
  async onTrigger({ properties, flow, getState, setState }, word) {
    const times = Number(getState().get('times') ?? 0) + 1;
    setState(new Map([['times', String(times)]]));
    told.push(`${word} ${times}: ${flow.status().flowFilesQueued}`);
    await hold;
    if (properties.fail) throw new Error('nobody listens');
  },
  onStopped: (word) => void told.push(`stopped ${word}`),
});

function rigWith(edit: TaskEdit = {}): { rig: FlowRig; task: ReportingTaskNode } {
  told = [];
  hold = undefined;
  const rig = new FlowRig();
  rig.types.addType('Tell', Tell as never);
  return { rig, task: rig.flow.createControllerLevel('REPORTING_TASK', { version: 0 }, { type: 'test.Tell', schedulingPeriod: '10 sec', ...edit }) };
}

const start = (rig: FlowRig, task: ReportingTaskNode) => rig.edit(task, (node) => node.start());
const minute = 60_000;

test('a task reports at once and then after each period, until it is stopped', async () => {
  const { rig, task } = rigWith();
  const source = rig.source();
  rig.connect(source, rig.processor('Pass'));
  start(rig, task);
  await rig.clock.advance(1);
  await rig.once(source);
  await rig.clock.advance(20_000);
  assert.deepEqual(told, ['scheduled', 'told 1: 0', 'told 2: 1', 'told 3: 1']);
  await rig.edit(task, (node) => node.stop());
  await rig.clock.advance(minute);
  assert.deepEqual([told.length, told.at(-1), task.state, task.isActive], [5, 'stopped told', 'STOPPED', false]);
});

test('a cron schedule fires on the minute', async () => {
  const { rig, task } = rigWith({ schedulingStrategy: 'CRON_DRIVEN', schedulingPeriod: '0 * * * * ?' });
  start(rig, task);
  await rig.clock.advance(3 * minute);
  assert.deepEqual(told, ['scheduled', 'told 1: 0', 'told 2: 0', 'told 3: 0']);
});

test('a report that fails is told in a bulletin, and the task goes on', async () => {
  const { rig, task } = rigWith({ properties: { Fail: 'true' } });
  start(rig, task);
  await rig.clock.advance(20_001);
  assert.equal(told.length, 4);
  assert.deepEqual(
    rig.flow.bulletins.of(task.id).map(({ level, message, source }) => `${level} ${message} ${source?.kind}`),
    Array(3).fill('ERROR Failed to report: nobody listens REPORTING_TASK'),
  );
});

test('a task that cannot start is tried again', async () => {
  const { rig, task } = rigWith({ properties: { 'Fail To Start': 'true' } });
  start(rig, task);
  await rig.clock.advance(31_000);
  assert.deepEqual(told, ['scheduled', 'scheduled']);
  await rig.edit(task, (node) => node.stop());
  await rig.clock.advance(minute);
  assert.equal(told.length, 2);
});

test('reports do not overlap, and a stop waits for the last one', async () => {
  const { rig, task } = rigWith();
  let release = (): void => undefined;
  hold = new Promise((resolve) => {
    release = resolve;
  });
  start(rig, task);
  await rig.clock.advance(minute);
  assert.deepEqual([told.length, task.activeThreadCount], [2, 1]);
  let stopped = false;
  const stop = rig
    .edit(task, (node) => node.stop())
    .then(() => {
      stopped = true;
    });
  await rig.settle();
  assert.deepEqual([stopped, task.state, task.isActive], [false, 'STOPPED', true]);
  assert.throws(() => rig.edit(task, (node) => node.configure({ name: 'x' })), ConflictError);
  release();
  await stop;
  assert.equal(told.at(-1), 'stopped told');
});

test('state and schedule survive a restart, and what ran runs again', async () => {
  const { rig, task } = rigWith();
  start(rig, task);
  await rig.clock.advance(1);
  const again = rig.reopen();
  const restored = again.controllerLevel('REPORTING_TASK', task.id);
  assert.deepEqual([restored.state, restored.isActive, restored.schedule], ['RUNNING', false, { schedulingStrategy: 'TIMER_DRIVEN', schedulingPeriod: '10 sec' }]);
  again.start();
  await rig.clock.advance(1);
  assert.ok(told.includes('told 2: 0'));
  await again.stop();
  assert.equal(restored.state, 'RUNNING');
});

test('a service that is disabled stops the tasks that use it', async () => {
  const { rig, task } = rigWith();
  const service = rig.flow.createService(null, { version: 0 }, { type: 'test.Word', properties: { Word: 'hello' } });
  rig.edit(task, (node) => node.configure({ properties: { Word: service.id } }));
  assert.throws(() => start(rig, task), /Cannot start reporting task .* because it is not valid: .*is disabled/);
  rig.edit(service, (node) => node.enable());
  await rig.settle();
  start(rig, task);
  await rig.clock.advance(1);
  assert.equal(told.at(-1), 'hello 1: 0');
  await rig.edit(service, (node) => node.disable());
  assert.deepEqual([task.state, told.at(-1), service.state], ['STOPPED', 'stopped hello', 'DISABLED']);
});

test('refusals name the task and the remedy', () => {
  const { rig, task } = rigWith();
  const configure = (edit: TaskEdit) => () => rig.edit(task, (node) => node.configure(edit));
  assert.throws(configure({ schedulingPeriod: 'soon' }), InvalidRequestError);
  assert.throws(configure({ schedulingPeriod: '0 sec' }), /must be more than 0/);
  assert.throws(configure({ schedulingStrategy: 'CRON_DRIVEN', schedulingPeriod: '1 min' }), InvalidRequestError);
  assert.throws(configure({ schedulingStrategy: 'EVENT_DRIVEN' as never }), /must be one of TIMER_DRIVEN, CRON_DRIVEN/);
  rig.edit(task, (node) => node.disable());
  assert.throws(() => start(rig, task), /disabled. Enable it first/);
  rig.edit(task, (node) => node.stop());
  start(rig, task);
  assert.throws(() => rig.remove(task), /is running. Stop it first/);
});

test('a cron schedule fires once although the clock is set back a little just before', async () => {
  const { rig, task } = rigWith({ schedulingStrategy: 'CRON_DRIVEN', schedulingPeriod: '0 * * * * ?' });
  start(rig, task);
  await rig.clock.advance(30_000);
  rig.clock.setBack(5);
  await rig.clock.advance(minute);
  assert.deepEqual(told, ['scheduled', 'told 1: 0']);
});
