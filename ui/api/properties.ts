import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ExpressionFunctionDto } from '../../server/rest/dto/expression-function.ts';
import type { DocumentedTypeDto } from '../../server/rest/dto/type-catalogue.ts';
import { clientId, request } from './client.ts';
import type { ConnectionEntity, ControllerServiceEntity, PropertyDescriptorDto } from './shapes.ts';

export type { DocumentedTypeDto } from '../../server/rest/dto/type-catalogue.ts';

const NEVER_OLD = { staleTime: Number.POSITIVE_INFINITY } as const;

/** What the Expression Language offers. */
export function useExpressionFunctions() {
  return useQuery({
    queryKey: ['expression-functions'],
    queryFn: ({ signal }) => request<{ functions: readonly ExpressionFunctionDto[] }>('/api/expression-functions', { signal }),
    select: ({ functions }) => functions,
    ...NEVER_OLD,
  });
}

/** Asks what the server says of properties that are not stored. */
export function useProposedProblems(id: string, properties: Readonly<Record<string, string | null>>, sensitive: readonly string[] | undefined, enabled: boolean) {
  return useQuery({
    queryKey: ['proposed-problems', id, properties, sensitive],
    queryFn: async ({ signal }) => {
      const body = { properties, sensitiveDynamicPropertyNames: sensitive };
      const { validationErrors } = await request<{ validationErrors: readonly string[] }>(`/api/components/${encodeURIComponent(id)}/validation`, { method: 'POST', body, signal });
      return validationErrors;
    },
    enabled,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
}

/** The descriptor of a property that somebody adds. */
export async function fetchDescriptor(path: string, name: string, sensitive: boolean): Promise<PropertyDescriptorDto> {
  const query = new URLSearchParams({ propertyName: name, sensitive: String(sensitive) });
  const { propertyDescriptor } = await request<{ propertyDescriptor: PropertyDescriptorDto }>(`${path}/descriptors?${query}`);
  return { ...propertyDescriptor, sensitive: propertyDescriptor.sensitive || sensitive };
}

/** One step of a test of a configuration. */
export interface VerificationStep {
  readonly verificationStepName: string;
  readonly outcome: 'SUCCESSFUL' | 'FAILED' | 'SKIPPED';
  readonly explanation: string;
  readonly preview?: readonly Readonly<Record<string, unknown>>[];
}

interface VerificationEntity {
  readonly request: { readonly requestId: string; readonly complete: boolean; readonly failureReason?: string; readonly results?: readonly VerificationStep[] };
}

const POLL_MILLIS = 150;

/** Tests a configuration that need not be stored. Throws where the test itself cannot be made. */
export async function verify(
  path: string,
  id: string,
  properties: Readonly<Record<string, string | null>>,
  attributes: Readonly<Record<string, string>> = {},
): Promise<readonly VerificationStep[]> {
  const requests = `${path}/config/verification-requests`;
  let entity = await request<VerificationEntity>(requests, { method: 'POST', body: { request: { componentId: id, properties, attributes } } });
  const own = `${requests}/${entity.request.requestId}`;
  while (!entity.request.complete) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    entity = await request<VerificationEntity>(own);
  }
  void request(own, { method: 'DELETE' }).catch(() => undefined);
  if (entity.request.failureReason !== undefined) throw new Error(entity.request.failureReason);
  return entity.request.results ?? [];
}

/** The API that a service must fulfil. */
export interface ServiceApi {
  readonly type: string;
  readonly bundle: { readonly group: string; readonly artifact: string; readonly version: string };
}

/** Types of controller services: all, or those that fulfil an API. */
export function useServiceTypes(api?: ServiceApi) {
  const query = api
    ? `?${new URLSearchParams({ serviceType: api.type, serviceBundleGroup: api.bundle.group, serviceBundleArtifact: api.bundle.artifact, serviceBundleVersion: api.bundle.version })}`
    : '';
  return useQuery({
    queryKey: ['service-types', api?.type],
    queryFn: ({ signal }) => request<{ controllerServiceTypes: DocumentedTypeDto[] }>(`/nifi-api/flow/controller-service-types${query}`, { signal }),
    select: ({ controllerServiceTypes }) => controllerServiceTypes,
    ...NEVER_OLD,
  });
}

/** Makes a service in a group; without a group, in the controller. */
export function createService(groupId: string | undefined, { type, bundle }: Pick<DocumentedTypeDto, 'type' | 'bundle'>, name?: string): Promise<ControllerServiceEntity> {
  const path = groupId === undefined ? '/nifi-api/controller/controller-services' : `/nifi-api/process-groups/${encodeURIComponent(groupId)}/controller-services`;
  return request(path, { method: 'POST', body: { revision: { version: 0, clientId }, component: { type, bundle, name } } });
}

/** Names of attributes that FlowFiles which wait before a processor have. */
export function useIncomingAttributes(groupId: string | undefined, componentId: string) {
  return useQuery({
    queryKey: ['incoming-attributes', componentId],
    queryFn: async ({ signal }) => {
      const { connections } = await request<{ connections: ConnectionEntity[] }>(`/nifi-api/process-groups/${encodeURIComponent(groupId!)}/connections`, { signal });
      const incoming = connections.filter(({ destinationId }) => destinationId === componentId);
      const peeks = await Promise.all(
        incoming.map(({ id }) => request<{ peek: { flowFiles: { attributes: Record<string, string> }[] } }>(`/api/connections/${id}/peek`, { signal })),
      );
      return [...new Set(peeks.flatMap(({ peek }) => peek.flowFiles.flatMap(({ attributes }) => Object.keys(attributes))))];
    },
    enabled: groupId !== undefined,
    ...NEVER_OLD,
    gcTime: 0,
  });
}
