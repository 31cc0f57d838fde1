import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { GroupStatusDto, GroupStatusSnapshotDto } from '../../server/rest/dto/group-status.ts';
import type { ActionEntity } from '../../server/rest/dto/history.ts';
import type { ConnectionStatusSnapshotDto, PortStatusSnapshotDto, ProcessorStatusSnapshotDto } from '../../server/rest/dto/status.ts';
import type { StatusHistoryEntity } from '../../server/rest/dto/status-history.ts';
import { request } from './client.ts';

export type { GroupStatusSnapshotDto } from '../../server/rest/dto/group-status.ts';
export type { ConnectionStatusSnapshotDto, PortStatusSnapshotDto, ProcessorStatusSnapshotDto } from '../../server/rest/dto/status.ts';
export type StatusHistory = StatusHistoryEntity['statusHistory'];

const FRESH_MILLIS = 2000;

/** A snapshot with where its component is. */
export type Placed<S> = S & { readonly groupName: string };

/** The status of everything, as flat lists. */
export interface Summary {
  readonly processors: readonly Placed<ProcessorStatusSnapshotDto>[];
  readonly connections: readonly Placed<ConnectionStatusSnapshotDto>[];
  readonly ports: readonly (Placed<PortStatusSnapshotDto> & { readonly kind: 'Input port' | 'Output port' })[];
  readonly groups: readonly Placed<GroupStatusSnapshotDto>[];
}

/** Lists out of the tree that the API answers. */
export function flatten(root: GroupStatusSnapshotDto): Summary {
  const groups: Placed<GroupStatusSnapshotDto>[] = [{ ...root, groupName: '' }];
  for (const group of groups) {
    groups.push(...(group.processGroupStatusSnapshots ?? []).map(({ processGroupStatusSnapshot }) => ({ ...processGroupStatusSnapshot, groupName: group.name })));
  }
  const each = <S>(list: (group: GroupStatusSnapshotDto) => readonly S[] | undefined): Placed<S>[] =>
    groups.flatMap((group) => (list(group) ?? []).map((one) => ({ ...one, groupName: group.name })));
  return {
    groups,
    processors: each((group) => group.processorStatusSnapshots?.map(({ processorStatusSnapshot }) => processorStatusSnapshot)),
    connections: each((group) => group.connectionStatusSnapshots?.map(({ connectionStatusSnapshot }) => connectionStatusSnapshot)),
    ports: [
      ...each((group) => group.inputPortStatusSnapshots?.map(({ portStatusSnapshot }) => ({ ...portStatusSnapshot, kind: 'Input port' as const }))),
      ...each((group) => group.outputPortStatusSnapshots?.map(({ portStatusSnapshot }) => ({ ...portStatusSnapshot, kind: 'Output port' as const }))),
    ],
  };
}

export function useSummary() {
  return useQuery({
    queryKey: ['summary'],
    queryFn: ({ signal }) => request<{ processGroupStatus: GroupStatusDto }>('/nifi-api/flow/process-groups/root/status?recursive=true', { signal }),
    select: ({ processGroupStatus }) => flatten(processGroupStatus.aggregateSnapshot),
    refetchInterval: FRESH_MILLIS,
  });
}

export interface CounterDto {
  readonly id: string;
  readonly context: string;
  readonly name: string;
  readonly valueCount: number;
}

export function useCounters() {
  return useQuery({
    queryKey: ['counters'],
    queryFn: ({ signal }) => request<{ counters: { aggregateSnapshot: { counters: readonly CounterDto[] } } }>('/nifi-api/counters', { signal }),
    select: ({ counters }) => counters.aggregateSnapshot.counters,
    refetchInterval: FRESH_MILLIS,
  });
}

/** Sets a counter to 0, or all where none is named. */
export function useResetCounter() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id?: string) => request(id === undefined ? '/nifi-api/counters' : `/nifi-api/counters/${encodeURIComponent(id)}`, { method: 'PUT' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['counters'] }),
  });
}

export const HISTORY_PAGE = 50;

/** A change, as far as this user may see it. */
export type Action = NonNullable<ActionEntity['action']>;

/** A page of what people have changed, newest first. */
export function useFlowHistory(page: number, userIdentity: string) {
  const query = new URLSearchParams({ offset: String(page * HISTORY_PAGE), count: String(HISTORY_PAGE), sortOrder: 'desc', ...(userIdentity === '' ? {} : { userIdentity }) });
  return useQuery({
    queryKey: ['flow-history', page, userIdentity],
    queryFn: ({ signal }) => request<{ history: { total: number; actions: readonly ActionEntity[] } }>(`/nifi-api/flow/history?${query}`, { signal }),
    select: ({ history: { total, actions } }) => ({ total, actions: actions.flatMap(({ action }): Action[] => (action ? [action] : [])) }),
    refetchInterval: FRESH_MILLIS,
  });
}

export interface StorageDto {
  readonly identifier: string;
  readonly usedSpaceBytes: number;
  readonly totalSpaceBytes: number;
  readonly freeSpaceBytes: number;
}

export interface DiagnosticsDto {
  readonly usedHeapBytes: number;
  readonly maxHeapBytes: number;
  readonly usedNonHeapBytes: number;
  readonly maxNonHeapBytes: number;
  readonly availableProcessors: number;
  readonly processorLoadAverage: number;
  readonly totalThreads: number;
  readonly uptime: string;
  readonly contentRepositoryStorageUsage: readonly StorageDto[];
  readonly versionInfo: Readonly<Record<string, string | undefined>>;
}

export function useDiagnostics() {
  return useQuery({
    queryKey: ['diagnostics'],
    queryFn: ({ signal }) => request<{ systemDiagnostics: { aggregateSnapshot: DiagnosticsDto } }>('/nifi-api/system-diagnostics', { signal }),
    select: ({ systemDiagnostics }) => systemDiagnostics.aggregateSnapshot,
    refetchInterval: FRESH_MILLIS,
  });
}

const RESOURCES = { processor: 'processors', connection: 'connections', group: 'process-groups' } as const;
export type HistoryKind = keyof typeof RESOURCES;

/** What a component did each minute. */
export function useStatusHistory(kind: HistoryKind, id: string) {
  return useQuery({
    queryKey: ['status-history', kind, id],
    queryFn: ({ signal }) => request<StatusHistoryEntity>(`/nifi-api/flow/${RESOURCES[kind]}/${encodeURIComponent(id)}/status/history`, { signal }),
    select: ({ statusHistory }) => statusHistory,
    refetchInterval: 15_000,
  });
}
