import { useEffect, useMemo, useRef } from 'react';
import type { FlowDto } from '../api/shapes.ts';
import { mapFlow } from './mapping.ts';
import { movementOf, type Samples, sample } from './movement.ts';
import { reconcile } from './reconcile.ts';
import type { CanvasModel } from './view-model.ts';

/** The drawing of a group; whatever looks as it did in the answer before is the same object. */
export function useModel(groupId: string, flow: FlowDto): CanvasModel {
  const seen = useRef<Samples>(new Map());
  const drawn = useRef<CanvasModel>({ nodes: [], edges: [] });
  const next = useMemo(() => {
    const now = performance.now();
    const samples = sample(seen.current, flow.connections, now);
    const { nodes, edges } = mapFlow(groupId, flow, (id) => movementOf(samples.get(id), now));
    return { samples, model: { nodes: reconcile(drawn.current.nodes, nodes), edges: reconcile(drawn.current.edges, edges) } };
  }, [groupId, flow]);
  useEffect(() => {
    seen.current = next.samples;
    drawn.current = next.model;
  }, [next]);
  return next.model;
}
