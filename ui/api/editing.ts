import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { clientId, request } from './client.ts';
import type { RevisionDto } from './shapes.ts';

/** A component that has a configuration, whatever its kind: it is read from and written to its own path. */
export interface Editable<C = unknown> {
  readonly id: string;
  readonly revision: RevisionDto;
  readonly component: C;
}

export const editableKey = (path: string) => ['editable', path] as const;

const FRESH_MILLIS = 2000;

/** The whole configuration of a component, kept up to date so that edits of others are seen. */
export function useEditable<E extends Editable>(path: string | undefined) {
  return useQuery({
    queryKey: editableKey(path ?? ''),
    queryFn: ({ signal }) => request<E>(path!, { signal }),
    enabled: path !== undefined,
    refetchInterval: FRESH_MILLIS,
  });
}

/** Writes to a component on a revision. Throws ApiError, whose `isStale` says that somebody else was faster. */
export function writeComponent<E extends Editable>(path: string, { id, revision }: Pick<Editable, 'id' | 'revision'>, component: object): Promise<E> {
  return request<E>(path, { method: 'PUT', body: { revision: { version: revision.version, clientId }, component: { id, ...component }, disconnectedNodeAcknowledged: false } });
}

/** Everything that may show a configuration is read anew. */
export function configurationChanged(client: QueryClient): Promise<unknown> {
  const keys = ['flow', 'component', 'editable', 'services', 'parameter-contexts', 'controller-status'];
  return Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));
}

/** `configurationChanged` for this page. */
export function useConfigurationChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => configurationChanged(client);
}
