import { useQuery } from '@tanstack/react-query';
import type { ConfiguredDto } from '../../server/rest/dto/configured.ts';
import type { ParameterProviderDto } from '../../server/rest/dto/parameter-provider.ts';
import { clientId, request } from './client.ts';
import type { Editable } from './editing.ts';
import type { UpdateRequest } from './parameters.ts';
import type { DocumentedTypeDto } from './properties.ts';

export type { GroupConfigurationDto } from '../../server/rest/dto/parameter-provider.ts';

/** What the kinds outside of groups say, in so far as they are shown alike. */
export type ControllerLevelDto = Partial<ConfiguredDto> &
  Pick<ConfiguredDto, 'id' | 'name' | 'type' | 'bundle' | 'validationStatus'> & {
    readonly description?: string;
    readonly state?: string;
    readonly schedulingStrategy?: string;
    readonly schedulingPeriod?: string;
    readonly enforcementPolicy?: string;
  };
export type ControllerLevelEntity = Editable<ControllerLevelDto>;
export type ProviderEntity = Editable<ParameterProviderDto>;

const KEY = 'editable';

/** The components of a kind, by name. */
export function useControllerLevel([path, field]: readonly [path: string, field: string]) {
  return useQuery({
    queryKey: [KEY, 'list', path],
    queryFn: async ({ signal }) => (await request<Record<string, ControllerLevelEntity[]>>(path, { signal }))[field] ?? [],
    select: (entities) => [...entities].sort((a, b) => a.component.name.localeCompare(b.component.name)),
    refetchInterval: 2000,
  });
}

/** The types of a kind. */
export function useControllerLevelTypes([path, field]: readonly [path: string, field: string]) {
  return useQuery({
    queryKey: ['types', path],
    queryFn: async ({ signal }) => (await request<Record<string, DocumentedTypeDto[]>>(path, { signal }))[field] ?? [],
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function createControllerLevel(path: string, { type, bundle }: Pick<DocumentedTypeDto, 'type' | 'bundle'>, name: string | undefined): Promise<ControllerLevelEntity> {
  return request(path, { method: 'POST', body: { revision: { version: 0, clientId }, component: { type, bundle, name } } });
}

export async function deleteControllerLevel(path: string, { id, revision }: Pick<Editable, 'id' | 'revision'>): Promise<void> {
  await request(`${path}/${encodeURIComponent(id)}?version=${revision.version}&clientId=${clientId}`, { method: 'DELETE' });
}

export async function setControllerLevelState(path: string, { id, revision }: Pick<Editable, 'id' | 'revision'>, state: string): Promise<void> {
  await request(`${path}/${encodeURIComponent(id)}/run-status`, { method: 'PUT', body: { revision: { version: revision.version, clientId }, state } });
}

const providerPath = (id: string): string => `/nifi-api/parameter-providers/${encodeURIComponent(id)}`;

/** Fetches parameters from where a provider has them. Values stay on the server. */
export async function fetchParameters(id: string): Promise<ProviderEntity> {
  const { revision } = await request<ProviderEntity>(providerPath(id));
  return request(`${providerPath(id)}/parameters/fetch-requests`, { method: 'POST', body: { id, revision: { version: revision.version, clientId } } });
}

const POLL_MILLIS = 200;

/** Writes what was fetched into parameter contexts, and tells each step. Throws what the server says where it fails. */
export async function applyParameters(id: string, groups: readonly object[], onStep: (update: UpdateRequest) => void): Promise<void> {
  const { revision } = await request<ProviderEntity>(providerPath(id));
  const requests = `${providerPath(id)}/apply-parameters-requests`;
  const body = { id, revision: { version: revision.version, clientId }, parameterGroupConfigurations: groups };
  let { request: update } = await request<{ request: UpdateRequest }>(requests, { method: 'POST', body });
  onStep(update);
  while (!update.complete) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    ({ request: update } = await request<{ request: UpdateRequest }>(`${requests}/${update.requestId}`));
    onStep(update);
  }
  void request(`${requests}/${update.requestId}`, { method: 'DELETE' }).catch(() => undefined);
  if (update.failureReason !== undefined) throw new Error(update.failureReason);
}
