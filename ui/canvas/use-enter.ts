import { type KeyboardEvent, useCallback } from 'react';
import type { ComponentKind, FlowDto } from '../api/shapes.ts';
import { findComponent } from '../api/flow.ts';
import { selectionStore } from '../shared/selection.ts';

/** Enter opens what is selected: a group is entered, everything else is configured. */
export function useEnter(flow: FlowDto, enterGroup: (id: string) => void, configure: (kind: ComponentKind, id: string) => void): (event: KeyboardEvent) => void {
  return useCallback(
    (event) => {
      const [id, ...others] = selectionStore.get();
      if (event.key !== 'Enter' || id === undefined || others.length > 0 || event.target instanceof HTMLButtonElement) return;
      const found = findComponent(flow, id);
      if (!found || found.kind === 'funnel') return;
      event.preventDefault();
      if (found.kind === 'group') enterGroup(id);
      else configure(found.kind, id);
    },
    [flow, enterGroup, configure],
  );
}
