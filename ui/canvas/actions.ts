import { createContext, useContext } from 'react';
import type { Editor } from '../api/editor.ts';
import type { ComponentKind } from '../api/shapes.ts';

/** What the canvas asks of the page around it. */
export interface CanvasActions {
  readonly enterGroup: (groupId: string) => void;
  readonly openQueue: (connectionId: string) => void;
  /** Opens the menu of what is selected, at a point of the page. */
  readonly openMenu: (at: { readonly x: number; readonly y: number }) => void;
  readonly configure: (kind: ComponentKind, id: string) => void;
  /** Files were dropped, at a point of the canvas. */
  readonly dropFiles: (files: readonly File[], at: { readonly x: number; readonly y: number }) => void;
}

/** What nodes and edges of the canvas share. */
interface CanvasContext extends CanvasActions {
  readonly groupId: string;
  readonly editor: Editor;
}

const Actions = createContext<CanvasContext | undefined>(undefined);

export const CanvasActionsProvider = Actions.Provider;

export function useCanvasActions(): CanvasContext {
  const actions = useContext(Actions);
  if (!actions) throw new Error('Nodes of the canvas must be inside CanvasActionsProvider.');
  return actions;
}
