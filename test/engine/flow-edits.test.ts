import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConflictError, InvalidRequestError, NotFoundError } from '../../server/engine/errors.ts';
import { contents, FlowRig } from '../flow-rig.ts';

const created = { version: 0 };

test('data flows through funnels, ports and groups', async () => {
  const rig = new FlowRig();
  const inner = rig.group();
  const [into, out] = (['INPUT_PORT', 'OUTPUT_PORT'] as const).map((kind) => rig.flow.createPort(inner, kind, created, { name: kind }));
  const pass = rig.processor('Pass', { properties: { seen: 'inside ${fileSize} ${HOME_TOWN}' } }, inner);
  rig.connect(into!, pass, {}, inner);
  rig.connect(pass, out!, {}, inner);
  const source = rig.source({ properties: { Text: 'abc' } });
  const funnel = rig.funnel();
  rig.connect(source, funnel);
  rig.connect(funnel, into!);
  const done = rig.connect(out!, rig.funnel());
  await rig.once(source);
  await rig.flow.schedule(inner, 'RUNNING');
  await rig.settle();
  assert.equal(done.list(1)[0]!.committed.getAttribute('seen'), 'inside 3 Uster');
  await rig.flow.schedule(inner, 'STOPPED');
  assert.deepEqual([into!.state, pass.state, out!.state], ['STOPPED', 'STOPPED', 'STOPPED']);
});

test('ports: invalid ones do not start, names are unique, a running one refuses changes', async () => {
  const rig = new FlowRig();
  const inner = rig.group();
  const port = rig.flow.createPort(inner, 'INPUT_PORT', created, { name: 'in' });
  rig.connect(port, rig.funnel(inner), {}, inner);
  assert.throws(() => port.start(), ConflictError);
  assert.throws(() => rig.flow.createPort(inner, 'INPUT_PORT', created, { name: 'in' }), ConflictError);
  rig.flow.createPort(inner, 'OUTPUT_PORT', created, { name: 'in' });
  const source = rig.source();
  rig.connect(source, port);
  port.start();
  assert.throws(() => rig.edit(port, (node) => node.configure({ name: 'x' })), ConflictError);
  assert.throws(() => rig.remove(port), ConflictError);
  await port.stop();
  port.disable();
  assert.throws(() => port.start(), ConflictError);
  port.enable();
  rig.edit(port, (node) => node.configure({ name: 'x' }));
});

test('connections lead only where NiFi lets them', () => {
  const rig = new FlowRig();
  const inner = rig.group();
  const deep = rig.group('deep', inner);
  const source = rig.source();
  const inside = rig.processor('Pass', {}, inner);
  const [innerIn, innerOut] = [rig.flow.createPort(inner, 'INPUT_PORT', created, { name: 'in' }), rig.flow.createPort(inner, 'OUTPUT_PORT', created, { name: 'out' })];
  const deepIn = rig.flow.createPort(deep, 'INPUT_PORT', created, { name: 'in' });
  assert.throws(() => rig.connect(source, deepIn), ConflictError);
  assert.throws(() => rig.connect(source, inside), ConflictError);
  assert.throws(() => rig.connect(source, innerOut), ConflictError);
  assert.throws(() => rig.connect(inside, innerIn, {}, inner), ConflictError);
  assert.throws(() => rig.connect(source, rig.funnel(), { selectedRelationships: [] }), ConflictError);
  assert.throws(() => rig.flow.createConnection(rig.root, created, { source: source.id, destination: 'nobody', selectedRelationships: ['success'] }), NotFoundError);
  assert.throws(() => rig.connect(source, rig.funnel(), { loadBalanceStrategy: 'BY_MOOD' as never }), InvalidRequestError);
  assert.throws(() => rig.connect(source, rig.funnel(), { prioritizers: ['none'] }), InvalidRequestError);
  assert.equal(rig.root.connections.size, 0);
  rig.connect(source, rig.funnel(), { selectedRelationships: ['unknown'] });
  rig.connect(source, innerIn);
  rig.connect(inside, innerOut, {}, inner);
  rig.connect(innerIn, deepIn, {}, inner);
});

test('a connection takes the defaults of its group, and a relationship that is connected is no longer terminated', () => {
  const rig = new FlowRig();
  rig.edit(rig.root, (group) => group.configure({ defaultFlowFileExpiration: '5 min', defaultBackPressureObjectThreshold: 123, defaultBackPressureDataSizeThreshold: '9 MB' }));
  const source = rig.source({ autoTerminatedRelationships: ['success'] });
  const { config } = rig.connect(source, rig.funnel());
  assert.deepEqual([config.flowFileExpiration, config.backPressureObjectThreshold, config.backPressureDataSizeThreshold], ['5 min', 123, '9 MB']);
  assert.deepEqual(source.config.autoTerminatedRelationships, []);
  assert.throws(() => rig.edit(source, (node) => node.configure({ autoTerminatedRelationships: ['success'] })), ConflictError);
});

test('a connection is redirected with what is queued, reprioritized, and emptied', async () => {
  const rig = new FlowRig();
  const [first, second] = [rig.processor('Pass'), rig.processor('Pass')];
  const source = rig.source({ properties: { Batch: '3' } });
  const connection = rig.connect(source, first);
  await rig.once(source);
  rig.edit(connection, () => rig.flow.redirect(connection, second.id));
  assert.deepEqual([connection.destination, first.incoming.size, second.incoming.size, connection.queue.objectCount], [second, 0, 1, 3]);
  const uuids = connection.list(9).map(({ committed }) => committed.uuid);
  assert.equal(connection.find(uuids[1]!)?.committed.uuid, uuids[1]);
  rig.edit(connection, (node) => node.configure({ prioritizers: ['org.apache.nifi.prioritizer.NewestFlowFileFirstPrioritizer'] }));
  assert.deepEqual(
    connection.list(9).map(({ committed }) => committed.uuid),
    [...uuids].reverse(),
  );
  assert.deepEqual(connection.dropAll('ada'), { objectCount: 3, byteCount: 3 });
});

test('expired FlowFiles leave an idle queue within a second of their time, and never reach a consumer', async () => {
  const rig = new FlowRig();
  const source = rig.source();
  const pass = rig.processor('Pass');
  const connection = rig.connect(source, pass, { flowFileExpiration: '2 sec' });
  await rig.once(source);
  await rig.clock.advance(1000);
  assert.equal(connection.queue.objectCount, 1);
  await rig.clock.advance(4000);
  assert.equal(connection.queue.objectCount, 0);
});

test('removal is guarded, and recursive', async () => {
  const rig = new FlowRig();
  const inner = rig.group();
  const source = rig.source({}, inner);
  const pass = rig.processor('Pass', {}, inner);
  const connection = rig.connect(source, pass, {}, inner);
  assert.throws(() => rig.remove(pass), /destination/);
  await rig.once(source);
  for (const node of [connection, source, inner]) assert.throws(() => rig.remove(node), ConflictError, node.kind);
  connection.dropAll();
  source.start();
  await rig.settle();
  connection.dropAll();
  for (const node of [connection, source, inner]) assert.throws(() => rig.remove(node), ConflictError, node.kind);
  await source.stop();
  rig.remove(source);
  assert.throws(() => rig.flow.connection(connection.id), NotFoundError);
  assert.throws(() => rig.remove(rig.root), ConflictError);
  rig.remove(inner);
  assert.throws(() => rig.flow.processor(pass.id), NotFoundError);
  assert.deepEqual(
    rig.store.components().map(({ id }) => id),
    [rig.root.id],
  );
});

test('a group with ports connected from outside stays', () => {
  const rig = new FlowRig();
  const inner = rig.group();
  const port = rig.flow.createPort(inner, 'INPUT_PORT', created, { name: 'in' });
  const connection = rig.connect(rig.source(), port);
  assert.throws(() => rig.remove(inner), /connected from outside/);
  rig.remove(connection);
  rig.remove(inner);
});

test('components move between groups with what connects them, or not at all', () => {
  const rig = new FlowRig();
  const inner = rig.group();
  const [source, pass] = [rig.source(), rig.processor('Pass')];
  const connection = rig.connect(source, pass);
  assert.throws(() => rig.flow.move([source], inner), ConflictError);
  assert.throws(() => rig.flow.move([inner], inner), ConflictError);
  rig.flow.move([source, pass, connection], inner);
  assert.deepEqual([source.group, connection.group, rig.root.processors.size, inner.processors.size, inner.connections.size], [inner, inner, 0, 2, 1]);
  assert.equal(rig.reopen().processor(source.id).group.id, inner.id);
});

test('starting a group starts what is valid, lets the rest wait, and leaves the disabled alone', async () => {
  const rig = new FlowRig();
  const inner = rig.group();
  const terminated = { autoTerminatedRelationships: ['success'] };
  const [a, b, bad, off] = [rig.source(terminated), rig.source(terminated, inner), rig.source({}, inner), rig.source(terminated, inner)];
  off.disable();
  await rig.flow.schedule(rig.root, 'RUNNING');
  await rig.settle();
  assert.deepEqual(
    [a, b, bad, off].map(({ state }) => state),
    ['RUNNING', 'RUNNING', 'STOPPED', 'DISABLED'],
  );
  await rig.flow.schedule(rig.root, 'STOPPED');
  await rig.flow.schedule(rig.root, 'DISABLED');
  assert.deepEqual(
    [a, bad].map(({ state }) => state),
    ['DISABLED', 'DISABLED'],
  );
  await rig.flow.schedule(rig.root, 'ENABLED');
  assert.deepEqual(
    [a, off].map(({ state }) => state),
    ['STOPPED', 'STOPPED'],
  );
});

test('a group that admits one FlowFile at a time releases its output as a batch', async () => {
  for (const [concurrency, admitted] of [
    ['SINGLE_FLOWFILE_PER_NODE', 1],
    ['SINGLE_BATCH_PER_NODE', 3],
    ['UNBOUNDED', 3],
  ] as const) {
    const rig = new FlowRig();
    const inner = rig.group();
    rig.edit(inner, (group) => group.configure({ flowfileConcurrency: concurrency, flowfileOutboundPolicy: 'BATCH_OUTPUT' }));
    const [into, out] = [rig.flow.createPort(inner, 'INPUT_PORT', created, { name: 'in' }), rig.flow.createPort(inner, 'OUTPUT_PORT', created, { name: 'out' })];
    const hold = rig.processor('Pass', {}, inner);
    const inside = rig.connect(into, hold, {}, inner);
    rig.connect(hold, out, {}, inner);
    const source = rig.source({ properties: { Batch: '3' } });
    const outside = rig.connect(source, into);
    const done = rig.connect(out, rig.funnel());
    await rig.once(source);
    into.start();
    await rig.clock.advance(100);
    assert.deepEqual([concurrency, inside.queue.objectCount, outside.queue.objectCount], [concurrency, admitted, 3 - admitted]);
    hold.start();
    out.start();
    await rig.clock.advance(1000);
    assert.equal(done.queue.objectCount, 3, concurrency);
  }
});

test('subscribers hear of edits after they are stored, with what was before', () => {
  const rig = new FlowRig();
  const source = rig.source();
  rig.events.length = 0;
  rig.flow.change(source, { version: 1, user: 'ada' }, (node) => {
    node.configure({ name: 'new' });
    assert.equal(rig.events.length, 0);
  });
  const [event] = rig.events.filter(({ type }) => type === 'edited');
  assert.deepEqual([event!.component, event!.user, event!.before!.name, event!.after!.name], [source, 'ada', 'Make', 'new']);
});

test('bulletins follow the bulletin level and fade after five minutes', async () => {
  const rig = new FlowRig();
  const live = rig.processor('Live', { name: 'loud', bulletinLevel: 'ERROR' });
  live.log.warn('quiet');
  live.log.error('heard');
  const [bulletin] = rig.flow.bulletins.find({ sourceId: new RegExp(live.id) });
  assert.deepEqual([bulletin!.level, bulletin!.message, bulletin!.source?.name, bulletin!.source?.groupId], ['ERROR', 'heard', 'loud', rig.root.id]);
  assert.equal(rig.flow.bulletins.find({ after: bulletin!.id }).length, 0);
  assert.deepEqual(rig.log.slice(-2), ['warn quiet', 'error heard']);
  await rig.clock.advance(5 * 60_000);
  assert.deepEqual(rig.flow.bulletins.find(), []);
});

test('the status history holds a capture a minute', async () => {
  const rig = new FlowRig();
  const source = rig.source({ properties: { Batch: '3' } });
  const out = rig.connect(source, rig.processor('Pass'));
  assert.deepEqual(rig.flow.statusHistory.of(out), { fields: [], snapshots: [] });
  await rig.once(source);
  await rig.clock.advance(3 * 60_000 + 1);
  const { fields, snapshots } = rig.flow.statusHistory.of(out);
  const at = (name: string): number => fields.findIndex(({ field }) => field === name);
  assert.deepEqual(
    snapshots.map(({ values }) => [values[at('inputCount')], values[at('queuedCount')]]),
    [
      [3, 3],
      [3, 3],
      [3, 3],
    ],
  );
  await rig.clock.advance(6 * 60_000);
  assert.equal(rig.flow.statusHistory.of(out).snapshots.at(-1)!.values[at('inputCount')], 0);
  assert.equal(rig.flow.statusHistory.of(rig.root).snapshots.length, 9);
});

test('contents are as the source made them', async () => {
  const rig = new FlowRig();
  const source = rig.source({ properties: { Text: 'hello ${HOME_TOWN}' } });
  const out = rig.connect(source, rig.processor('Pass'));
  await rig.once(source);
  assert.deepEqual(contents(out, rig), ['hello Uster']);
});
