import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowDefinition } from '../../server/engine/flow-definition/format.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import { contents, FlowRig } from '../flow-rig.ts';

type Mutable<T> = T extends readonly (infer I)[] ? Mutable<I>[] : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

/** The definition of a group as it is, to be changed. */
const definitionOf = (rig: FlowRig, group: ProcessGroup) => JSON.parse(JSON.stringify(rig.flow.export(group))) as Mutable<FlowDefinition>;

async function become(rig: FlowRig, group: ProcessGroup, definition: FlowDefinition): Promise<void> {
  await Promise.all([rig.flow.replace(group, { version: group.revision.version }, definition), rig.settle()]);
}

/** Source, queue and sink in a group that is entered from outside. */
function stage() {
  const rig = new FlowRig();
  const group = rig.group('versioned');
  const source = rig.source({ name: 'source' }, group);
  const sink = rig.processor('Pass', { name: 'sink', autoTerminatedRelationships: ['success'], properties: { Mode: 'plain' } }, group);
  const queue = rig.connect(source, sink, {}, group);
  return { rig, group, source, sink, queue };
}

const by = <C extends { name?: string }>(list: C[] | undefined, name: string): C => list!.find((each) => each.name === name)!;

test('what stays keeps its id, its queue with its data, its place and its revision where nothing changed', async () => {
  const { rig, group, source, sink, queue } = stage();
  await rig.once(source);
  const definition = definitionOf(rig, group);
  by(definition.flowContents.processors, 'sink').properties = { Mode: 'fancy', 'Fancy Number': '3' };
  const revisions = [source.revision.version, queue.revision.version];
  await become(rig, group, definition);
  assert.equal(rig.flow.processor(sink.id), sink);
  assert.equal(sink.properties.effective.get('Mode'), 'fancy');
  assert.deepEqual(contents(queue, rig), ['x']);
  assert.deepEqual([source.revision.version, queue.revision.version], revisions);
});

test('only what differs is stopped, and it runs again afterwards', async () => {
  const { rig, group, source, sink } = stage();
  source.start();
  sink.start();
  await rig.settle();
  const states: string[] = [];
  rig.flow.subscribe(({ component }) => component === source && states.push(source.physicalState));
  const definition = definitionOf(rig, group);
  by(definition.flowContents.processors, 'sink').comments = 'changed';
  by(definition.flowContents.processors, 'source').position = { x: 50, y: 60 };
  await become(rig, group, definition);
  await rig.settle();
  assert.deepEqual([sink.physicalState, sink.comments], ['RUNNING', 'changed']);
  assert.deepEqual([source.physicalState, source.position], ['RUNNING', { x: 50, y: 60 }]);
  assert.ok(
    states.every((state) => state === 'RUNNING'),
    states.join(),
  );
});

test('a connection that holds data is not removed: the message names it and the remedy, and everything is as before', async () => {
  const { rig, group, source, sink, queue } = stage();
  await rig.once(source);
  source.start();
  await rig.settle();
  const definition = definitionOf(rig, group);
  definition.flowContents.connections = [];
  definition.flowContents.processors = [by(definition.flowContents.processors, 'source')];
  const before = JSON.stringify(rig.flow.export(group));
  await assert.rejects(
    become(rig, group, definition),
    /^ConflictError: Cannot change versioned: connection success \(.*\) is not in the new contents and its queue holds \d+ FlowFiles\. Let them through or empty the queue first\.$/,
  );
  assert.equal(JSON.stringify(rig.flow.export(group)), before);
  assert.equal(source.physicalState, 'RUNNING');
  await source.stop();
  queue.dropAll();
  await become(rig, group, definition);
  assert.equal(rig.flow.find(sink.id), undefined);
  assert.equal(rig.flow.find(queue.id), undefined);
});

test('what fails half-way is taken back whole, also in the store', async () => {
  const { rig, group, sink } = stage();
  const definition = definitionOf(rig, group);
  by(definition.flowContents.processors, 'sink').comments = 'changed';
  definition.flowContents.labels!.push({ identifier: 'new', label: 'fresh', componentType: 'LABEL' });
  definition.flowContents.connections![0]!.backPressureDataSizeThreshold = 'much';
  const before = JSON.stringify(rig.flow.export(group));
  await assert.rejects(become(rig, group, definition), /Back pressure data size threshold 'much' is not valid/);
  assert.equal(JSON.stringify(rig.flow.export(group)), before);
  const again = rig.reopen();
  assert.equal(JSON.stringify(again.export(again.group(group.id))), before);
  assert.equal(again.processor(sink.id).comments, '');
});

test('a removed connection comes back where a later step fails', async () => {
  const { rig, group, source, sink, queue } = stage();
  const definition = definitionOf(rig, group);
  definition.flowContents.connections![0]!.identifier = 'another';
  definition.flowContents.connections![0]!.prioritizers = ['nonsense'];
  await assert.rejects(become(rig, group, definition), /There is no prioritizer nonsense/);
  assert.equal(rig.flow.connection(queue.id), queue);
  await rig.once(source);
  await rig.once(sink);
  assert.equal(queue.size.objectCount, 0);
  rig.reopen();
  assert.equal(rig.flow.connection(queue.id).source.id, source.id);
});

test('connections from outside keep leading to ports, and a port that they need is not removed', async () => {
  const { rig, group, sink } = stage();
  const port = rig.flow.createPort(group, 'INPUT_PORT', { version: 0 }, { name: 'in' });
  rig.connect(port, sink, {}, group);
  const outer = rig.source({ name: 'outer' });
  const entry = rig.connect(outer, port);
  const definition = definitionOf(rig, group);
  by(definition.flowContents.inputPorts, 'in').comments = 'entrance';
  await become(rig, group, definition);
  assert.deepEqual([entry.destination, port.comments], [port, 'entrance']);
  definition.flowContents.inputPorts = [];
  definition.flowContents.connections = definition.flowContents.connections!.filter(({ source }) => source.type !== 'INPUT_PORT');
  await assert.rejects(become(rig, group, definition), /the new contents have no port in, which connection success .* is connected to/);
});

test('services stop with those that use them and come back; secrets that a definition cannot have stay', async () => {
  const { rig, group } = stage();
  const service = rig.service({ word: 'hello', Word: 'hello' }, 'word', group);
  const user = rig.processor('Live', { name: 'user', properties: { Service: service.id } }, group);
  const secretive = rig.processor('Pass', { name: 'secretive', properties: { Secret: 'hush' }, autoTerminatedRelationships: ['success'] }, group);
  service.enable();
  await rig.settle();
  const definition = definitionOf(rig, group);
  by(definition.flowContents.controllerServices, 'word').properties = { Word: 'good bye' };
  by(definition.flowContents.processors, 'secretive').comments = 'changed';
  await become(rig, group, definition);
  await rig.settle();
  assert.deepEqual([service.state, service.properties.effective.get('Word')], ['ENABLED', 'good bye']);
  assert.equal(user.properties.effective.get('Service'), service.id);
  assert.deepEqual([secretive.comments, secretive.properties.effective.get('Secret')], ['changed', 'hush']);
});

test('what is new in a group that runs runs too, and new nested groups come with their contents', async () => {
  const { rig, group, source } = stage();
  const inner = rig.group('inner', group);
  rig.source({ name: 'deep' }, inner);
  const sinkhole = rig.processor('Pass', { name: 'hole', autoTerminatedRelationships: ['success'] }, inner);
  rig.connect([...inner.processors.values()][0]!, sinkhole, {}, inner);
  const full = definitionOf(rig, group);
  rig.remove(inner);
  source.start();
  await rig.settle();
  await become(rig, group, full);
  await rig.settle();
  const [again] = [...group.groups.values()];
  assert.deepEqual(
    [...again!.processors.values()].map(({ name, physicalState }) => [name, physicalState]),
    [
      ['deep', 'RUNNING'],
      ['hole', 'RUNNING'],
    ],
  );
});

test('a processor that does not stop gives up the change, and what was stopped runs again', async () => {
  const { rig, group, source } = stage();
  const stuck = rig.processor('Live', { name: 'hang' }, group);
  const feed = rig.connect(source, stuck, {}, group);
  await rig.once(source);
  assert.equal(feed.size.objectCount, 1);
  stuck.start();
  await rig.settle();
  const definition = definitionOf(rig, group);
  by(definition.flowContents.processors, 'hang').comments = 'changed';
  const refused = assert.rejects(rig.flow.replace(group, { version: group.revision.version }, definition), /hang \(.*\) did not stop within 30 seconds/);
  await rig.settle();
  await rig.clock.advance(31_000);
  await refused;
  assert.equal(stuck.comments, '');
  stuck.terminate();
});
