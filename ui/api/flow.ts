import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { request } from './client.ts';
import { withPlaceholders } from './unreadable.ts';
import { pollEvery } from './polling.ts';
import type { AboutDto, ComponentKind, ControllerStatusDto, FlowComponent, FlowDto, ProcessGroupFlowEntity, RunStatus } from './shapes.ts';

/** How often live figures are asked for while the page is seen. */
export const LIVE_MILLIS = 1000;

export const groupFlowKey = (groupId: string) => ['flow', groupId] as const;

/** The group of all groups. */
export const ROOT = 'root';

export function groupFlowOptions(groupId: string) {
  return queryOptions({
    queryKey: groupFlowKey(groupId),
    queryFn: async ({ signal }) => withPlaceholders(await request<ProcessGroupFlowEntity>(`/nifi-api/flow/process-groups/${encodeURIComponent(groupId)}?uiOnly=true`, { signal })),
    refetchInterval: pollEvery(LIVE_MILLIS),
    // Each answer has new times in each entity; the canvas compares what it draws instead.
    structuralSharing: false,
  });
}

/** What is directly in a group, kept up to date. */
export function useGroupFlow(groupId: string) {
  return useQuery(groupFlowOptions(groupId));
}

/** Figures of the whole flow, kept up to date. */
export function useControllerStatus() {
  return useQuery({
    queryKey: ['controller-status'],
    queryFn: ({ signal }) => request<{ controllerStatus: ControllerStatusDto }>('/nifi-api/flow/status', { signal }),
    select: ({ controllerStatus }) => controllerStatus,
    refetchInterval: pollEvery(LIVE_MILLIS, 5 * LIVE_MILLIS),
    placeholderData: keepPreviousData,
  });
}

export function useAbout() {
  return useQuery({
    queryKey: ['about'],
    queryFn: ({ signal }) => request<{ about: AboutDto }>('/nifi-api/flow/about', { signal }),
    select: ({ about }) => about,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** How many components of a group and below are in which state. */
export interface GroupCounts {
  readonly running: number;
  readonly stopped: number;
  readonly invalid: number;
  readonly disabled: number;
}

const STATES: Readonly<Record<RunStatus, keyof GroupCounts>> = { Running: 'running', Stopped: 'stopped', Invalid: 'invalid', Validating: 'invalid', Disabled: 'disabled' };

export function countComponents({ processors, inputPorts, outputPorts, processGroups }: FlowDto): GroupCounts {
  const counts = { running: 0, stopped: 0, invalid: 0, disabled: 0 };
  for (const { status } of [...processors, ...inputPorts, ...outputPorts]) counts[STATES[status.runStatus]]++;
  for (const { runningCount, stoppedCount, invalidCount, disabledCount } of processGroups) {
    counts.running += runningCount;
    counts.stopped += stoppedCount;
    counts.invalid += invalidCount;
    counts.disabled += disabledCount;
  }
  return counts;
}

const LISTS = [
  ['processor', 'processors'],
  ['group', 'processGroups'],
  ['connection', 'connections'],
  ['input-port', 'inputPorts'],
  ['output-port', 'outputPorts'],
  ['funnel', 'funnels'],
  ['label', 'labels'],
] as const satisfies readonly (readonly [ComponentKind, keyof FlowDto])[];

export function findComponent(flow: FlowDto, id: string): FlowComponent | undefined {
  for (const [kind, list] of LISTS) {
    const entity = flow[list].find((each) => each.id === id);
    if (entity) return { kind, entity } as FlowComponent;
  }
  return undefined;
}

/** What a component goes by. */
export function nameOf({ kind, entity }: FlowComponent): string {
  if (kind === 'funnel') return 'Funnel';
  if (kind === 'label') return entity.component.label.split('\n')[0] || 'Label';
  if (kind === 'connection') return entity.status.name || 'Connection';
  return entity.component.name;
}
