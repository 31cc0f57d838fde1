import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';

/** A component to bring into view; another object asks again. */
export interface Focus {
  readonly id: string;
}

const VIEW = { maxZoom: 1, padding: 0.4, duration: 250 };

/** A connection has no place of its own: it is in view where its two ends are. */
export function FocusOn({ focus }: { readonly focus: Focus | undefined }) {
  const { fitView, getEdge } = useReactFlow();
  useEffect(() => {
    if (!focus) return;
    const edge = getEdge(focus.id);
    void fitView({ ...VIEW, nodes: edge ? [{ id: edge.source }, { id: edge.target }] : [{ id: focus.id }] });
  }, [focus, fitView, getEdge]);
  return null;
}
