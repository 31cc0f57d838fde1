import { type MouseEvent, useMemo } from 'react';
import { NOTHING, selectionStore } from '../shared/selection.ts';
import { beginTask } from '../shared/task.ts';
import type { CanvasActions } from './actions.ts';
import type { DragInto } from './use-drag-into.ts';
import type { CanvasEdge, CanvasNode } from './view-model.ts';
import { hoverStore } from './wiring.tsx';

/** The dots of a component stay so long after the pointer has left it: on its way to one of them. */
const LINGER_MILLIS = 250;
let leaving = 0;

function hover(id: string | undefined): void {
  clearTimeout(leaving);
  if (id !== undefined) hoverStore.set(id);
  else leaving = window.setTimeout(() => hoverStore.set(undefined), LINGER_MILLIS);
}

/** What is clicked with the other button is selected first, unless it is part of the selection. */
function openMenuOf(id: string | undefined, event: MouseEvent | globalThis.MouseEvent, { openMenu }: CanvasActions): void {
  event.preventDefault();
  if (id === undefined) selectionStore.set(NOTHING);
  else if (!selectionStore.get().includes(id)) selectionStore.set([id]);
  openMenu({ x: event.clientX, y: event.clientY });
}

function openNode({ type, id }: CanvasNode, { enterGroup, configure }: CanvasActions): void {
  if (type === 'group') enterGroup(id);
  else if (type === 'label') beginTask({ name: 'rename', id });
  else if (type !== 'funnel') configure(type, id);
}

/** The same functions at each drawing, so that React Flow has nothing to take over. */
export function useGestures(actions: CanvasActions, { onInit, over, drop }: DragInto) {
  return useMemo(
    () => ({
      onNodeDoubleClick: (_event: MouseEvent, node: CanvasNode) => openNode(node, actions),
      onEdgeDoubleClick: (_event: MouseEvent, { id }: CanvasEdge) => actions.openQueue(id),
      onNodeContextMenu: (event: MouseEvent, { id }: CanvasNode) => openMenuOf(id, event, actions),
      onEdgeContextMenu: (event: MouseEvent, { id }: CanvasEdge) => openMenuOf(id, event, actions),
      onSelectionContextMenu: (event: MouseEvent, [first]: CanvasNode[]) => openMenuOf(first?.id, event, actions),
      onPaneContextMenu: (event: MouseEvent | globalThis.MouseEvent) => openMenuOf(undefined, event, actions),
      onNodeMouseEnter: (event: MouseEvent, { id }: CanvasNode) => event.buttons === 0 && hover(id),
      onNodeMouseLeave: () => hover(undefined),
      onNodeDragStart: () => hoverStore.set(undefined),
      onInit,
      onNodeDrag: (event: globalThis.MouseEvent | TouchEvent, _node: CanvasNode, dragged: CanvasNode[]) => over(event, dragged),
      onNodeDragStop: (event: globalThis.MouseEvent | TouchEvent, { id }: CanvasNode, dragged: CanvasNode[]) => {
        hover(id);
        drop(event, dragged);
      },
      onSelectionDrag: over,
      onSelectionDragStop: drop,
    }),
    [actions, onInit, over, drop],
  );
}
