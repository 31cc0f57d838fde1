import type { QueryClient } from '@tanstack/react-query';
import { EditOutdated } from '../shared/history.ts';
import { differences, type Patch, valuesAt } from '../shared/patch.ts';
import { ApiError, request } from './client.ts';
import { configurationChanged, type Editable, writeComponent } from './editing.ts';
import { history } from './history.ts';

interface Named {
  readonly name?: string;
  readonly parentGroupId?: string;
}

/** Makes a configuration that was just written one that can be undone. `patch`: what was written; before and after it. */
export function recordConfiguration(client: QueryClient, path: string, patch: object, before: Editable, after: Editable): void {
  const [old, present] = [valuesAt(patch as Patch, before.component), valuesAt(patch as Patch, after.component)];
  if (differences(old, present).length === 0) return;
  const { name, parentGroupId } = after.component as Named;
  const label = `Configured ${name || 'a connection'}`;
  const swap = async (expected: Patch, wanted: Patch): Promise<void> => {
    const current = await request<Editable>(path).catch((error: unknown) => {
      throw error instanceof ApiError && error.status === 404 ? new EditOutdated(`${label}: it was deleted meanwhile.`) : error;
    });
    const since = differences(expected, valuesAt(expected, current.component));
    if (since.length > 0) throw new EditOutdated(`${label}: somebody else has changed ${since.join(', ')} since, which would be lost.`);
    await writeComponent(path, current, wanted);
    await configurationChanged(client);
  };
  history.record({ label, groupId: parentGroupId ?? '', undo: () => swap(present, old), redo: () => swap(old, present) });
}
