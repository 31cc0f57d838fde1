import { useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';
import type { PositionDto } from '../api/shapes.ts';
import { type CanvasView, canvasView } from '../shared/canvas-view.ts';
import { FIT_PADDING, GRID } from './sizes.ts';
import { useArranging } from './use-arranging.ts';
import type { CanvasEdge, CanvasNode } from './view-model.ts';

const FIT = { padding: FIT_PADDING, maxZoom: 1, duration: 200 };
const STEP = { duration: 120 };

interface ViewForPageProps {
  readonly groupId: string;
  readonly container: RefObject<HTMLElement | null>;
  readonly onMap: (change: (shown: boolean) => boolean) => void;
}

/** Gives commands their hold on the canvas that is shown. */
export function ViewForPage({ groupId, container, onMap }: ViewForPageProps) {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const arranging = useArranging(groupId);
  useEffect(() => {
    const element = container.current;
    if (!element) return;
    let last: { x: number; y: number } | undefined;
    const follow = (event: PointerEvent): void => {
      last = { x: event.clientX, y: event.clientY };
    };
    element.addEventListener('pointermove', follow, { passive: true });
    const view: CanvasView = {
      ...arranging,
      show: (ids?: readonly string[]) => void flow.fitView(ids ? { ...FIT, nodes: nodesOf(flow, ids).map((id) => ({ id })) } : FIT),
      zoomIn: () => void flow.zoomIn(STEP),
      zoomOut: () => void flow.zoomOut(STEP),
      zoomTo: (zoom: number) => void flow.zoomTo(zoom, STEP),
      centre: () => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return flow.screenToFlowPosition({ x: left + width / 2, y: top + height / 2 });
      },
      pointer: () => last && flow.screenToFlowPosition(last),
      at: flow.screenToFlowPosition,
      middleOf: (id: string) => middleOf(flow, id),
      toggleMap: () => onMap((shown) => !shown),
      // Two frames on, it is drawn and measured: else React Flow takes it for out of sight and moves the canvas.
      focus: (id: string) => void requestAnimationFrame(() => requestAnimationFrame(() => focusNode(element, id))),
    };
    canvasView.set(view);
    return () => {
      element.removeEventListener('pointermove', follow);
      if (canvasView.get() === view) canvasView.set(undefined);
    };
  }, [flow, container, onMap, arranging]);
  return null;
}

/** A connection is shown by its two ends. */
function nodesOf(flow: ReturnType<typeof useReactFlow<CanvasNode, CanvasEdge>>, ids: readonly string[]): string[] {
  return ids.flatMap((id) => {
    const edge = flow.getEdge(id);
    return edge ? [edge.source, edge.target] : [id];
  });
}

/** Not in the middle itself, where a bend could not be seen to be one. */
function middleOf(flow: ReturnType<typeof useReactFlow<CanvasNode, CanvasEdge>>, id: string): PositionDto | undefined {
  const edge = flow.getEdge(id);
  const ends = edge ? [flow.getNode(edge.source), flow.getNode(edge.target)] : [];
  const [a, b] = ends.map((node) => node && { x: node.position.x + (node.width ?? 0) / 2, y: node.position.y + (node.height ?? 0) / 2 });
  if (!a || !b) return undefined;
  const snap = (value: number): number => Math.round(value / GRID) * GRID;
  return edge!.source === edge!.target ? { x: snap(a.x + 320), y: snap(a.y) } : { x: snap((a.x + b.x) / 2 + 80), y: snap((a.y + b.y) / 2) };
}

/** Who has begun to type something meanwhile goes on with it. */
function focusNode(canvas: HTMLElement, id: string): void {
  if (canvas.contains(document.activeElement) && document.activeElement?.matches('input, textarea')) return;
  canvas.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus();
}
