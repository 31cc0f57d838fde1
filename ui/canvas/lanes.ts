import type { CanvasEdge } from './view-model.ts';

/** Edges without bends of their own that join the same two nodes get lanes, so that they do not lie on each other; always the same ones. */
export function lanes(edges: readonly CanvasEdge[]): CanvasEdge[] {
  const between = new Map<string, string[]>();
  for (const { id, source, target, data } of edges) {
    if (data!.bends.length > 0) continue;
    const pair = [source, target].sort().join(' ');
    between.set(pair, [...(between.get(pair) ?? []), id]);
  }
  const lane = new Map<string, number>();
  for (const ids of between.values()) for (const [index, id] of ids.sort().entries()) lane.set(id, index - (ids.length - 1) / 2);
  return edges.map((edge) => {
    const own = lane.get(edge.id) ?? 0;
    return own === 0 ? edge : { ...edge, data: { ...edge.data!, lane: own } };
  });
}
