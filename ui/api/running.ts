import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from './client.ts';
import { type Changeable, changeComponent, componentKey, componentPath } from './components.ts';
import { groupFlowKey } from './flow.ts';
import type { RunCommand, RunnableKind } from './shapes.ts';

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
