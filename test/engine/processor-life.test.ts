import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConflictError, InvalidRequestError } from '../../server/engine/errors.ts';
import { calls, FlowRig } from '../flow-rig.ts';

test('a processor starts, is triggered, and stops with the client that it made', async () => {
  const rig = new FlowRig();
  const live = rig.processor('Live', { name: 'live', schedulingPeriod: '1 min' });
  live.start();
  assert.equal(live.state, 'RUNNING');
  await rig.settle();
  await live.stop();
  assert.equal(live.physicalState, 'STOPPED');
  assert.deepEqual(calls, ['live scheduled', 'live triggered undefined', 'stopped true']);
});

test('an invalid processor that is started waits, and starts by itself once valid', async () => {
  const rig = new FlowRig();
  const source = rig.source();
  assert.deepEqual(source.validationErrors, ["'Relationship success' is invalid because Relationship 'success' is not connected to any component and is not auto-terminated"]);
  rig.edit(source, (node) => node.start());
  assert.deepEqual([source.state, source.physicalState, source.scheduledState], ['STOPPED', 'STARTING', 'RUNNING']);
  assert.throws(() => rig.edit(source, (node) => node.configure({ name: 'other' })), ConflictError);
  const out = rig.connect(source, rig.funnel());
  await rig.settle();
  assert.deepEqual([source.state, source.physicalState], ['RUNNING', 'RUNNING']);
  assert.equal(out.queue.objectCount, 1);
});

test('a start that waits can be cancelled', async () => {
  const rig = new FlowRig();
  const source = rig.source();
  source.start();
  await source.stop();
  assert.equal(source.physicalState, 'STOPPED');
  rig.edit(source, (node) => node.configure({ autoTerminatedRelationships: ['success'] }));
  await rig.settle();
  assert.equal(source.state, 'STOPPED');
});

test('a throw in onScheduled is shown, and tried again after 30 seconds until stopped', async () => {
  const rig = new FlowRig();
  const live = rig.processor('Live', { name: 'live', properties: { 'Fail To Start': 'true' } });
  live.start();
  await rig.settle();
  assert.equal(live.physicalState, 'STARTING');
  assert.match(rig.flow.bulletins.of(live.id)[0]!.message, /no luck/);
  await rig.clock.advance(61_000);
  assert.deepEqual(calls, ['live scheduled', 'live scheduled', 'live scheduled']);
  await live.stop();
  await rig.clock.advance(61_000);
  assert.equal(calls.length, 3);
});

test('a running processor refuses changes as NiFi does, but may be moved', async () => {
  const rig = new FlowRig();
  const source = rig.source({ autoTerminatedRelationships: ['success'] });
  source.start();
  await rig.settle();
  assert.throws(() => rig.edit(source, (node) => node.configure({ properties: { Text: 'y' } })), InvalidRequestError);
  assert.throws(() => rig.edit(source, (node) => node.configure({ name: 'y' })), ConflictError);
  assert.throws(() => rig.edit(source, (node) => node.configure({ schedulingPeriod: '1 sec' })), ConflictError);
  assert.throws(() => rig.edit(source, (node) => node.disable()), ConflictError);
  rig.edit(source, (node) => node.configure({ position: { x: 5, y: 6 } }));
  assert.deepEqual(source.position, { x: 5, y: 6 });
});

test('a disabled processor does not start until it is enabled', () => {
  const rig = new FlowRig();
  const source = rig.source();
  source.disable();
  assert.throws(() => source.start(), ConflictError);
  source.enable();
  assert.equal(source.state, 'STOPPED');
});

test('run once triggers once, although the schedule would allow more', async () => {
  const rig = new FlowRig();
  const source = rig.source({ schedulingPeriod: '0 sec' });
  const out = rig.connect(source, rig.funnel());
  await rig.once(source);
  assert.deepEqual([source.physicalState, out.queue.objectCount, source.scheduledState], ['STOPPED', 1, 'STOPPED']);
  await rig.once(source);
  assert.equal(out.queue.objectCount, 2);
  assert.throws(() => rig.processor('Pass').runOnce(), /not valid/);
});

test('a hung task is terminated; what the processor held is released', async () => {
  const rig = new FlowRig();
  const source = rig.source();
  const live = rig.processor('Live', { name: 'hang' });
  const queue = rig.connect(source, live);
  await rig.once(source);
  live.start();
  await rig.settle();
  assert.throws(() => live.terminate(), ConflictError);
  const stopped = live.stop();
  await rig.settle();
  assert.deepEqual([live.state, live.physicalState, live.activeThreadCount], ['STOPPED', 'STOPPING', 1]);
  assert.equal(live.terminate(), 1);
  await stopped;
  assert.deepEqual([live.physicalState, live.terminatedThreadCount, queue.queue.available], ['STOPPED', 1, 1]);
  assert.equal(calls.at(-1), 'stopped true');
});

test('an orderly stop of the whole flow gives up what hangs', async () => {
  const rig = new FlowRig();
  const source = rig.source();
  const live = rig.processor('Live', { name: 'hang' });
  const queue = rig.connect(source, live);
  await rig.once(source);
  live.start();
  await rig.settle();
  const stopped = rig.flow.stop(1000);
  await rig.clock.advance(2000);
  await stopped;
  assert.deepEqual([live.physicalState, live.scheduledState, queue.queue.available], ['STOPPED', 'RUNNING', 1]);
});

test('a task that breaks off because of a stop has not failed', async () => {
  const rig = new FlowRig();
  const source = rig.source();
  const live = rig.processor('Live', { name: 'waits' });
  const { queue } = rig.connect(source, live);
  await rig.once(source);
  live.start();
  await rig.settle();
  await live.stop();
  assert.deepEqual([live.physicalState, queue.available, queue.firstPenaltyEnd, rig.flow.bulletins.find()], ['STOPPED', 1, undefined, []]);
});

test('a start while stopping takes effect when the stop has ended', async () => {
  const rig = new FlowRig();
  const source = rig.source();
  const live = rig.processor('Live', { name: 'hang' });
  rig.connect(source, live);
  await rig.once(source);
  live.start();
  await rig.settle();
  void live.stop();
  live.start();
  assert.equal(live.physicalState, 'STOPPING');
  live.terminate();
  await rig.settle();
  assert.equal(live.physicalState, 'RUNNING');
});

test('validation speaks NiFi', () => {
  const rig = new FlowRig();
  const source = rig.source({ autoTerminatedRelationships: ['success'] });
  const of = (type: string, properties: Record<string, string>): readonly string[] => {
    const node = rig.processor(type, { properties, autoTerminatedRelationships: type === 'Route' ? ['unmatched', ...Object.keys(properties)] : ['success'] });
    if (type !== 'Make') rig.connect(source, node, { selectedRelationships: ['success'] });
    return node.validationErrors;
  };
  const table: [string, Record<string, string>, RegExp | undefined][] = [
    ['Make', { Batch: 'many' }, /^'Batch' validated against 'many' is invalid because it must be a whole number/],
    ['Make', { Batch: '3' }, undefined],
    ['Make', { Text: '${HOME_TOWN:noSuch()}' }, /^'Text' validated against .* is invalid because/],
    ['Make', { Text: '#{absent}' }, /^'Text' validated against '#\{absent\}' is invalid because Property references one or more Parameters but no Parameter Context/],
    ['Pass', { Mode: 'loud' }, /^'Mode' validated against 'loud' is invalid because Given value not found in allowed set 'plain, fancy'/],
    ['Pass', { Mode: 'fancy' }, /^'Fancy Number' is invalid because Fancy Number is required/],
    ['Pass', { Mode: 'fancy', 'Fancy Number': '1' }, undefined],
    ['Pass', { Mode: 'plain', 'Fancy Number': 'nonsense' }, undefined],
    ['Pass', { rule: '${fileSize:gt()}' }, /^'rule' validated/],
    ['Route', { rule: 'true' }, /Not a valid Expression/],
    ['Route', { rule: '${fileSize}' }, /type BOOLEAN but query returns type STRING/],
    ['Route', { rule: '${fileSize:gt(1)}' }, undefined],
    ['Live', { surprise: 'x' }, /^'surprise' validated against 'x' is invalid because 'surprise' is not a supported property/],
    ['Live', { Service: 'none' }, /^'Service' validated against 'none' is invalid because Property references a Controller Service that does not exist/],
  ];
  for (const [type, properties, expected] of table) {
    const problems = of(type, properties).filter((problem) => !problem.includes('Relationship'));
    if (expected) assert.match(problems.join('; '), expected, JSON.stringify(properties));
    else assert.deepEqual(problems, [], JSON.stringify(properties));
  }
  assert.match(rig.processor('Pass').validationErrors.join(), /'Upstream Connections' is invalid because Processor requires an upstream connection/);
});

test('texts unset as NiFi unsets them', () => {
  const rig = new FlowRig();
  const pass = rig.processor('Pass', { properties: { Mode: 'fancy', Secret: 'hush', extra: '' } });
  rig.edit(pass, (node) => node.configure({ properties: { Mode: null, Secret: null, extra: null } }));
  assert.deepEqual([...pass.properties.texts], [['Mode', 'fancy']]);
  assert.equal(pass.properties.descriptor('extra').dynamic, true);
});

for (const [what, edit] of Object.entries({
  period: { schedulingPeriod: 'every now and then' },
  cron: { schedulingStrategy: 'CRON_DRIVEN' as const, schedulingPeriod: 'not a cron' },
  tasks: { concurrentlySchedulableTaskCount: 0 },
  penalty: { penaltyDuration: 'long' },
})) {
  test(`a bad ${what} is refused and changes nothing`, () => {
    const rig = new FlowRig();
    const source = rig.source();
    const before = source.config;
    assert.throws(() => rig.edit(source, (node) => node.configure(edit)), InvalidRequestError);
    assert.deepEqual([source.config, source.revision.version], [before, 1]);
  });
}

test('a cron schedule fires in the time zone of the nearest group that has one', async () => {
  const rig = new FlowRig();
  const [berlin, inner, plain] = [rig.group('Berlin'), rig.group('elsewhere'), rig.group('plain')];
  const deep = rig.group('deep', berlin);
  const { timeZones } = rig.flow.runtime;
  timeZones.set(rig.root.id, 'UTC');
  timeZones.set(berlin.id, 'Europe/Berlin');
  timeZones.set(inner.id, 'America/New_York');
  const at = { schedulingStrategy: 'CRON_DRIVEN' as const, schedulingPeriod: '0 0 3 * * ?' };
  const sources = [deep, inner, plain].map((group) => {
    const source = rig.source(at, group);
    rig.connect(source, rig.funnel(group), { selectedRelationships: ['success'] }, group);
    source.start();
    return source;
  });
  const made = (): number[] => sources.map((source) => source.runnable.statistics.sum(rig.clock.now()).tasks);
  // The clock begins at midnight in UTC: two o'clock there is three in Berlin.
  await rig.clock.advance(2 * 3_600_000 + 1000);
  assert.deepEqual(made(), [1, 0, 0]);
  await rig.clock.advance(3_600_000);
  assert.deepEqual(made().slice(1), [0, 1]);
  await rig.clock.advance(5 * 3_600_000);
  assert.equal(made()[1], 1);
});
