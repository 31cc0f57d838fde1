import { KINDS, LISTS } from './cache.ts';
import { clientId } from './client.ts';
import type { ComponentKind, FlowComponent, FlowDto } from './shapes.ts';

/** Components of a group by their ids, with the connections that hang on them; without `hanging` only those between them. */
export function membersOf(flow: FlowDto, ids: readonly string[], hanging = true): FlowComponent[] {
  const wanted = new Set(ids);
  const members = KINDS.filter((kind) => kind !== 'connection').flatMap((kind) =>
    flow[LISTS[kind]].filter(({ id }) => wanted.has(id)).map((entity) => ({ kind, entity }) as FlowComponent),
  );
  const connections = flow.connections.filter((connection) => {
    const ends =
      [connection.sourceId, connection.sourceGroupId].some((end) => wanted.has(end)) && [connection.destinationId, connection.destinationGroupId].some((end) => wanted.has(end));
    const touches = [connection.sourceId, connection.sourceGroupId, connection.destinationId, connection.destinationGroupId].some((end) => wanted.has(end));
    return ends || (hanging && (touches || wanted.has(connection.id)));
  });
  return [...members, ...connections.map((entity) => ({ kind: 'connection', entity }) as FlowComponent)];
}

/** A selection as NiFi's snippets name it, on the revisions that were just read. */
export function snippetOf(parentGroupId: string, members: readonly FlowComponent[]): object {
  const of = (kind: ComponentKind) =>
    Object.fromEntries(members.filter((each) => each.kind === kind).map(({ entity }) => [entity.id, { version: entity.revision.version, clientId }]));
  return { parentGroupId, ...Object.fromEntries(KINDS.map((kind) => [LISTS[kind], of(kind)])) };
}

/** How many things with a place of their own there are. */
export function countIn(flow: FlowDto): number {
  return KINDS.filter((kind) => kind !== 'connection').reduce((sum, kind) => sum + flow[LISTS[kind]].length, 0);
}
