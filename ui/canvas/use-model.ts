import { useEffect, useMemo, useRef, useState } from 'react';
import type { FlowDto } from '../api/shapes.ts';
import { mapFlow } from './mapping.ts';
import { LINGER_MILLIS, movementOf, type Samples, sample } from './movement.ts';
import { reconcile } from './reconcile.ts';
import type { CanvasModel } from './view-model.ts';

/** The drawing of a group; whatever looks as it did in the answer before is the same object. */
export function useModel(groupId: string, flow: FlowDto): CanvasModel {
  const seen = useRef<Samples>(new Map());
  const drawn = useRef<CanvasModel>({ nodes: [], edges: [] });
  const [now, setNow] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again as time passes.
  const next = useMemo(() => {
    const time = performance.now();
    const samples = sample(seen.current, flow.connections, time);
    const { nodes, edges } = mapFlow(groupId, flow, (id) => movementOf(samples.get(id), time));
    return { samples, model: { nodes: reconcile(drawn.current.nodes, nodes), edges: reconcile(drawn.current.edges, edges) } };
  }, [groupId, flow, now]);
  useEffect(() => {
    seen.current = next.samples;
    drawn.current = next.model;
    // Where nothing happens any more nothing comes that would end the movement.
    if (!next.model.edges.some(({ data }) => data?.movement === 'moving')) return;
    const timer = setTimeout(() => setNow(performance.now()), LINGER_MILLIS);
    return () => clearTimeout(timer);
  }, [next]);
  return next.model;
}
