import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from './client.ts';
import { type Changeable, changeComponent, componentKey, componentPath } from './components.ts';
import { groupFlowKey } from './flow.ts';
import type { FlowComponent, RunCommand, RunnableKind } from './shapes.ts';

export interface RunRequest {
  readonly kind: RunnableKind;
  readonly id: string;
  readonly state: RunCommand;
}

/** Starts, stops, enables, disables or runs once components of the group on the canvas, one after the other. */
export function useRunCommand(groupId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (requests: readonly RunRequest[]) => {
      for (const { kind, id, state } of requests) {
        await changeComponent(client, { groupId, kind, id }, (revision) =>
          request<Changeable>(`${componentPath(kind, id)}/run-status`, { method: 'PUT', body: { revision, state, disconnectedNodeAcknowledged: false } }),
        );
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: groupFlowKey(groupId) }),
  });
}

/** What can be told to run, each with what it is told: components one by one, a group with all below it. */
export type RunState = 'RUNNING' | 'STOPPED' | 'ENABLED' | 'DISABLED' | 'RUN_ONCE';

/** Starts, stops, enables, disables or runs once what is selected. Those that cannot be are named in one error, the others are done. */
export function useRunSelection(groupId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ components, state }: { components: readonly FlowComponent[]; state: RunState }) => {
      const failures: string[] = [];
      for (const component of components) await runOne(client, groupId, component, state).catch((error: Error) => failures.push(error.message));
      if (failures.length > 0) throw new Error([...new Set(failures)].join(' '));
    },
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['flow'] }), client.invalidateQueries({ queryKey: ['controller-status'] })]),
  });
}

async function runOne(client: QueryClient, groupId: string, { kind, entity: { id } }: FlowComponent, state: RunState): Promise<void> {
  if (kind === 'group') await request(`/nifi-api/flow/process-groups/${encodeURIComponent(id)}`, { method: 'PUT', body: { id, state, disconnectedNodeAcknowledged: false } });
  if (kind !== 'processor' && kind !== 'input-port' && kind !== 'output-port') return;
  const command = state === 'ENABLED' ? 'STOPPED' : state;
  await changeComponent(client, { groupId, kind, id }, (revision) =>
    request<Changeable>(`${componentPath(kind, id)}/run-status`, { method: 'PUT', body: { revision, state: command, disconnectedNodeAcknowledged: false } }),
  );
}

/** Interrupts the tasks of a processor that does not stop. */
export function useTerminate(groupId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request(`${componentPath('processor', id)}/threads`, { method: 'DELETE' }),
    onSettled: (_answer, _error, id) =>
      Promise.all([client.invalidateQueries({ queryKey: groupFlowKey(groupId) }), client.invalidateQueries({ queryKey: componentKey('processor', id) })]),
  });
}

/** Starts or stops everything in a group and below it. */
export function useRunGroup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, state }: { id: string; state: 'RUNNING' | 'STOPPED' }) =>
      request(`/nifi-api/flow/process-groups/${encodeURIComponent(id)}`, { method: 'PUT', body: { id, state, disconnectedNodeAcknowledged: false } }),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['flow'] }), client.invalidateQueries({ queryKey: ['controller-status'] })]),
  });
}
