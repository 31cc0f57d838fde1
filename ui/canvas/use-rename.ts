import { useRef } from 'react';
import type { Entity } from '../api/change.ts';
import { request } from '../api/client.ts';
import { type ComponentAddress, componentPath } from '../api/components.ts';
import { useEditor } from '../api/editor.ts';
import { noticeFailed } from '../shared/notices.ts';
import { useSelected } from '../shared/store.ts';
import { beginTask, endTask, taskStore } from '../shared/task.ts';

interface Rename {
  readonly active: boolean;
  begin(): void;
  /** Stores the text; without one, or with the old one, nothing changes. */
  end(text: string | undefined): void;
}

/** Lets a text of a component be typed over in place. What somebody else makes of it meanwhile is not overwritten unasked. */
export function useRename(address: ComponentAddress, text: string, field: 'name' | 'label' = 'name'): Rename {
  const { id, kind } = address;
  const editor = useEditor();
  const active = useSelected(taskStore, (task) => task?.name === 'rename' && task.id === id);
  const base = useRef<Promise<Entity | undefined>>(undefined);
  if (active) base.current ??= request<Entity>(componentPath(kind, id)).catch(() => undefined);
  const end = (typed: string | undefined): void => {
    const opened = base.current;
    base.current = undefined;
    endTask();
    document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus();
    if (typed === undefined || typed === text || (field === 'name' && typed.trim() === '')) return;
    const store = async (): Promise<void> => {
      await editor.change(address, { [field]: typed }, { label: field === 'name' ? `Renamed ${text} to ${typed}` : 'Edited a label', base: await opened });
    };
    store().catch((error: unknown) => noticeFailed(field === 'name' ? `${text} could not be renamed.` : 'The label could not be stored.', error));
  };
  return { active, begin: () => beginTask({ name: 'rename', id }), end };
}
