import { createContext, useContext } from 'react';
import type { ComponentKind } from '../api/shapes.ts';

/** What the canvas asks of the page around it. */
export interface CanvasActions {
  readonly enterGroup: (groupId: string) => void;
  readonly openQueue: (connectionId: string) => void;
  readonly configure: (kind: ComponentKind, id: string) => void;
}

const Actions = createContext<CanvasActions | undefined>(undefined);

export const CanvasActionsProvider = Actions.Provider;

export function useCanvasActions(): CanvasActions {
  const actions = useContext(Actions);
  if (!actions) throw new Error('Nodes of the canvas must be inside CanvasActionsProvider.');
  return actions;
}
