import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RunView, SyncSummaryView, SyncView } from '../../server/rest/dto/sync.ts';
import { request } from './client.ts';

export type { ErrorView, RunStatus, RunView, SyncStatus, SyncSummaryView, SyncView, SystemDescription } from '../../server/rest/dto/sync.ts';

const FRESH_MILLIS = 2000;
const KEY = 'syncs';

export function useSyncs() {
  return useQuery({
    queryKey: [KEY],
    queryFn: ({ signal }) => request<{ syncs: SyncSummaryView[] }>('/api/syncs', { signal }),
    select: ({ syncs }) => syncs,
    refetchInterval: FRESH_MILLIS,
  });
}

export function useSync(id: string) {
  return useQuery({ queryKey: [KEY, id], queryFn: ({ signal }) => request<SyncView>(`/api/syncs/${id}`, { signal }), refetchInterval: FRESH_MILLIS });
}

/** The latest runs, newest first. */
export function useRuns(id: string) {
  return useQuery({
    queryKey: [KEY, id, 'runs'],
    queryFn: ({ signal }) => request<{ runs: RunView[] }>(`/api/syncs/${id}/runs`, { signal }),
    select: ({ runs }) => runs,
    refetchInterval: FRESH_MILLIS,
  });
}

/** What is done with a sync: see /api/syncs/{id}/... */
export type SyncAct = 'pause' | 'resume' | 'retry' | 'run';

export function useSyncAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: SyncAct) => request<SyncView>(`/api/syncs/${id}/${act}`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Makes a draft: a process group of the connector's flow with parameters of its own. */
export function useCreateSync() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { readonly connector: string; readonly name: string; readonly timeZone: string }) => request<SyncView>('/api/syncs', { method: 'POST', body: wanted }),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Where the rejected rows of a run are downloaded. */
export const rejectedRowsUrl = ({ syncId, id }: RunView): string => `/api/syncs/${syncId}/runs/${id}/rejected-rows/csv`;
