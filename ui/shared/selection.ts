import { createStore } from './store.ts';

/** Ids of the selected components of the group on the canvas, in the order in which they were selected. */
export type Selection = readonly string[];

export interface SelectionChange {
  readonly id: string;
  readonly selected: boolean;
}

/** The selection after some changes; the same array where nothing changed. */
export function applyChanges(selection: Selection, changes: readonly SelectionChange[]): Selection {
  let result = selection;
  for (const { id, selected } of changes) {
    if (selected === result.includes(id)) continue;
    result = selected ? [...result, id] : result.filter((each) => each !== id);
  }
  return result;
}

export const NOTHING: Selection = [];
export const selectionStore = createStore<Selection>(NOTHING);
