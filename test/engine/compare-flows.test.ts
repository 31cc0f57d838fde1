import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFlows } from '../../server/engine/flow-definition/compare.ts';
import type { GroupContents, ProcessorContents } from '../../server/engine/flow-definition/format.ts';

const bundle = { group: 'g', artifact: 'a', version: '1' };
const processor = (rest: Partial<ProcessorContents> = {}): ProcessorContents => ({ identifier: 'p', componentType: 'PROCESSOR', type: 't', bundle, name: 'P', ...rest });
const group = (rest: Partial<GroupContents> = {}): GroupContents => ({ identifier: 'g', componentType: 'PROCESS_GROUP', name: 'G', ...rest });
const types = (before: GroupContents, after: GroupContents): string[] => compareFlows(before, after).map(({ type }) => type);

test('what is missing, empty or in another order means the same', () => {
  const before = group({ name: 'one', position: { x: 1, y: 1 }, processors: [processor({ comments: '', autoTerminatedRelationships: ['a', 'b'], properties: { x: null } })] });
  const after = group({ name: 'two', position: { x: 9, y: 9 }, labels: [], processors: [processor({ autoTerminatedRelationships: ['b', 'a'], retryCount: 10, style: {} })] });
  assert.deepEqual(types(before, after), []);
});

test('components are told apart by identifier, and added and removed ones are named', () => {
  const before = group({ processors: [processor()], labels: [{ identifier: 'l', componentType: 'LABEL', label: 'old' }] });
  const after = group({ processors: [processor({ identifier: 'q', name: 'Q' })], labels: [{ identifier: 'l', componentType: 'LABEL', label: 'new' }] });
  assert.deepEqual(
    compareFlows(before, after).map(({ description }) => description),
    ['Processor P (p) was removed', 'Processor Q (q) was added', "Label Text changed from 'old' to 'new'"],
  );
});

test('properties: added, changed, removed, and given to parameters and taken back', () => {
  const before = processor({ properties: { a: '1', b: '2', c: '3', d: '#{d}', e: null } });
  const after = processor({ properties: { a: '1', b: 'two', c: '#{c}', d: '4', e: '5' } });
  const found = compareFlows(group({ processors: [before] }), group({ processors: [after] }));
  assert.deepEqual(Object.fromEntries(found.map(({ field, type }) => [field, type])), {
    b: 'PROPERTY_CHANGED',
    c: 'PROPERTY_PARAMETERIZED',
    d: 'PROPERTY_PARAMETERIZATION_REMOVED',
    e: 'PROPERTY_ADDED',
  });
  assert.deepEqual(types(group({ processors: [after] }), group({ processors: [processor({ properties: { ...after.properties, e: null } })] })), ['PROPERTY_REMOVED']);
});

test('settings of processors, connections and groups have NiFi’s names', () => {
  const end = (id: string) => ({ id, type: 'PROCESSOR', groupId: 'g' });
  const connection = { identifier: 'c', componentType: 'CONNECTION', source: end('p'), destination: end('q') };
  const before = group({ processors: [processor()], connections: [connection], processGroups: [group({ identifier: 'inner' })] });
  const after = group({
    processors: [processor({ schedulingPeriod: '1 min', position: { x: 1, y: 2 }, concurrentlySchedulableTaskCount: 2 })],
    connections: [{ ...connection, destination: end('r'), selectedRelationships: ['success'], backPressureObjectThreshold: 5 }],
    processGroups: [group({ identifier: 'inner', name: 'renamed', flowFileConcurrency: 'SINGLE_FLOWFILE_PER_NODE' })],
    defaultFlowFileExpiration: '1 min',
  });
  assert.deepEqual(types(before, after).sort(), [
    'BACKPRESSURE_OBJECT_THRESHOLD_CHANGED',
    'CONCURRENT_TASKS_CHANGED',
    'DEFAULT_FLOWFILE_EXPIRATION_CHANGED',
    'DESTINATION_CHANGED',
    'FLOWFILE_CONCURRENCY_CHANGED',
    'NAME_CHANGED',
    'POSITION_CHANGED',
    'RUN_SCHEDULE_CHANGED',
    'SELECTED_RELATIONSHIPS_CHANGED',
  ]);
});

test('nested groups that follow the same version are not looked into; another version is one difference', () => {
  const at = (version: string) => ({ bucketId: 'b', flowId: 'f', version });
  const nested = (version: string, processors: ProcessorContents[]) =>
    group({ processGroups: [group({ identifier: 'inner', versionedFlowCoordinates: at(version), processors })] });
  assert.deepEqual(types(nested('1', []), nested('1', [processor()])), []);
  assert.deepEqual(types(nested('1', []), nested('2', [processor()])), ['VERSIONED_FLOW_COORDINATES_CHANGED']);
});
