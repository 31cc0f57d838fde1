import type { ReactFlowInstance } from '@xyflow/react';
import { type MouseEvent as ReactMouseEvent, useMemo, useRef } from 'react';
import type { Editor } from '../api/editor.ts';
import { findComponent } from '../api/flow.ts';
import type { FlowDto, PositionDto } from '../api/shapes.ts';
import { formatNumberOf } from '../shared/format.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { NOTHING, selectionStore } from '../shared/selection.ts';
import { createStore } from '../shared/store.ts';
import { useLatest } from './use-latest.ts';
import type { CanvasEdge, CanvasNode } from './view-model.ts';

/** The group that what is dragged would go into, were it let go now. */
export const dropTargetStore = createStore<string | undefined>(undefined);

/** The group under a point of the canvas; not one of those that are dragged. */
export function groupAt(nodes: readonly CanvasNode[], { x, y }: PositionDto, dragged: ReadonlySet<string>): CanvasNode | undefined {
  return nodes.find(
    ({ id, type, position, width = 0, height = 0 }) =>
      type === 'group' && !dragged.has(id) && x >= position.x && x <= position.x + width && y >= position.y && y <= position.y + height,
  );
}

interface Given {
  readonly groupId: string;
  readonly flow: FlowDto;
  readonly editor: Editor;
  /** Puts nodes back where they were before they were dragged. */
  readonly forget: (ids: readonly string[]) => void;
}

type Dragging = ReactMouseEvent | MouseEvent | TouchEvent;

async function moveInto({ groupId, flow, editor, forget }: Given, ids: readonly string[], target: string): Promise<void> {
  const components = ids.flatMap((id) => findComponent(flow, id) ?? []);
  const { name } = flow.processGroups.find(({ id }) => id === target)!.component;
  const what = `Moved ${formatNumberOf(components.length, 'component')} into ${name}`;
  forget(ids);
  try {
    await editor.moveInto(groupId, components, target, what);
    selectionStore.set(NOTHING);
    noticeDone(what, 'Undo brings them back.');
  } catch (error) {
    noticeFailed(`Nothing was moved into ${name}.`, error);
  }
}

/** What is dragged, and where it is let go. */
export interface DragInto {
  readonly onInit: (canvas: ReactFlowInstance<CanvasNode, CanvasEdge>) => void;
  readonly over: (event: Dragging, dragged: readonly CanvasNode[]) => void;
  readonly drop: (event: Dragging, dragged: readonly CanvasNode[]) => void;
}

/** What is dropped on a group goes into it. Returns the same functions at each drawing. */
export function useDragInto(given: Given): DragInto {
  const canvas = useRef<ReactFlowInstance<CanvasNode, CanvasEdge>>(undefined);
  const latest = useLatest(given);
  return useMemo(() => {
    const over = (event: Dragging, dragged: readonly CanvasNode[]): void => {
      const point = 'clientX' in event ? event : event.changedTouches[0];
      const at = point && canvas.current?.screenToFlowPosition({ x: point.clientX, y: point.clientY }, { snapToGrid: false });
      dropTargetStore.set(at && groupAt(canvas.current!.getNodes(), at, new Set(dragged.map(({ id }) => id)))?.id);
    };
    const drop = (event: Dragging, dragged: readonly CanvasNode[]): void => {
      over(event, dragged);
      const target = dropTargetStore.get();
      dropTargetStore.set(undefined);
      const ids = dragged.map(({ id }) => id);
      if (target !== undefined) void moveInto(latest.current, ids, target);
    };
    return {
      onInit: (instance) => {
        canvas.current = instance;
      },
      over,
      drop,
    };
  }, [latest]);
}
