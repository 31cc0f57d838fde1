import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Edit } from '../shared/history.ts';
import { together } from '../shared/history.ts';
import type { Patch } from '../shared/patch.ts';
import { afterWrite, beforeWrite, dropEntities, KINDS, LISTS, putEntity } from './cache.ts';
import { type ChangeOptions, changeFields, type Entity } from './change.ts';
import { clientId, request } from './client.ts';
import { type Copy, idsOf, shifted } from './clipboard.ts';
import { type ComponentAddress, componentPath, RESOURCES } from './components.ts';
import { countIn, membersOf, snippetOf } from './editor-members.ts';
import { history } from './history.ts';
import { releaseServices } from './services.ts';
import type { ComponentKind, FlowComponent, FlowDto, PlacedKind, PositionDto } from './shapes.ts';

export interface Move {
  readonly kind: PlacedKind;
  readonly id: string;
  readonly from: PositionDto;
  readonly to: PositionDto;
}

/** Writes at a time, where many are to be sent. */
const AT_ONCE = 6;
const groupPath = (id: string): string => `${componentPath('group', id)}`;

/** Edits the flow so that everything can be undone. Methods throw ApiError and ServerLostError; then nothing was recorded. */
export class Editor {
  readonly #client: QueryClient;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  /** Makes a component. */
  create<E extends Entity>(groupId: string, kind: ComponentKind, component: object, label: string): Promise<E> {
    const work = async (): Promise<E> => {
      const { entity, edit } = await this.#create<E>(groupId, kind, component, label);
      history.record(edit);
      return entity;
    };
    return history.during(work());
  }

  async #create<E extends Entity>(groupId: string, kind: ComponentKind, component: object, label: string): Promise<{ entity: E; edit: Edit }> {
    await beforeWrite(this.#client, groupId);
    const body = { revision: { version: 0, clientId }, component };
    const entity = await request<E>(`${groupPath(groupId)}/${RESOURCES[kind]}`, { method: 'POST', body });
    putEntity(this.#client, groupId, kind, entity);
    afterWrite(this.#client, groupId);
    return { entity, edit: this.#cycle(groupId, [entity.id], label, true) };
  }

  change(address: ComponentAddress, patch: Patch, options: ChangeOptions): Promise<Entity | undefined> {
    const work = changeFields(this.#client, address, patch, options);
    // Where a form was open somebody may be asked first: nobody waits for that.
    return options.base ? work : history.during(work);
  }

  /** Removes components with the connections that hang on them; what runs or has queued data is refused by the server. */
  remove(groupId: string, components: readonly FlowComponent[], label: string): Promise<void> {
    return history.during(this.#recordRemove(groupId, components, label));
  }

  async #recordRemove(groupId: string, components: readonly FlowComponent[], label: string): Promise<void> {
    const gone = await this.#remove(
      groupId,
      components.map(({ entity }) => entity.id),
    );
    history.record(this.#cycle(groupId, gone, label, false));
  }

  /** Returns the ids of what went, connections included. */
  async #remove(groupId: string, ids: readonly string[]): Promise<string[]> {
    await beforeWrite(this.#client, groupId);
    const members = membersOf(await this.#flow(groupId), ids);
    const gone = members.map(({ entity }) => entity.id);
    if (gone.length === 0) return gone;
    for (const { kind, entity } of members) if (kind === 'group') await releaseServices(entity.id);
    const { snippet } = await request<{ snippet: { id: string } }>('/nifi-api/snippets', { method: 'POST', body: { snippet: snippetOf(groupId, members) } });
    await request(`/nifi-api/snippets/${snippet.id}`, { method: 'DELETE' });
    dropEntities(this.#client, groupId, new Set(gone));
    afterWrite(this.#client, groupId);
    return gone;
  }

  async #restore(groupId: string, ids: readonly string[]): Promise<void> {
    await beforeWrite(this.#client, groupId);
    const { flow } = await request<{ flow: FlowDto }>('/api/restorations', { method: 'POST', body: { components: ids, revision: { version: 0, clientId } } });
    for (const kind of KINDS) for (const entity of flow[LISTS[kind]]) if (ids.includes(entity.id)) putEntity(this.#client, groupId, kind, entity);
    afterWrite(this.#client, groupId);
  }

  /** Something that is there or not: made or removed, back and forth. */
  #cycle(groupId: string, ids: readonly string[], label: string, made: boolean): Edit {
    let gone = ids;
    const away = async (): Promise<void> => {
      gone = await this.#remove(groupId, gone);
    };
    const back = (): Promise<void> => this.#restore(groupId, gone);
    return { label, groupId, undo: made ? away : back, redo: made ? back : away };
  }

  /** Stores new places; returns the version of each component's new revision. */
  move(groupId: string, moves: readonly Move[], label: string): Promise<ReadonlyMap<string, number>> {
    return history.during(this.#recordMove(groupId, moves, label));
  }

  async #recordMove(groupId: string, moves: readonly Move[], label: string): Promise<ReadonlyMap<string, number>> {
    const versions = await this.#place(groupId, moves, 'to');
    history.record({
      label,
      groupId,
      undo: async () => void (await this.#place(groupId, moves, 'from')),
      redo: async () => void (await this.#place(groupId, moves, 'to')),
    });
    return versions;
  }

  async #place(groupId: string, moves: readonly Move[], where: 'from' | 'to'): Promise<Map<string, number>> {
    const versions = new Map<string, number>();
    await beforeWrite(this.#client, groupId);
    const waiting = [...moves];
    const work = async (): Promise<void> => {
      for (let move = waiting.shift(); move; move = waiting.shift()) {
        const { kind, id } = move;
        const { revision } = await this.#put({ groupId, kind, id }, { position: move[where] });
        versions.set(id, revision.version);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return versions;
  }

  /** Writes over whatever is there: right for what does not depend on what it replaces. */
  async #put(address: ComponentAddress, patch: Patch): Promise<Entity> {
    const path = componentPath(address.kind, address.id);
    const { revision } = await request<Entity>(path);
    const entity = await request<Entity>(path, { method: 'PUT', body: { revision: { ...revision, clientId }, component: { id: address.id, ...patch } } });
    putEntity(this.#client, address.groupId, address.kind, entity);
    return entity;
  }

  /** What can be pasted elsewhere. */
  async copy(groupId: string, ids: readonly string[]): Promise<Copy> {
    const members = membersOf(await this.#flow(groupId), ids, false);
    return request<Copy>(`${groupPath(groupId)}/copy`, { method: 'POST', body: idsOf(members) });
  }

  /** Puts copied components into a group, moved by an offset; returns the ids of the new ones. */
  paste(groupId: string, copy: Copy, offset: PositionDto, label: (count: number) => string): Promise<string[]> {
    return history.during(this.#recordPaste(groupId, copy, offset, label));
  }

  async #recordPaste(groupId: string, copy: Copy, offset: PositionDto, label: (count: number) => string): Promise<string[]> {
    await beforeWrite(this.#client, groupId);
    const { revision } = await request<Entity>(groupPath(groupId));
    const body = { copyResponse: shifted(copy, offset), revision: { ...revision, clientId } };
    const { flow } = await request<{ flow: FlowDto }>(`${groupPath(groupId)}/paste`, { method: 'PUT', body });
    for (const kind of KINDS) for (const entity of flow[LISTS[kind]]) putEntity(this.#client, groupId, kind, entity);
    afterWrite(this.#client, groupId);
    const ids = KINDS.flatMap((kind) => flow[LISTS[kind]].map(({ id }) => id));
    history.record(this.#cycle(groupId, ids, label(countIn(flow)), true));
    return ids;
  }

  /** Puts a flow definition on the canvas as a group. */
  import(groupId: string, definition: unknown, name: string, position: PositionDto): Promise<Entity> {
    return history.during(this.#recordImport(groupId, definition, name, position));
  }

  async #recordImport(groupId: string, definition: unknown, name: string, position: PositionDto): Promise<Entity> {
    await beforeWrite(this.#client, groupId);
    const body = { groupName: name, positionDTO: position, revisionDTO: { version: 0, clientId }, flowSnapshot: definition };
    const entity = await request<Entity>(`${groupPath(groupId)}/process-groups/import`, { method: 'POST', body });
    putEntity(this.#client, groupId, 'group', entity);
    afterWrite(this.#client, groupId);
    history.record(this.#cycle(groupId, [entity.id], `Imported ${name}`, true));
    return entity;
  }

  /** Moves components, with the connections between them, into another group. */
  moveInto(groupId: string, components: readonly FlowComponent[], targetId: string, label: string): Promise<void> {
    return history.during(this.#recordMoveInto(groupId, components, targetId, label));
  }

  async #recordMoveInto(groupId: string, components: readonly FlowComponent[], targetId: string, label: string): Promise<void> {
    history.record(await this.#moveInto(groupId, components, targetId, label));
  }

  async #moveInto(groupId: string, components: readonly FlowComponent[], targetId: string, label: string): Promise<Edit> {
    const ids = membersOf(
      await this.#flow(groupId),
      components.map(({ entity }) => entity.id),
    ).map(({ entity }) => entity.id);
    const carry = async (from: string, to: string): Promise<void> => {
      await Promise.all([beforeWrite(this.#client, from), beforeWrite(this.#client, to)]);
      const body = { snippet: snippetOf(from, membersOf(await this.#flow(from), ids)) };
      const { snippet } = await request<{ snippet: { id: string } }>('/nifi-api/snippets', { method: 'POST', body });
      await request(`/nifi-api/snippets/${snippet.id}`, { method: 'PUT', body: { snippet: { id: snippet.id, parentGroupId: to } } });
      dropEntities(this.#client, from, new Set(ids));
      afterWrite(this.#client, from, to);
    };
    await carry(groupId, targetId);
    return { label, groupId, undo: () => carry(targetId, groupId), redo: () => carry(groupId, targetId) };
  }

  /** Makes a group and moves components into it; returns its id. */
  group(groupId: string, components: readonly FlowComponent[], name: string, position: PositionDto): Promise<string> {
    return history.during(this.#recordGroup(groupId, components, name, position));
  }

  async #recordGroup(groupId: string, components: readonly FlowComponent[], name: string, position: PositionDto): Promise<string> {
    const label = `Grouped into ${name}`;
    const made = await this.#create(groupId, 'group', { name, position }, label);
    try {
      history.record(together(label, [made.edit, await this.#moveInto(groupId, components, made.entity.id, label)]));
    } catch (refusal) {
      await made.edit.undo();
      throw refusal;
    }
    return made.entity.id;
  }

  /** The group as it is now. */
  async #flow(groupId: string): Promise<FlowDto> {
    const answer = await request<{ processGroupFlow: { flow: FlowDto } }>(`/nifi-api/flow/process-groups/${encodeURIComponent(groupId)}?uiOnly=true`);
    return answer.processGroupFlow.flow;
  }
}

export function useEditor(): Editor {
  const client = useQueryClient();
  return useMemo(() => new Editor(client), [client]);
}
