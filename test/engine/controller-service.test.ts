import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConflictError } from '../../server/engine/errors.ts';
import { calls, FlowRig } from '../flow-rig.ts';

test('a service is enabled, used, and disabled', async () => {
  const rig = new FlowRig();
  const service = rig.service({ Word: 'hello' });
  const live = rig.processor('Live', { name: 'live', properties: { Service: service.id }, schedulingPeriod: '1 day' });
  assert.deepEqual(live.validationErrors, [`'Service' validated against '${service.id}' is invalid because Controller Service with ID ${service.id} is disabled`]);
  rig.edit(service, (node) => node.enable());
  assert.equal(service.state, 'ENABLING');
  await rig.settle();
  assert.equal(service.state, 'ENABLED');
  assert.equal(live.isValid, true);
  assert.throws(() => rig.edit(service, (node) => node.configure({ name: 'no' })), ConflictError);
  assert.throws(() => rig.remove(service), ConflictError);
  live.start();
  await rig.settle();
  assert.deepEqual(service.users(), [live]);
  assert.ok(calls.includes('live triggered hello'));
});

test('disabling one service stops its users, and they stay stopped', async () => {
  const rig = new FlowRig();
  const base = rig.service({ Word: 'base' }, 'base');
  const top = rig.service({ Word: 'top', Base: base.id }, 'top');
  const live = rig.processor('Live', { name: 'live', properties: { Service: top.id } });
  await rig.flow.activateServices(rig.root, 'ENABLED');
  await rig.settle();
  live.start();
  await rig.settle();
  assert.equal(live.physicalState, 'RUNNING');
  assert.throws(() => rig.flow.activateServices(rig.root, 'DISABLED'), /referenced by/);
  assert.equal(base.state, 'ENABLED');
  const disabled = rig.edit(base, (node) => node.disable());
  await rig.settle();
  await disabled;
  assert.deepEqual([base.state, top.state, live.state, live.scheduledState], ['DISABLED', 'DISABLED', 'STOPPED', 'STOPPED']);
  assert.deepEqual(calls.slice(-3), ['stopped true', 'service disabled', 'service disabled']);
  base.enable();
  await rig.settle();
  assert.deepEqual([base.state, live.state], ['ENABLED', 'STOPPED']);
});

test('an invalid service waits in ENABLING; a processor that needs it waits with it', async () => {
  const rig = new FlowRig();
  const base = rig.service({ Word: 'base' }, 'base');
  const top = rig.service({ Word: 'top', Base: base.id }, 'top');
  const live = rig.processor('Live', { properties: { Service: top.id } });
  top.enable();
  live.start();
  await rig.settle();
  assert.deepEqual([top.state, live.physicalState], ['ENABLING', 'STARTING']);
  base.enable();
  await rig.settle();
  assert.deepEqual([top.state, live.physicalState], ['ENABLED', 'RUNNING']);
  assert.deepEqual(top.instance, { word: 'base top' });
});

test('a throw in onEnabled is shown and tried again; disabling ends it', async () => {
  const rig = new FlowRig();
  const service = rig.service({ Word: 'w', Fail: 'true' });
  service.enable();
  await rig.clock.advance(31_000);
  assert.deepEqual([service.state, calls], ['ENABLING', ['word enabled', 'word enabled']]);
  assert.match(rig.flow.bulletins.of(service.id)[0]!.message, /no luck/);
  await service.disable();
  await rig.clock.advance(31_000);
  assert.deepEqual([service.state, calls.length], ['DISABLED', 2]);
});

test('a service serves its group and below, not beside or above', () => {
  const rig = new FlowRig();
  const inner = rig.group('inner');
  const below = rig.group('below', inner);
  const service = rig.service({ Word: 'w' }, 'w', inner);
  const problemIn = (group: typeof inner) => rig.processor('Live', { properties: { Service: service.id } }, group).validationErrors.join();
  assert.match(problemIn(inner), /is disabled/);
  assert.match(problemIn(below), /is disabled/);
  assert.match(problemIn(rig.root), /does not exist/);
  assert.match(problemIn(rig.group('beside')), /does not exist/);
});

test('removing a service leaves its users invalid', async () => {
  const rig = new FlowRig();
  const service = rig.service({ Word: 'w' });
  const live = rig.processor('Live', { properties: { Service: service.id } });
  service.enable();
  await rig.settle();
  assert.equal(live.isValid, true);
  await service.disable();
  rig.remove(service);
  assert.match(live.validationErrors.join(), /'Service' .*does not exist/);
});
