import { type Node, type ReactFlowState, useReactFlow, useStore } from '@xyflow/react';
import { useEffect } from 'react';
import { selectionStore } from '../shared/selection.ts';
import type { Rectangle } from './geometry.ts';
import { shiftInto } from './shift.ts';
import { TOOLBAR } from './sizes.ts';

/** A double click is over by then: nothing moves from under the pointer between its two clicks. */
const DELAY_MILLIS = 350;
/** About the size of a connection's label. */
const LABEL = { width: 200, height: 64 };

const rectangleOf = ({ position, width = 0, height = 0 }: Node): Rectangle => ({ ...position, width, height });

/** Where the label of a connection is, more or less. */
function between(a: Rectangle, b: Rectangle): Rectangle {
  const middle = (from: number, size: number, to: number, other: number): number => (from + size / 2 + to + other / 2) / 2;
  return { x: middle(a.x, a.width, b.x, b.width) - LABEL.width / 2, y: middle(a.y, a.height, b.y, b.height) - LABEL.height / 2, ...LABEL };
}

const widthOf = ({ width }: ReactFlowState): number => width;
const heightOf = ({ height }: ReactFlowState): number => height;

/** When a panel takes room from the canvas, what is selected does not end up behind it. */
export function KeepInView() {
  const [width, height] = [useStore(widthOf), useStore(heightOf)];
  const { getNode, getEdge, getViewport, setViewport } = useReactFlow();
  useEffect(() => {
    const place = (id: string): Rectangle | undefined => {
      const [node, edge] = [getNode(id), getEdge(id)];
      const [source, target] = [edge && getNode(edge.source), edge && getNode(edge.target)];
      return node ? rectangleOf(node) : source && target && between(rectangleOf(source), rectangleOf(target));
    };
    const timer = setTimeout(() => {
      const [id, second] = selectionStore.get();
      const selected = id !== undefined && second === undefined ? place(id) : undefined;
      if (!selected || width === 0) return;
      const { x, y, zoom } = getViewport();
      const dx = shiftInto(selected.x * zoom + x, selected.width * zoom, width, TOOLBAR);
      const dy = shiftInto(selected.y * zoom + y, selected.height * zoom, height);
      if (dx !== 0 || dy !== 0) void setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 150 });
    }, DELAY_MILLIS);
    return () => clearTimeout(timer);
  }, [width, height, getNode, getEdge, getViewport, setViewport]);
  return null;
}
