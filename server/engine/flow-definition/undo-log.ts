import type { Component, StoredBase } from '../component.ts';
import { Connection } from '../connection.ts';
import { ProcessGroup } from '../process-group.ts';

type Restorable = Component & { restore(stored: StoredBase): void };

/** How to take back what was done to the flow, newest first. */
export class UndoLog {
  readonly #actions: (() => void)[] = [];
  /** Components as they were stored before they were changed. */
  readonly changed = new Map<Component, StoredBase>();

  push(action: () => void): void {
    this.#actions.push(action);
  }

  /** Remembers how a component is, before it is changed. */
  remember(node: Component): void {
    if (this.changed.has(node)) return;
    this.changed.set(node, node.toStored());
    this.push(restorer(node));
  }

  /** Gives a component its identifier in a definition: no change that anybody has to hear of. */
  identify(node: Component, identifier: string): void {
    const { versionedId } = node;
    if (versionedId === identifier) return;
    const name = (text: string | undefined): void => {
      node.versionedId = text;
      node.runtime.touch(node);
    };
    name(identifier);
    this.push(() => name(versionedId));
  }

  undo(): void {
    for (const action of this.#actions.reverse()) action();
    this.#actions.length = 0;
  }
}

function restorer(node: Component): () => void {
  const stored = node.toStored();
  const restored = (): void => {
    node.versionedId = stored.versionedId;
    node.runtime.touch(node);
  };
  if (node instanceof Connection) {
    const { config, name, destination } = node;
    return () => {
      node.redirect(destination);
      node.configure({ ...config, name });
      restored();
    };
  }
  if (node instanceof ProcessGroup) {
    const { parameterContext, versionControl } = node;
    return () => {
      node.restore(stored as ReturnType<ProcessGroup['toStored']>, parameterContext ?? undefined);
      node.versionControl = versionControl;
      node.forgetValidation();
      restored();
    };
  }
  return () => {
    (node as Restorable).restore(stored);
    restored();
  };
}
