import type { ComponentKind } from '../api/shapes.ts';
import { type FlowLocation, navigate } from './location.ts';
import { dismissDone, noticeFailed } from './notices.ts';
import { createStore } from './store.ts';

/** Something that opens above the canvas. Rooms open each other's views by name; the page knows who shows them. */
export type View =
  | { readonly name: 'configure'; readonly kind: ComponentKind; readonly id: string; readonly groupId: string; readonly tab?: string }
  | { readonly name: 'service'; readonly id: string; readonly tab?: string }
  | { readonly name: 'services'; readonly groupId: string }
  | { readonly name: 'parameter-contexts'; readonly id?: string; readonly parameter?: string /** Its form is opened, too. */; readonly edit?: boolean }
  | { readonly name: 'peek'; readonly connectionId: string; readonly title: string }
  | { readonly name: 'provenance'; readonly componentId?: string; readonly flowFileUuid?: string }
  | { readonly name: 'status-history'; readonly kind: 'processor' | 'connection' | 'group'; readonly id: string; readonly title: string }
  | { readonly name: 'summary' }
  | { readonly name: 'counters' }
  | { readonly name: 'flow-history' }
  | { readonly name: 'diagnostics' }
  | { readonly name: 'versions'; readonly groupId: string; readonly title: string }
  | { readonly name: 'controller'; readonly tab?: string };

export interface OpenView {
  readonly key: number;
  readonly view: View;
}

/** Open views, the topmost last. */
export const viewStore = createStore<readonly OpenView[]>([]);
let last = 0;

export function openView(view: View): void {
  // What was done is history by now, and would stand in front of the view.
  dismissDone();
  viewStore.set([...viewStore.get(), { key: ++last, view }]);
}

export function closeView(key: number): void {
  viewStore.set(viewStore.get().filter((each) => each.key !== key));
}

/** What is typed somewhere and not stored. */
const unsaved = new Set<object>();

/** Says whether a view holds something that closing would lose; `holder` is the same object each time. */
export function holdUnsaved(holder: object, holds: boolean): void {
  if (holds) unsaved.add(holder);
  else unsaved.delete(holder);
}

/** Closes everything and goes to a component or a group on the canvas; where something would be lost, it says so and stays. */
export function showOnCanvas(location: FlowLocation): void {
  if (unsaved.size > 0) {
    noticeFailed('You have changes that are not stored.', 'Apply or discard them first: going to the canvas closes what is open.');
    return;
  }
  viewStore.set([]);
  navigate(location);
}
