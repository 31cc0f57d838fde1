import type { Editor } from '../api/editor.ts';
import type { RunState } from '../api/running.ts';
import type { ComponentKind, FlowComponent, FlowDto } from '../api/shapes.ts';

/** What commands know of the page, and what they ask of it. */
export interface CommandContext {
  readonly groupId: string;
  readonly groupName: string;
  readonly parentGroupId: string | undefined;
  /** Bound to the group on the canvas. */
  readonly parameterContextId: string | undefined;
  readonly flow: FlowDto;
  readonly selection: readonly FlowComponent[];
  readonly editor: Editor;
  readonly page: PageActions;
}

/** What the page does for commands. */
export interface PageActions {
  undo(): void;
  redo(): void;
  copy(): void;
  cut(): void;
  paste(): void;
  duplicate(): void;
  /** What a command does that may fail: the failure is shown under this title. */
  attempt(title: string, work: () => Promise<unknown>): void;
  run(components: readonly FlowComponent[], state: RunState): void;
  runGroup(groupId: string, state: Exclude<RunState, 'RUN_ONCE'>): void;
  terminate(processorId: string): void;
  activateServices(groupId: string, state: 'ENABLED' | 'DISABLED'): void;
  openQueue(connectionId: string): void;
  enterGroup(groupId: string): void;
  /** Opens the configuration of a component. */
  configure(kind: ComponentKind, id: string): void;
  viewState(processorId: string): void;
  clearState(processorId: string): void;
  showServices(): void;
  showBulletins(): void;
  nextTheme(): void;
  download(groupId: string, name: string): void;
}

export const NOTHING_SELECTED = 'Nothing is selected.';

/** Components that have a place of their own. */
export const placedOf = (components: readonly FlowComponent[]): FlowComponent[] => components.filter(({ kind }) => kind !== 'connection');

export const idsOf = (components: readonly FlowComponent[]): string[] => components.map(({ entity }) => entity.id);
