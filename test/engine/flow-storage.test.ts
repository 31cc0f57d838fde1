import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidRequestError } from '../../server/engine/errors.ts';
import type { FlowController } from '../../server/engine/flow-controller.ts';
import { contents, FlowRig } from '../flow-rig.ts';
import { TypeTable } from '../type-table.ts';

test('the whole flow comes back as it was stored', async () => {
  const rig = new FlowRig();
  const { flow } = rig;
  const context = flow.createParameterContext(
    { version: 0, user: 'ada' },
    {
      name: 'context',
      description: 'd',
      parameters: [
        { name: 'p', value: 'v' },
        { name: 's', value: 'hush', sensitive: true },
      ],
    },
  );
  const heir = flow.createParameterContext({ version: 0 }, { name: 'heir', inherited: [context] });
  const inner = rig.group();
  rig.edit(inner, (group) => group.configure({ parameterContext: heir, defaultBackPressureObjectThreshold: 7, comments: 'c' }));
  const service = rig.service({ Word: 'hi' }, 'svc', inner);
  const source = rig.source(
    {
      properties: { Text: '#{p}', extra: 'e' },
      schedulingStrategy: 'CRON_DRIVEN',
      schedulingPeriod: '0 0 0 1 1 ?',
      position: { x: 1, y: 2 },
      style: { 'background-color': '#fff' },
    },
    inner,
  );
  const pass = rig.processor('Pass', { properties: { Secret: 'top' } }, inner);
  const port = flow.createPort(inner, 'OUTPUT_PORT', { version: 0 }, { name: 'out', concurrentlySchedulableTaskCount: 3 });
  rig.connect(source, pass, { name: 'link', prioritizers: ['org.apache.nifi.prioritizer.NewestFlowFileFirstPrioritizer'], bends: [{ x: 3, y: 4 }] }, inner);
  rig.connect(pass, port, {}, inner);
  rig.connect(port, rig.funnel());
  flow.createLabel(inner, { version: 0 }, { text: 'note', width: 10, style: { 'font-size': '1px' } });
  flow.createService(null, { version: 0 }, { type: 'test.Word', name: 'management', properties: { Word: 'w' } });
  rig.edit(service, (node) => node.enable());
  rig.edit(pass, (node) => node.disable());
  rig.edit(source, (node) => node.start());
  await rig.settle();

  const before = asStored(flow);
  const again = rig.reopen();
  assert.deepEqual(asStored(again), before);
  assert.equal(again.processor(pass.id).properties.texts.get('Secret'), 'top');
  assert.equal(again.parameterContext(heir.id).resolve('s')?.value, 'hush');
  assert.deepEqual(
    [...again.controllerServices.values()].map(({ name }) => name),
    ['management'],
  );
  assert.equal(again.processor(source.id).state, 'STOPPED');
  again.start();
  await rig.settle();
  assert.deepEqual([again.processor(source.id).state, again.processor(pass.id).state, again.service(service.id).state], ['RUNNING', 'DISABLED', 'ENABLED']);
});

const asStored = ({ runtime }: FlowController): unknown =>
  JSON.parse(JSON.stringify(Object.fromEntries([...runtime.components].map(([id, component]) => [id, component.toStored()]))));

test('sensitive values are never stored in the clear', () => {
  const rig = new FlowRig();
  rig.flow.createParameterContext({ version: 0 }, { name: 'c', parameters: [{ name: 's', value: 'hush-hush', sensitive: true }] });
  const pass = rig.processor('Pass', { properties: { Secret: 'top-secret', own: 'own-secret' }, sensitiveDynamicPropertyNames: ['own'] });
  const stored = rig.store
    .components()
    .map(({ json }) => json)
    .join();
  for (const secret of ['hush-hush', 'top-secret', 'own-secret']) assert.ok(!stored.includes(secret));
  assert.equal(rig.reopen().processor(pass.id).properties.texts.get('own'), 'own-secret');
});

test('queued FlowFiles come back in order, with attributes, content and penalty', async () => {
  const rig = new FlowRig();
  const source = rig.source({ properties: { Batch: '3', Text: 'abc', colour: 'blue' } });
  const out = rig.connect(source, rig.processor('Pass'));
  await rig.once(source);
  rig.flow.runtime.journal.flush();
  const uuids = out.list(10).map(({ committed }) => committed.uuid);
  rig.reopen();
  const again = rig.flow.connection(out.id);
  assert.deepEqual(
    again.list(10).map(({ committed }) => committed.uuid),
    uuids,
  );
  assert.deepEqual([again.queue.objectCount, again.queue.byteCount, again.list(1)[0]!.committed.getAttribute('colour')], [3, 9, 'blue']);
  assert.deepEqual(contents(again, rig), ['abc', 'abc', 'abc']);
  assert.deepEqual(again.dropAll(), { objectCount: 3, byteCount: 9 });
  assert.equal(rig.reopen().connection(out.id).queue.isEmpty, true);
});

test('a stop is stored before it is acknowledged', async () => {
  const rig = new FlowRig();
  const source = rig.source({ autoTerminatedRelationships: ['success'] });
  rig.edit(source, (node) => node.start());
  await rig.settle();
  void rig.edit(source, (node) => node.stop());
  const again = rig.reopen();
  again.start();
  assert.equal(again.processor(source.id).physicalState, 'STOPPED');
});

test('an orderly stop leaves what ran to run again', async () => {
  const rig = new FlowRig();
  const service = rig.service({ Word: 'hi' });
  const live = rig.processor('Live', { properties: { Service: service.id } });
  rig.edit(service, (node) => node.enable());
  rig.edit(live, (node) => node.start());
  await rig.settle();
  await rig.flow.stop();
  assert.deepEqual([live.physicalState, service.state], ['STOPPED', 'DISABLED']);
  const again = rig.reopen();
  again.start();
  await rig.settle();
  assert.deepEqual([again.processor(live.id).state, again.service(service.id).state], ['RUNNING', 'ENABLED']);
});

test('a processor whose type is gone is kept as a ghost, and comes back whole', async () => {
  const rig = new FlowRig();
  const source = rig.source();
  const pass = rig.processor('Pass', { properties: { Secret: 'top', Mode: 'fancy', own: 'x' } });
  const connection = rig.connect(source, pass);
  rig.connect(pass, rig.funnel());
  const before = pass.toStored();
  const { types } = rig;
  const ghost = rig.reopen(new TypeTable()).processor(pass.id);
  assert.match(ghost.validationErrors.join(), /'Missing Processor' validated against 'Any Property' is invalid because Could not create Processor of type test.Pass/);
  assert.equal(rig.flow.connection(connection.id).destination, ghost);
  rig.edit(ghost, (node) => node.configure({ position: { x: 9, y: 9 } }));
  const back = rig.reopen(types).processor(pass.id);
  assert.deepEqual(back.properties.texts, pass.properties.texts);
  assert.deepEqual(back.toStored().config, before.config);
});

test('revisions: a stale one is refused, the same client may reuse its own', () => {
  const rig = new FlowRig();
  const source = rig.source();
  assert.equal(source.revision.version, 1);
  rig.flow.change(source, { version: 1, clientId: 'a', user: 'ada' }, (node) => node.configure({ name: 'first' }));
  assert.deepEqual(source.revision, { version: 2, clientId: 'a', lastModifier: 'ada' });
  assert.throws(() => rig.flow.change(source, { version: 1, clientId: 'b' }, (node) => node.configure({ name: 'second' })), /not the most up-to-date revision/);
  assert.throws(() => rig.flow.remove(source, { version: 1, clientId: 'b' }), InvalidRequestError);
  rig.flow.change(source, { version: 1, clientId: 'a' }, (node) => node.configure({ name: 'third' }));
  assert.deepEqual([source.name, source.revision.version], ['third', 3]);
  assert.throws(() => rig.flow.createFunnel(rig.root, { version: 7 }), /revision of 0/);
});

test('200,000 queued FlowFiles load fast', async () => {
  const rig = new FlowRig();
  const source = rig.source({ properties: { Batch: '200000', colour: 'blue' } });
  const out = rig.connect(source, rig.processor('Pass'));
  await rig.once(source);
  rig.flow.runtime.journal.flush();
  const begin = performance.now();
  rig.reopen();
  assert.ok(performance.now() - begin < 2000);
  assert.equal(rig.flow.connection(out.id).queue.objectCount, 200_000);
});
