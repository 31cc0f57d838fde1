import { createStore } from './store.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Something that is being done to the flow and needs the user: a dialog, a name being typed. One at a time. */
export type Task =
  /** Choose a type for a new processor; `from`: to be connected with it. */
  | { readonly name: 'add-processor'; readonly at: Point; readonly from?: string }
  | { readonly name: 'add-named'; readonly kind: 'input-port' | 'output-port' | 'group'; readonly at: Point; readonly from?: string }
  /** Nothing is asked: it is made at once. */
  | { readonly name: 'add-plain'; readonly kind: 'funnel' | 'label'; readonly at: Point; readonly from?: string }
  | { readonly name: 'add-connector'; readonly at: Point }
  /** Draw a connection; without `to` the destination is chosen from a list. */
  | { readonly name: 'connect'; readonly from: string; readonly to?: string }
  | { readonly name: 'rename'; readonly id: string }
  | { readonly name: 'delete'; readonly ids: readonly string[] }
  | { readonly name: 'group'; readonly ids: readonly string[] }
  | { readonly name: 'colour'; readonly ids: readonly string[] }
  | { readonly name: 'move-into'; readonly ids: readonly string[] }
  /** Drop what is queued in connections, and in groups and all below. */
  | { readonly name: 'empty'; readonly title: string; readonly connections: readonly string[]; readonly groups: readonly string[] }
  | { readonly name: 'palette' }
  | { readonly name: 'help' };

export const taskStore = createStore<Task | undefined>(undefined);

export function beginTask(task: Task): void {
  taskStore.set(task);
}

export function endTask(): void {
  taskStore.set(undefined);
}
