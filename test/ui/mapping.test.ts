import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bulletinSummary, mapFlow } from '../../ui/canvas/mapping.ts';
import { reconcile, sameValue } from '../../ui/canvas/reconcile.ts';
import { storedAt } from '../../ui/canvas/sizes.ts';
import type { BulletinEntity, ProcessGroupEntity } from '../../ui/api/shapes.ts';
import { connection, flow, processor } from './entities.ts';

const idle = () => 'idle' as const;

test('a processor becomes a node with what its card shows', () => {
  const entity = processor('a', {
    component: { name: 'Query', type: 'dev.millrace.warehouse.QueryWarehouse' },
    status: { flowFilesOut: 3, bytesOut: 40, taskCount: 2, tasksDurationNanos: 5_400_000, activeThreadCount: 1 },
    inputRequirement: 'INPUT_FORBIDDEN',
  });
  const [node] = mapFlow('g', flow({ processors: [entity] }), idle).nodes;
  assert.equal(node?.type, 'processor');
  assert.deepEqual(node.data, {
    version: 1,
    bulletins: undefined,
    name: 'Query',
    type: 'QueryWarehouse',
    state: 'running',
    threads: 1,
    problems: [],
    input: { count: 0, bytes: 0 },
    output: { count: 3, bytes: 40 },
    tasks: 2,
    taskMillis: 5,
    takesInput: false,
    colour: undefined,
  });
});

test('where a node is drawn leads back to the position that is stored', () => {
  const [node] = mapFlow('g', flow({ processors: [processor('a')] }), idle).nodes;
  assert.notDeepEqual(node?.position, { x: 100, y: 50 });
  assert.deepEqual(storedAt('processor', node!.position), { x: 100, y: 50 });
});

test('a connection to a port of a group below ends at that group', () => {
  const group = {
    id: 'sub',
    revision: { version: 0 },
    position: { x: 0, y: 0 },
    bulletins: [],
    runningCount: 1,
    stoppedCount: 0,
    invalidCount: 0,
    disabledCount: 0,
    component: { name: 'Sub', comments: '', position: { x: 0, y: 0 } },
    status: {
      aggregateSnapshot: { activeThreadCount: 0, flowFilesQueued: 0, bytesQueued: 0, flowFilesIn: 0, bytesIn: 0, flowFilesOut: 0, bytesOut: 0, bytesRead: 0, bytesWritten: 0 },
    },
  } as unknown as ProcessGroupEntity;
  const { edges } = mapFlow('g', flow({ processors: [processor('a')], processGroups: [group], connections: [connection('c', 'a', 'port', { destinationGroupId: 'sub' })] }), idle);
  assert.deepEqual(
    edges.map(({ source, target }) => [source, target]),
    [['a', 'sub']],
  );
});

test('a connection whose end is not in the answer is left out', () => {
  assert.deepEqual(mapFlow('g', flow({ processors: [processor('a')], connections: [connection('c', 'a', 'gone')] }), idle).edges, []);
});

test('a connection shows its relationships, its queue and the threshold that is nearest', () => {
  const one = connection('c', 'a', 'b', {
    component: { selectedRelationships: ['failure', 'retry'], flowFileExpiration: '10 min' },
    status: { flowFilesQueued: 7, bytesQueued: 70, percentUseCount: 3, percentUseBytes: 40 },
  });
  const { data } = mapFlow('g', flow({ processors: [processor('a'), processor('b')], connections: [one] }), () => 'moving').edges[0]!;
  assert.equal(data?.name, 'failure, retry');
  assert.deepEqual(data.queued, { count: 7, bytes: 70 });
  assert.equal(data.percent, 40);
  assert.equal(data.expires, true);
  assert.equal(data.movement, 'moving');
});

test('connections between the same nodes run side by side, those with bends where their bends are', () => {
  const connections = [connection('c1', 'a', 'b'), connection('c2', 'b', 'a'), connection('c3', 'a', 'b', { bends: [{ x: 1, y: 2 }] }), connection('c4', 'a', 'a')];
  const { edges } = mapFlow('g', flow({ processors: [processor('a'), processor('b')], connections }), idle);
  assert.deepEqual(
    edges.map(({ id, data }) => [id, data?.lane]),
    [
      ['c1', -0.5],
      ['c2', 0.5],
      ['c3', 0],
      ['c4', 0],
    ],
  );
});

test('an answer that differs only in what is not drawn gives the same objects', () => {
  const answer = (seconds: number, out: number) =>
    flow({ processors: [processor('a', { statsLastRefreshed: `00:00:0${seconds}` }), processor('b', { status: { flowFilesOut: out } })] });
  const first = mapFlow('g', answer(1, 0), idle).nodes;
  assert.equal(reconcile(first, mapFlow('g', answer(2, 0), idle).nodes), first);
  const changed = reconcile(first, mapFlow('g', answer(3, 5), idle).nodes);
  assert.equal(changed[0], first[0]);
  assert.notEqual(changed[1], first[1]);
});

test('values are compared by what is in them', () => {
  assert.ok(sameValue({ a: [1, { b: undefined }] }, { a: [1, { b: undefined }] }));
  assert.ok(!sameValue({ a: undefined }, { b: undefined }));
  assert.ok(!sameValue([], {}));
  assert.ok(!sameValue([1], [1, 2]));
});

test('bulletins are summed up by their number, the worst level and the latest message', () => {
  const bulletin = (id: number, level: string, message: string) => ({ id, bulletin: { level, message } }) as BulletinEntity;
  assert.equal(bulletinSummary([]), undefined);
  assert.deepEqual(bulletinSummary([bulletin(2, 'WARNING', 'late'), bulletin(3, 'INFO', 'latest'), bulletin(1, 'ERROR', 'first')]), { count: 3, level: 'ERROR', latest: 'latest' });
});
