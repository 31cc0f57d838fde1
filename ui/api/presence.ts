import type { QueryClient } from '@tanstack/react-query';
import { type Edit, EditOutdated } from '../shared/history.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { ApiError, clientId, request } from './client.ts';
import { configurationChanged, type Editable } from './editing.ts';
import { history } from './history.ts';

/** Something that is not drawn on the canvas: a service, a parameter context, what stands outside of groups. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  /** Where the API has it. */
  readonly path: string;
  /** The group that it is in, if any. */
  readonly groupId?: string;
}

async function remove({ path }: Thing): Promise<void> {
  const { revision } = await request<Editable>(path);
  await request(`${path}?version=${revision.version}&clientId=${clientId}`, { method: 'DELETE' });
}

/** What the server keeps comes back with secrets and all: nothing of it goes through the page. */
async function bringBack({ id }: Thing): Promise<void> {
  await request('/api/restorations', { method: 'POST', body: { components: [id], revision: { version: 0, clientId } } });
}

function cycle(client: QueryClient, thing: Thing, made: boolean): Edit {
  const label = `${made ? 'Made' : 'Deleted'} ${thing.name}`;
  const doing = (work: (thing: Thing) => Promise<void>) => async (): Promise<void> => {
    try {
      await work(thing);
    } catch (error) {
      // Somebody else has deleted it, or the server has forgotten it: this will never work.
      throw error instanceof ApiError && error.status === 404 ? new EditOutdated(`${label}: ${error.message}`) : error;
    } finally {
      await configurationChanged(client);
    }
  };
  const [away, back] = [doing(remove), doing(bringBack)];
  return { label, groupId: thing.groupId ?? '', undo: made ? away : back, redo: made ? back : away };
}

/** Makes it possible to undo that something was made. */
export function recordMade(client: QueryClient, thing: Thing): void {
  history.record(cycle(client, thing, true));
}

/** The same for what was deleted; says so, and offers to bring it back at once. */
export function recordDeleted(client: QueryClient, thing: Thing): void {
  const edit = cycle(client, thing, false);
  history.record(edit);
  noticeDone(`Deleted ${thing.name}`, undefined, { title: 'Undo', run: () => undoNow(edit) });
}

function undoNow(edit: Edit): void {
  if (history.store.get().done.at(-1) !== edit) {
    noticeFailed('It is not the last edit any more.', 'Edits are taken back in order: undo those after it first.');
    return;
  }
  history.undo().then(
    () => noticeDone(`Undone: ${edit.label}`),
    (error: unknown) => noticeFailed('It could not be brought back.', error),
  );
}
