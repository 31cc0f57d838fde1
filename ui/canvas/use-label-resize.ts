import type { OnResizeEnd } from '@xyflow/react';
import { useCallback } from 'react';
import { useEditor } from '../api/editor.ts';
import { noticeFailed } from '../shared/notices.ts';
import { useCanvasActions } from './actions.ts';
import { storedAt } from './sizes.ts';

/** Stores the size of a label, and where its left upper corner has come to. */
export function useLabelResize(id: string): OnResizeEnd {
  const editor = useEditor();
  const { groupId } = useCanvasActions();
  return useCallback(
    (_event, { x, y, width, height }) => {
      const patch = { width: Math.round(width), height: Math.round(height), position: storedAt('label', { x, y }) };
      editor
        .change({ groupId, kind: 'label', id }, patch, { label: 'Resized a label' })
        .catch((error: unknown) => noticeFailed('The size of the label could not be stored.', error));
    },
    [editor, groupId, id],
  );
}
