import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AffectedComponentEntity } from '../../server/rest/dto/affected-component.ts';
import type { ParameterContextEntity, ParameterDto } from '../../server/rest/dto/parameter-context.ts';
import type { ParameterContextReferenceEntity } from '../../server/rest/dto/process-group.ts';
import { runToEnd } from './asynchronous.ts';
import { clientId, request, send } from './client.ts';
import { configurationChanged } from './editing.ts';
import type { ProcessGroupEntity } from './shapes.ts';

export type { AffectedComponentEntity } from '../../server/rest/dto/affected-component.ts';
export type { ParameterContextReferenceEntity as ParameterContextReference } from '../../server/rest/dto/process-group.ts';
export type { ParameterContextEntity, ParameterDto } from '../../server/rest/dto/parameter-context.ts';

const CONTEXTS = 'parameter-contexts';
export const contextPath = (id: string): string => `/nifi-api/parameter-contexts/${encodeURIComponent(id)}`;

/** All parameter contexts, by name. */
export function useParameterContexts() {
  return useQuery({
    queryKey: [CONTEXTS, 'list'],
    queryFn: ({ signal }) => request<{ parameterContexts: ParameterContextEntity[] }>('/nifi-api/flow/parameter-contexts', { signal }),
    select: ({ parameterContexts }) => parameterContexts,
    refetchInterval: 3000,
  });
}

/** One context; with `inherited`, also the parameters that it has from others. */
export function useParameterContext(id: string | undefined, inherited = false) {
  return useQuery({
    queryKey: [CONTEXTS, id, inherited],
    queryFn: ({ signal }) => request<ParameterContextEntity>(`${contextPath(id!)}?includeInheritedParameters=${inherited}`, { signal }),
    enabled: id !== undefined,
  });
}

/** Parameters that components refer to and that have no value. */
export const missingIn = ({ component }: ParameterContextEntity): ParameterDto[] =>
  component.parameters
    .map(({ parameter }) => parameter)
    .filter(({ value, referencedAssets, referencingComponents }) => (value === undefined || value === null) && referencedAssets.length === 0 && referencingComponents.length > 0);

/** What a bound context has and lacks, for those who may read it. Kept apart from what is edited, where the states of components must be fresh. */
export function useBoundContext(reference: ParameterContextReferenceEntity | undefined) {
  const id = reference?.permissions.canRead ? reference.id : undefined;
  return useQuery({
    queryKey: [CONTEXTS, 'bound', id],
    queryFn: ({ signal }) => request<ParameterContextEntity>(`${contextPath(id!)}?includeInheritedParameters=true`, { signal }),
    enabled: id !== undefined,
  });
}

/** The context that is bound to a group, if any, with all that it offers. */
export function useGroupParameters(groupId: string | undefined) {
  return useQuery({
    queryKey: [CONTEXTS, 'of group', groupId],
    queryFn: async ({ signal }) => {
      const { component } = await request<ProcessGroupEntity>(`/nifi-api/process-groups/${encodeURIComponent(groupId!)}`, { signal });
      const id = component.parameterContext?.id;
      return id === undefined ? null : await request<ParameterContextEntity>(`${contextPath(id)}?includeInheritedParameters=true`, { signal });
    },
    enabled: groupId !== undefined,
  });
}

export function createContext(body: { readonly name: string; readonly description?: string }): Promise<ParameterContextEntity> {
  return request('/nifi-api/parameter-contexts', { method: 'POST', body: { revision: { version: 0, clientId }, component: body } });
}

export async function deleteContext({ id, revision }: Pick<ParameterContextEntity, 'id' | 'revision'>): Promise<void> {
  await request(`${contextPath(id)}?version=${revision.version}&clientId=${clientId}`, { method: 'DELETE' });
}

/** One parameter as an edit says it. With nothing but its name it is removed. */
export interface ParameterChange {
  readonly name: string;
  readonly description?: string;
  readonly sensitive?: boolean;
  readonly value?: string;
  /** The value is taken away. */
  readonly valueRemoved?: boolean;
  readonly referencedAssets?: readonly { readonly id: string; readonly name: string }[];
}

export interface ContextChange {
  readonly name?: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterChange[];
  readonly inherited?: readonly string[];
}

export interface UpdateStep {
  readonly description: string;
  readonly complete: boolean;
  readonly failureReason?: string;
}

export interface UpdateRequest {
  readonly requestId: string;
  readonly complete: boolean;
  readonly failureReason?: string;
  readonly percentCompleted: number;
  readonly state: string;
  readonly updateSteps: readonly UpdateStep[];
  readonly referencingComponents: readonly AffectedComponentEntity[];
}

interface UpdateEntity {
  readonly request: UpdateRequest;
}

function contextBody({ name, description, parameters, inherited }: ContextChange) {
  return {
    name,
    description,
    parameters: parameters?.map((parameter) => ({ parameter })),
    inheritedParameterContexts: inherited?.map((id) => ({ id, component: { id } })),
  };
}

/** Begins an update; the server stops and restarts what it concerns. */
export async function beginUpdate({ id, revision }: Pick<ParameterContextEntity, 'id' | 'revision'>, change: ContextChange): Promise<UpdateRequest> {
  const body = { revision: { version: revision.version, clientId }, id, component: { id, ...contextBody(change) } };
  return (await request<UpdateEntity>(`${contextPath(id)}/update-requests`, { method: 'POST', body })).request;
}

export async function lookAtUpdate(contextId: string, requestId: string): Promise<UpdateRequest> {
  return (await request<UpdateEntity>(`${contextPath(contextId)}/update-requests/${requestId}`)).request;
}

/** Ends an update that has not changed anything yet, or forgets one that is over. Resolves to what it had done by then. */
export async function endUpdate(contextId: string, requestId: string): Promise<UpdateRequest> {
  return (await request<UpdateEntity>(`${contextPath(contextId)}/update-requests/${requestId}`, { method: 'DELETE' })).request;
}

/** Whether the values are changed already; what comes after only starts again what was stopped. */
export const hasChanged = ({ updateSteps }: UpdateRequest): boolean => updateSteps.some(({ description, complete }) => complete && description.startsWith('Updating'));

const POLL_MILLIS = 200;

/** Runs an update to its end and tells each step. Throws what the server says where it fails, and where it was ended meanwhile. */
export async function runUpdate(
  client: QueryClient,
  context: Pick<ParameterContextEntity, 'id' | 'revision'>,
  change: ContextChange,
  onStep: (update: UpdateRequest) => void = () => undefined,
  isEnded: () => boolean = () => false,
): Promise<void> {
  let update = await beginUpdate(context, change);
  onStep(update);
  while (!update.complete) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    if (isEnded()) throw new Error('The update was cancelled.');
    update = await lookAtUpdate(context.id, update.requestId);
    onStep(update);
  }
  void endUpdate(context.id, update.requestId).catch(() => undefined);
  await configurationChanged(client);
  if (update.failureReason !== undefined) throw new Error(update.failureReason);
}

/** A component that a change concerns, as it would be after it. */
export interface ParameterImpactEntity {
  readonly id: string;
  readonly component: { readonly name: string; readonly currentlyValid: boolean; readonly resultsValid: boolean; readonly resultantValidationErrors: readonly string[] };
}

interface ValidationRequest {
  readonly id: string;
  readonly finished: boolean;
  readonly failureReason?: string;
  readonly componentValidationResults: { readonly validationResults: readonly ParameterImpactEntity[] };
}

/** How components would be if a context had these parameters; nothing is changed. */
export function useValidation(context: ParameterContextEntity, change: ContextChange) {
  const path = `${contextPath(context.id)}/validation-requests`;
  const body = { request: { parameterContext: { id: context.id, ...contextBody({ ...change, parameters: change.parameters && wholeOf(context, change.parameters) }) } } };
  return useQuery({
    queryKey: [CONTEXTS, context.id, 'validation', context.revision.version, change],
    queryFn: async ({ signal }) => {
      const unwrap = ({ request: { requestId, complete, ...rest } }: ValidationEntity): ValidationRequest => ({ ...rest, id: requestId, finished: complete });
      return (await runToEnd(path, unwrap, signal, body)).componentValidationResults.validationResults;
    },
    gcTime: 0,
  });
}

interface ValidationEntity {
  readonly request: Omit<ValidationRequest, 'id' | 'finished'> & { readonly requestId: string; readonly complete: boolean };
}

/** A validation is told all parameters that the context would have, not only those that change; one with a description keeps its value. */
function wholeOf({ component }: ParameterContextEntity, changes: readonly ParameterChange[]): ParameterChange[] {
  const changed = new Set(changes.map(({ name }) => name));
  const kept = component.parameters.filter(({ parameter }) => !parameter.inherited && !changed.has(parameter.name));
  const isRemoval = (change: ParameterChange): boolean => Object.keys(change).length === 1;
  return [...kept.map(({ parameter: { name, description } }) => ({ name, description: description ?? '' })), ...changes.filter((change) => !isRemoval(change))];
}

/** Adds one parameter to a context, on its newest revision. */
export function useAddParameter() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ contextId, parameter }: { contextId: string; parameter: ParameterChange }) => {
      await runUpdate(client, await request<ParameterContextEntity>(contextPath(contextId)), { parameters: [parameter] });
    },
  });
}

/** A file that parameters of a context may refer to. */
export interface AssetDto {
  readonly id: string;
  readonly name: string;
  readonly missingContent: boolean;
}

export function useAssets(contextId: string) {
  return useQuery({
    queryKey: [CONTEXTS, contextId, 'assets'],
    queryFn: ({ signal }) => request<{ assets: { asset: AssetDto }[] }>(`${contextPath(contextId)}/assets`, { signal }),
    select: ({ assets }) => assets.map(({ asset }) => asset),
  });
}

/** Uploads a file; resolves to the asset. */
export async function uploadAsset(contextId: string, file: File): Promise<AssetDto> {
  const response = await send(`${contextPath(contextId)}/assets`, { method: 'POST', file, headers: { Filename: file.name } });
  return ((await response.json()) as { asset: AssetDto }).asset;
}

export async function deleteAsset(contextId: string, id: string): Promise<void> {
  await request(`${contextPath(contextId)}/assets/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

export type Parameter = ParameterDto;
