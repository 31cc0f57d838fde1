import type { FlowController } from '../../engine/flow-controller.ts';
import type { EffectiveParameter, ParameterContext } from '../../engine/parameter-context.ts';
import { referencing } from '../../engine/parameter-impact.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import { affectedComponentEntity, type AffectedComponentEntity } from './affected-component.ts';
import { asSeen, baseEntity, type ComponentEntity, type EntityView, globalPermissions, permissions, type PermissionsDto, revisionDto, shownName } from './common.ts';
import { MASK } from './descriptor.ts';
import { parameterContextReference, type ParameterContextReferenceEntity } from './process-group.ts';

export interface ParameterDto {
  name: string;
  description: string;
  sensitive: boolean;
  value?: string;
  provided: boolean;
  inherited: boolean;
  referencedAssets: { id: string; name: string }[];
  referencingComponents: AffectedComponentEntity[];
  parameterContext?: ParameterContextReferenceEntity;
}

export interface BoundGroupEntity {
  id: string;
  uri: string;
  revision: { version: number };
  permissions: PermissionsDto;
  component: { id: string; name: string; parentGroupId?: string };
}

export interface ParameterContextDto {
  id: string;
  name: string;
  description: string;
  parameters: { canWrite: boolean; parameter: ParameterDto }[];
  boundProcessGroups: BoundGroupEntity[];
  inheritedParameterContexts: ParameterContextReferenceEntity[];
  parameterProviderConfiguration?: ProviderConfigurationEntity;
}

/** The parameter provider that the parameters of a context come from. */
export interface ProviderConfigurationEntity {
  id: string;
  permissions: PermissionsDto;
  component: { parameterProviderId: string; parameterProviderName: string; parameterGroupName: string; synchronized: boolean };
}

export interface ParameterContextEntity extends ComponentEntity {
  component: ParameterContextDto;
}

function parameterDto(flow: FlowController, { parameter, context }: EffectiveParameter, seenFrom: ParameterContext, view: EntityView): ParameterDto {
  const { name, description, sensitive, value, provided, assets } = parameter;
  return {
    name,
    description,
    sensitive,
    provided,
    value: sensitive && value !== undefined ? MASK : value,
    inherited: context !== seenFrom,
    referencedAssets: assets.map((asset) => ({ id: asset.id, name: asset.name })),
    referencingComponents: referencing(flow, seenFrom, name).map((node) => affectedComponentEntity(node, view)),
    parameterContext: parameterContextReference(context, view),
  };
}

function boundGroup(bound: ProcessGroup, view: EntityView): BoundGroupEntity {
  const { id, name, group, revision } = bound;
  const entity = {
    id,
    uri: `${view.base}/process-groups/${id}`,
    revision: revisionDto(revision),
    permissions: permissions(bound, view),
    component: { id, name, parentGroupId: group?.id },
  };
  return asSeen(entity, bound, view);
}

/** Its own parameters, or with `inherited` all that it offers; by name. */
export function parameterContextDto(flow: FlowController, context: ParameterContext, view: EntityView, inherited: boolean): ParameterContextDto {
  const own = [...context.parameters.values()].map((parameter) => ({ parameter, context }));
  const parameters = inherited ? [...context.effective().values()] : own;
  return {
    id: context.id,
    name: context.name,
    description: context.description,
    parameters: parameters
      .sort((a, b) => (a.parameter.name < b.parameter.name ? -1 : 1))
      .map((each) => ({ canWrite: !each.parameter.provided, parameter: parameterDto(flow, each, context, view) })),
    boundProcessGroups: flow.boundGroups(context).map((group) => boundGroup(group, view)),
    inheritedParameterContexts: context.inherited.map((each) => parameterContextReference(each, view)!),
    parameterProviderConfiguration: providerConfiguration(flow, context, view),
  };
}

function providerConfiguration(flow: FlowController, { provision }: ParameterContext, view: EntityView): ProviderConfigurationEntity | undefined {
  if (!provision) return undefined;
  const { providerId, group, synchronized } = provision;
  const provider = flow.find(providerId);
  const parameterProviderName = provider ? shownName(provider, view) : providerId;
  return {
    id: providerId,
    permissions: provider ? permissions(provider, view) : globalPermissions('/controller', view),
    component: { parameterProviderId: providerId, parameterProviderName, parameterGroupName: group, synchronized },
  };
}

export function parameterContextEntity(flow: FlowController, context: ParameterContext, view: EntityView, inherited = false): ParameterContextEntity {
  return asSeen({ ...baseEntity(context, 'parameter-contexts', view), position: undefined, component: parameterContextDto(flow, context, view, inherited) }, context, view);
}
