import dagre from '@dagrejs/dagre';
import type { PositionDto } from '../api/shapes.ts';
import type { Placed } from './arrange.ts';
import { GRID } from './sizes.ts';

/** Fetched when it is asked for: import it dynamically. */

export interface Link {
  readonly source: string;
  readonly target: string;
}

const snap = (value: number): number => Math.round(value / GRID) * GRID;

/** Places for components so that data runs from top to bottom; what is not connected stands in rows below. Begins at the corner where they are now. */
export function layOut(placed: readonly Placed[], links: readonly Link[]): Map<string, PositionDto> {
  const ids = new Set(placed.map(({ id }) => id));
  const own = links.filter(({ source, target }) => source !== target && ids.has(source) && ids.has(target));
  const linked = new Set(own.flatMap(({ source, target }) => [source, target]));
  const origin = { x: snap(Math.min(...placed.map(({ x }) => x))), y: snap(Math.min(...placed.map(({ y }) => y))) };
  const graph = layered(
    placed.filter(({ id }) => linked.has(id)),
    own,
  );
  const bottom = graph.size === 0 ? 0 : Math.max(...placed.filter(({ id }) => graph.has(id)).map(({ id, height }) => graph.get(id)!.y + height)) + 96;
  const alone = rows(
    placed.filter(({ id }) => !linked.has(id)),
    bottom,
  );
  return new Map([...graph, ...alone].map(([id, { x, y }]) => [id, { x: origin.x + snap(x), y: origin.y + snap(y) }]));
}

function layered(placed: readonly Placed[], links: readonly Link[]): Map<string, PositionDto> {
  if (placed.length === 0) return new Map();
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 80, ranksep: 120, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of placed) graph.setNode(id, { width, height });
  for (const { source, target } of links) graph.setEdge(source, target);
  dagre.layout(graph);
  return new Map(
    placed.map(({ id, width, height }) => {
      const { x, y } = graph.node(id) as PositionDto;
      return [id, { x: x - width / 2, y: y - height / 2 }];
    }),
  );
}

const ROW = 4;
const [STEP_X, STEP_Y] = [432, 208];

function rows(placed: readonly Placed[], top: number): Map<string, PositionDto> {
  return new Map(placed.map(({ id }, index) => [id, { x: (index % ROW) * STEP_X, y: top + Math.floor(index / ROW) * STEP_Y }]));
}
