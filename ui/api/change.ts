import type { QueryClient } from '@tanstack/react-query';
import { EditOutdated } from '../shared/history.ts';
import { differences, type Patch, valuesAt } from '../shared/patch.ts';
import { beforeWrite, putEntity } from './cache.ts';
import { ApiError, clientId, request } from './client.ts';
import { type ComponentAddress, componentKey, componentPath } from './components.ts';
import { history } from './history.ts';
import { conflictStore } from './stale.ts';
import type { RevisionDto } from './shapes.ts';

/** A component as its own resource answers it. */
export interface Entity {
  readonly id: string;
  readonly revision: RevisionDto;
  readonly component: Patch;
}

export interface ChangeOptions {
  /** What was done, for undo and for messages: `Renamed Fetch orders`. */
  readonly label: string;
  /**
   * What the form was opened with. If somebody else has changed the same fields since, the user is asked; without it the change goes
   * on top of whatever is there.
   */
  readonly base?: Entity;
}

const read = (address: ComponentAddress): Promise<Entity> => request<Entity>(componentPath(address.kind, address.id));

async function write(client: QueryClient, address: ComponentAddress, patch: Patch, { version }: RevisionDto): Promise<Entity> {
  const { kind, id, groupId } = address;
  await beforeWrite(client, groupId);
  const body = { revision: { version, clientId }, component: { id, ...patch }, disconnectedNodeAcknowledged: false };
  const entity = await request<Entity>(componentPath(kind, id), { method: 'PUT', body });
  putEntity(client, groupId, kind, entity);
  void client.invalidateQueries({ queryKey: componentKey(kind, id) });
  return entity;
}

/** Writes on the newest revision, however often somebody else comes between. */
async function writeOnTop(client: QueryClient, address: ComponentAddress, patch: Patch, current?: Entity): Promise<Entity> {
  const newest = current ?? (await read(address));
  try {
    return await write(client, address, patch, newest.revision);
  } catch (error) {
    if (!(error instanceof ApiError) || !error.isStale) throw error;
    return writeOnTop(client, address, patch);
  }
}

/**
 * Changes fields of a component so that it can be undone; returns the entity as it is afterwards, or undefined where the user took
 * the version of somebody else. Throws ApiError and ServerLostError.
 */
export async function changeFields(client: QueryClient, address: ComponentAddress, patch: Patch, options: ChangeOptions): Promise<Entity | undefined> {
  const before = await read(address);
  const mine = options.base ? await onTopOf(before, options.base, patch, options.label) : patch;
  if (!mine) {
    putEntity(client, address.groupId, address.kind, before);
    return undefined;
  }
  const after = await writeOnTop(client, address, mine, before);
  recordChange(client, address, options.label, valuesAt(mine, before.component), valuesAt(mine, after.component));
  return after;
}

/** What is to be written where the component may have changed since a form was opened. */
function onTopOf(current: Entity, base: Entity, patch: Patch, label: string): Promise<Patch | undefined> | Patch {
  if (current.revision.version === base.revision.version) return patch;
  const [theirs, opened] = [valuesAt(patch, current.component), valuesAt(patch, base.component)];
  const contested = differences(theirs, opened).filter((path) => differences(theirs, patch).includes(path));
  if (contested.length === 0) return patch;
  return new Promise((resolve) => {
    const decide = (taken: Patch | undefined): void => {
      conflictStore.set(undefined);
      resolve(taken);
    };
    conflictStore.set({ label, who: current.revision.lastModifier, contested, base: opened, theirs, mine: patch, decide });
  });
}

/** Makes a change that was written already one that can be undone. `before` and `after` have the same fields. */
export function recordChange(client: QueryClient, address: ComponentAddress, label: string, before: Patch, after: Patch): void {
  if (differences(before, after).length === 0) return;
  const { groupId } = address;
  const swap = async (present: Patch, wanted: Patch): Promise<void> => {
    const current = await read(address).catch((error: unknown) => {
      throw error instanceof ApiError && error.status === 404 ? new EditOutdated(`${label}: the component was deleted meanwhile.`) : error;
    });
    const since = differences(present, valuesAt(present, current.component));
    if (since.length > 0) throw new EditOutdated(`${label}: ${current.revision.lastModifier ?? 'somebody else'} has changed ${since.join(', ')} since, which would be lost.`);
    await writeOnTop(client, address, wanted, current);
  };
  history.record({ label, groupId, undo: () => swap(after, before), redo: () => swap(before, after) });
}
