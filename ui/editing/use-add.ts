import { useCallback } from 'react';
import type { Entity } from '../api/change.ts';
import { useEditor } from '../api/editor.ts';
import type { PlacedKind, PositionDto } from '../api/shapes.ts';
import { canvasView } from '../shared/canvas-view.ts';
import { noticeFailed } from '../shared/notices.ts';
import { selectionStore } from '../shared/selection.ts';
import { beginTask } from '../shared/task.ts';
import { positionAround } from './placing.ts';

export interface Addition {
  readonly kind: PlacedKind;
  /** Where its middle is to be. */
  readonly at: PositionDto;
  readonly component: object;
  /** What is made, for undo: `Add GenerateFlowFile`. */
  readonly label: string;
  /** To be connected with it. */
  readonly from?: string;
}

/** Makes a component, selects it, and goes on to the connection where one was pulled to it. Resolves to whether it was made. */
export function useAdd(groupId: string): (addition: Addition) => Promise<Entity | undefined> {
  const editor = useEditor();
  return useCallback(
    async ({ kind, at, component, label, from }) => {
      try {
        const entity = await editor.create(groupId, kind, { ...component, position: positionAround(kind, at) }, label);
        selectionStore.set([entity.id]);
        if (from !== undefined) beginTask({ name: 'connect', from, to: entity.id });
        // A label is written on at once: that has the focus.
        else if (kind !== 'label') canvasView.get()?.focus(entity.id);
        return entity;
      } catch (error) {
        noticeFailed('It could not be added.', error);
        return undefined;
      }
    },
    [editor, groupId],
  );
}
