import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatten, type GroupStatusSnapshotDto } from '../../ui/api/monitoring.ts';
import type { LineageLink, LineageNode } from '../../ui/api/provenance.ts';
import { figuresOf, formatValue, seriesOf } from '../../ui/monitoring/series.ts';
import { layoutLineage } from '../../ui/provenance/lineage-layout.ts';
import { byColumn } from '../../ui/shared/sorting.ts';

const node = (id: string, millis: number, flowFileUuid = 'a'): LineageNode => ({ id, type: 'EVENT', flowFileUuid, millis, timestamp: '' });
const link = (sourceId: string, targetId: string): LineageLink => ({ sourceId, targetId, flowFileUuid: 'a' });

test('a lineage goes down in the order of time, with a lane for each FlowFile', () => {
  const { nodes, links, from, to } = layoutLineage(
    [node('late', 9), node('fork', 5, 'b'), node('second', 1), node('first', 1)],
    [link('first', 'second'), link('second', 'fork'), link('fork', 'late'), link('x', 'late')],
  );
  assert.deepEqual(
    nodes.map((each) => each.node.id),
    ['first', 'second', 'fork', 'late'],
  );
  assert.ok(nodes.every((each, index) => index === 0 || each.y > nodes[index - 1]!.y));
  assert.notEqual(nodes[2]!.x, nodes[1]!.x);
  assert.equal(nodes[3]!.x, nodes[0]!.x);
  assert.deepEqual([links.length, from, to], [3, 1, 9]);
  assert.deepEqual(layoutLineage([], []).nodes, []);
});

test('tables are sorted as numbers or as names, and filtered by any column', () => {
  const rows = [
    { name: 'b10', size: 5 },
    { name: 'b9', size: 40 },
    { name: 'A', size: 300 },
  ];
  const columns = [
    { key: 'name', value: ({ name }: (typeof rows)[number]) => name },
    { key: 'size', value: ({ size }: (typeof rows)[number]) => size },
  ];
  const names = (...[order, query]: [Parameters<typeof byColumn>[2], string]) => byColumn(rows, columns, order, query).map(({ name }) => name);
  assert.deepEqual(names({ key: 'name', ascending: true }, ''), ['A', 'b9', 'b10']);
  assert.deepEqual(names({ key: 'size', ascending: false }, ''), ['A', 'b9', 'b10']);
  assert.deepEqual(names(undefined, ' B'), ['b10', 'b9']);
  assert.deepEqual(names(undefined, '300'), ['A']);
});

test('a tree of groups becomes lists that know their group', () => {
  const snapshot = (name: string, more: object = {}) => ({ id: name, name, ...more }) as GroupStatusSnapshotDto;
  const inner = snapshot('inner', {
    processorStatusSnapshots: [{ processorStatusSnapshot: { id: 'p', name: 'p' } }],
    inputPortStatusSnapshots: [{ portStatusSnapshot: { id: 'i' } }],
  });
  const { processors, ports, groups } = flatten(snapshot('root', { processGroupStatusSnapshots: [{ processGroupStatusSnapshot: inner }] }));
  assert.deepEqual(
    groups.map(({ name, groupName }) => [name, groupName]),
    [
      ['root', ''],
      ['inner', 'root'],
    ],
  );
  assert.deepEqual([processors[0]?.groupName, ports[0]?.kind], ['inner', 'Input port']);
});

test('a figure of a status history over time', () => {
  const at = (minute: string, value: number) => ({ timestamp: `2026-01-01T00:${minute}:00Z`, statusMetrics: { bytes: value } });
  const { times, values } = seriesOf({ aggregateSnapshots: [at('02', 6), at('01', 2)] }, 'bytes');
  assert.deepEqual([values, times[1]! - times[0]!], [[2, 6], 60]);
  assert.deepEqual(figuresOf(values), { least: 2, most: 6, mean: 4 });
  assert.deepEqual(figuresOf([]), { least: 0, most: 0, mean: 0 });
  assert.deepEqual([formatValue(2048, 'DATA_SIZE'), formatValue(1500, 'DURATION'), formatValue(0.5, 'FRACTION')], ['2 KB', '1.5 s', '0.50']);
});
