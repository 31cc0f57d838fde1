import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { LISTS, putEntity } from './cache.ts';
import { ApiError, clientId, request } from './client.ts';
import { groupFlowKey, LIVE_MILLIS } from './flow.ts';
import type { ComponentKind, ProcessGroupFlowEntity, ProcessorEntity, RevisionDto } from './shapes.ts';

/** Path of each kind's resource. */
export const RESOURCES: Readonly<Record<ComponentKind, string>> = {
  processor: 'processors',
  group: 'process-groups',
  connection: 'connections',
  'input-port': 'input-ports',
  'output-port': 'output-ports',
  funnel: 'funnels',
  label: 'labels',
};

export const componentPath = (kind: ComponentKind, id: string): string => `/nifi-api/${RESOURCES[kind]}/${encodeURIComponent(id)}`;
export const componentKey = (kind: ComponentKind, id: string) => ['component', kind, id] as const;

export interface Changeable {
  readonly id: string;
  readonly revision: RevisionDto;
}

/** One component of the group on the canvas. */
export interface ComponentAddress {
  readonly groupId: string;
  readonly kind: ComponentKind;
  readonly id: string;
}

export function processorOptions(id: string) {
  return queryOptions({
    queryKey: componentKey('processor', id),
    queryFn: ({ signal }) => request<ProcessorEntity>(componentPath('processor', id), { signal }),
    refetchInterval: 5 * LIVE_MILLIS,
  });
}

/** A processor with its whole configuration, which the canvas's own query leaves out. */
export function useProcessor(id: string) {
  return useQuery(processorOptions(id));
}

/** The newest state of a component that the page knows. */
function known(client: QueryClient, { groupId, kind, id }: ComponentAddress): Changeable | undefined {
  const entities: readonly Changeable[] | undefined = client.getQueryData<ProcessGroupFlowEntity>(groupFlowKey(groupId))?.processGroupFlow.flow[LISTS[kind]];
  return entities?.find((entity) => entity.id === id);
}

/** Puts an answer where the canvas reads, so that it shows before the next round of figures. */
function remember(client: QueryClient, { groupId, kind, id }: ComponentAddress, entity: Changeable): void {
  putEntity(client, groupId, kind, entity);
  void client.invalidateQueries({ queryKey: componentKey(kind, id) });
}

/**
 * Writes to a component on top of its newest revision: `write` gets the revision to send and returns the entity answered.
 * With `overwrite` a revision that somebody else made stale meanwhile is fetched and the write sent again: right for what
 * does not depend on what it replaces, such as a position or a start.
 */
export async function changeComponent<E extends Changeable>(
  client: QueryClient,
  address: ComponentAddress,
  write: (revision: RevisionDto) => Promise<E>,
  overwrite = true,
): Promise<E> {
  const fetchCurrent = () => request<Changeable>(componentPath(address.kind, address.id));
  const ours = ({ revision }: Changeable): RevisionDto => ({ version: revision.version, clientId });
  let entity: E;
  try {
    entity = await write(ours(known(client, address) ?? (await fetchCurrent())));
  } catch (error) {
    if (!overwrite || !(error instanceof ApiError) || !error.isStale) throw error;
    entity = await write(ours(await fetchCurrent()));
  }
  remember(client, address, entity);
  return entity;
}
