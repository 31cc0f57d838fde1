import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { request } from './client.ts';
import { componentPath } from './components.ts';
import type { ComponentStateDto, StateVersionDto } from './shapes.ts';

export type StateScope = 'LOCAL' | 'CLUSTER';

export interface ScopeHistory {
  readonly scope: StateScope;
  /** Newest first. */
  readonly versions: readonly StateVersionDto[];
}

const stateKey = (id: string) => ['state', id] as const;
const ourPath = (id: string): string => `/api/components/${encodeURIComponent(id)}/state`;

/** What a processor remembers, kept up to date. */
export function useProcessorState(id: string) {
  return useQuery({
    queryKey: [...stateKey(id), 'current'],
    queryFn: ({ signal }) => request<{ componentState: ComponentStateDto }>(`${componentPath('processor', id)}/state`, { signal }),
    select: ({ componentState }) => componentState,
    refetchInterval: 2000,
  });
}

/** The versions of what a processor remembered. */
export function useStateHistory(id: string) {
  return useQuery({
    queryKey: [...stateKey(id), 'history'],
    queryFn: ({ signal }) => request<{ history: readonly ScopeHistory[] }>(`${ourPath(id)}/history`, { signal }),
    select: ({ history }) => history,
    refetchInterval: 2000,
  });
}

/** Forgets everything: both scopes. The processor must be stopped. */
export function useClearState(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request(`${componentPath('processor', id)}/state/clear-requests`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: stateKey(id) }),
  });
}

/** Sets the state of a scope back to an earlier version. The processor must be stopped. */
export function useSetStateBack(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ scope, version }: { scope: StateScope; version: number }) => request(ourPath(id), { method: 'PUT', body: { scope, version } }),
    onSettled: () => client.invalidateQueries({ queryKey: stateKey(id) }),
  });
}
