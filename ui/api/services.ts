import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, clientId, request } from './client.ts';
import { pollEvery } from './polling.ts';
import type { ControllerServiceEntity } from './shapes.ts';

const servicesKey = (groupId: string) => ['services', groupId] as const;
const groupPath = (groupId: string): string => `/nifi-api/flow/process-groups/${encodeURIComponent(groupId)}/controller-services`;

/** Controller services of a group and of the groups below it. */
export function useServices(groupId: string) {
  return useQuery({
    queryKey: servicesKey(groupId),
    queryFn: ({ signal }) => fetchServices(groupId, signal),
    refetchInterval: pollEvery(2000),
  });
}

async function fetchServices(groupId: string, signal?: AbortSignal): Promise<readonly ControllerServiceEntity[]> {
  const query = '?includeAncestorGroups=false&includeDescendantGroups=true&includeReferencingComponents=false';
  const { controllerServices } = await request<{ controllerServices: ControllerServiceEntity[] }>(groupPath(groupId) + query, { signal });
  return controllerServices.sort((a, b) => a.component.name.localeCompare(b.component.name));
}

/** Stands for a group where services of the controller are meant. */
export const CONTROLLER = 'controller';

/** Services that components of a group may use: its own, then those of the groups above it. */
export function useServicesInReach(groupId: string) {
  const path = groupId === CONTROLLER ? '/nifi-api/flow/controller/controller-services' : `${groupPath(groupId)}?includeAncestorGroups=true&includeDescendantGroups=false`;
  return useQuery({
    queryKey: ['services', groupId, 'in reach'],
    queryFn: ({ signal }) => request<{ controllerServices: ControllerServiceEntity[] }>(path, { signal }),
    select: ({ controllerServices }) => [...controllerServices].sort((a, b) => a.component.name.localeCompare(b.component.name)),
    refetchInterval: pollEvery(2000),
  });
}

type Activation = 'ENABLED' | 'DISABLED';

/** Enables or disables all services of a group and below it. */
export function useActivateServices() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ groupId, state }: { groupId: string; state: Activation }) =>
      request(groupPath(groupId), { method: 'PUT', body: { id: groupId, state, disconnectedNodeAcknowledged: false } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['services'] }),
  });
}

/** Enables or disables one service. */
export function useActivateService() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ service, state }: { service: ControllerServiceEntity; state: Activation }) => activate(service, state),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['services'] }), client.invalidateQueries({ queryKey: ['flow'] })]),
  });
}

async function activate({ id, revision }: ControllerServiceEntity, state: Activation): Promise<void> {
  const path = `/nifi-api/controller-services/${encodeURIComponent(id)}`;
  const put = (version: number) => request(`${path}/run-status`, { method: 'PUT', body: { revision: { version, clientId }, state, disconnectedNodeAcknowledged: false } });
  try {
    await put(revision.version);
  } catch (error) {
    if (!(error instanceof ApiError) || !error.isStale) throw error;
    const current = await request<ControllerServiceEntity>(path);
    await put(current.revision.version);
  }
}

const SETTLE_MILLIS = 100;
const SETTLE_ROUNDS = 100;

/** Disables the controller services of a group and below, as it must be before the group is deleted; resolves when they are. Throws where running components use them. */
export async function releaseServices(groupId: string): Promise<void> {
  const active = async () => (await fetchServices(groupId)).filter(({ component }) => component.state !== 'DISABLED');
  if ((await active()).length === 0) return;
  await request(groupPath(groupId), { method: 'PUT', body: { id: groupId, state: 'DISABLED', disconnectedNodeAcknowledged: false } });
  for (let round = 0; round < SETTLE_ROUNDS && (await active()).length > 0; round++) await new Promise((resolve) => setTimeout(resolve, SETTLE_MILLIS));
}
