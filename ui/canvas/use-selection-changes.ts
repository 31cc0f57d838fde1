import type { EdgeChange, NodeChange } from '@xyflow/react';
import { useCallback } from 'react';
import { applyChanges, selectionStore } from '../shared/selection.ts';
import type { CanvasEdge, CanvasNode } from './view-model.ts';

type Change = NodeChange<CanvasNode> | EdgeChange<CanvasEdge>;

/** Takes selection changes of nodes and edges into the one selection of the page. */
export function useSelectionChanges(): (changes: readonly Change[]) => void {
  return useCallback((changes) => {
    const selects = changes.filter((change) => change.type === 'select');
    // First what is left, then what is chosen: the last chosen comes last.
    const ordered = [...selects].sort((a, b) => Number(a.selected) - Number(b.selected));
    selectionStore.set(applyChanges(selectionStore.get(), ordered));
  }, []);
}
