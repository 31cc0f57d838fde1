import { createContext, useContext } from 'react';
import type { ComponentKind } from '../api/shapes.ts';
import { type FlowLocation, navigate } from './location.ts';
import { dismissDone, noticeFailed } from './notices.ts';
import { createStore } from './store.ts';

/** Something that opens above the canvas. Rooms open each other's views by name; the page knows who shows them. */
export type View =
  | { readonly name: 'configure'; readonly kind: ComponentKind; readonly id: string; readonly groupId: string; readonly tab?: string }
  | { readonly name: 'service'; readonly id: string; readonly tab?: string }
  | { readonly name: 'services'; readonly groupId: string }
  /** With `edit` the form of the parameter is opened, too. */
  | { readonly name: 'parameter-contexts'; readonly id?: string; readonly parameter?: string; readonly edit?: boolean }
  | { readonly name: 'peek'; readonly connectionId: string; readonly title: string }
  | ({ readonly name: 'provenance' } & ProvenanceFields)
  | { readonly name: 'status-history'; readonly kind: 'processor' | 'connection' | 'group'; readonly id: string; readonly title: string }
  | { readonly name: 'summary'; readonly tab?: string }
  | { readonly name: 'counters' }
  | { readonly name: 'syncs'; readonly tab?: string }
  | { readonly name: 'sync'; readonly id: string }
  | { readonly name: 'flow-history' }
  | { readonly name: 'flow-analysis' }
  | { readonly name: 'diagnostics' }
  | { readonly name: 'versions'; readonly groupId: string; readonly title: string }
  | { readonly name: 'controller'; readonly tab?: string };

/** What is searched for, and what of it is looked at. */
export interface ProvenanceFields {
  readonly componentId?: string;
  readonly flowFileUuid?: string;
  readonly filename?: string;
  readonly eventType?: string;
  readonly relationship?: string;
  readonly transitUri?: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly minimumFileSize?: string;
  readonly maximumFileSize?: string;
  /** An event in detail. */
  readonly event?: string;
  /** UUID of the FlowFile whose lineage is drawn. */
  readonly lineageOf?: string;
}

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

/** Opens exactly these; those that are open stay as they are. */
export function setViews(views: readonly View[]): void {
  const open = viewStore.get();
  viewStore.set(views.map((view, index) => ({ key: open[index] && isOf(open[index].view, view) ? open[index].key : ++last, view })));
}

/** Whether two views are of the same thing: what is typed in one must not come into the other. */
function isOf(one: View, other: View): boolean {
  const field = (view: View, key: string): unknown => (view as unknown as Readonly<Record<string, unknown>>)[key];
  return ['name', 'id', 'groupId', 'connectionId'].every((key) => field(one, key) === field(other, key));
}

/** Another tab, another search: the same view shows something else. */
export function changeView(key: number, fields: Readonly<Record<string, string | undefined>>): void {
  viewStore.set(viewStore.get().map((each) => (each.key === key ? { key, view: { ...each.view, ...fields } as View } : each)));
}

/** What a view calls when it shows something else. */
export const ViewChange = createContext<(fields: Readonly<Record<string, string | undefined>>) => void>(() => undefined);

export const useViewChange = () => useContext(ViewChange);

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

export const hasUnsaved = (): boolean => unsaved.size > 0;

/** Closes everything and goes to a component or a group on the canvas; where something would be lost, it says so and stays. */
export function showOnCanvas(location: FlowLocation): void {
  if (hasUnsaved()) {
    noticeFailed('You have changes that are not stored.', 'Apply or discard them first: going to the canvas closes what is open.');
    return;
  }
  navigate({ ...location, query: '' });
  viewStore.set([]);
}
