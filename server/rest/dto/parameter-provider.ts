import type { FlowController } from '../../engine/flow-controller.ts';
import type { ParameterProviderNode } from '../../engine/parameter-provider-node.ts';
import { affectedByProvider, boundContexts, configurations, parameterStatus, type ParameterStatus } from '../../engine/parameter-provision.ts';
import { affectedComponentEntity, type AffectedComponentEntity } from './affected-component.ts';
import { asSeen, baseEntity, bulletinsOf, type ComponentEntity, type EntityView } from './common.ts';
import { configuredDto, type ConfiguredDto, type ConfiguredEntity, configuredEntity } from './configured.ts';
import { parameterContextReference, type ParameterContextReferenceEntity } from './process-group.ts';

export interface GroupConfigurationDto {
  groupName: string;
  parameterContextName: string;
  parameterSensitivities: Record<string, 'SENSITIVE' | 'NON_SENSITIVE'>;
  synchronized: boolean;
}

export interface ParameterStatusDto {
  parameter: { canWrite: boolean; parameter: { name: string; provided: boolean; sensitive: boolean; description?: string; parameterContext?: ParameterContextReferenceEntity } };
  status: ParameterStatus['status'];
}

export interface ReferencingContextEntity extends ComponentEntity {
  component: { id: string; name: string };
}

export interface ParameterProviderDto extends Omit<ConfiguredDto, 'sensitiveDynamicPropertyNames' | 'supportsSensitiveDynamicProperties'> {
  annotationData?: string;
  parameterGroupConfigurations: GroupConfigurationDto[];
  parameterStatus: ParameterStatusDto[];
  referencingParameterContexts: ReferencingContextEntity[];
  affectedComponents: AffectedComponentEntity[];
}

export function referencingContexts(flow: FlowController, node: ParameterProviderNode, view: EntityView): ReferencingContextEntity[] {
  return boundContexts(flow, node).map((context) => {
    const entity = {
      ...baseEntity(context, 'parameter-contexts', view),
      position: undefined,
      bulletins: bulletinsOf(context.id, view),
      component: { id: context.id, name: context.name },
    };
    return asSeen(entity, context, view);
  });
}

/** Values that were fetched are never shown: they are only counted and compared. */
function statusDto({ context, name, status }: ParameterStatus, view: EntityView): ParameterStatusDto {
  const parameter = context.parameters.get(name);
  const { sensitive = true, description } = parameter ?? {};
  return { status, parameter: { canWrite: false, parameter: { name, description, sensitive, provided: true, parameterContext: parameterContextReference(context, view) } } };
}

export function parameterProviderDto(flow: FlowController, node: ParameterProviderNode, view: EntityView): ParameterProviderDto {
  const { sensitiveDynamicPropertyNames: _, supportsSensitiveDynamicProperties: __, ...dto } = configuredDto(node, view);
  return {
    ...dto,
    annotationData: node.annotationData,
    parameterGroupConfigurations: configurations(flow, node).map(({ group, context, sensitive, synchronized }) => ({
      groupName: group,
      parameterContextName: context,
      parameterSensitivities: Object.fromEntries([...sensitive].map(([name, isSensitive]) => [name, isSensitive ? 'SENSITIVE' : 'NON_SENSITIVE'])),
      synchronized,
    })),
    parameterStatus: parameterStatus(flow, node).map((status) => statusDto(status, view)),
    referencingParameterContexts: referencingContexts(flow, node, view),
    affectedComponents: affectedByProvider(flow, node).map((component) => affectedComponentEntity(component, view)),
  };
}

/** Nobody starts or stops a provider, so it knows no permission to operate. */
export function parameterProviderEntity(flow: FlowController, node: ParameterProviderNode, view: EntityView): Omit<ConfiguredEntity<ParameterProviderDto>, 'operatePermissions'> {
  const { operatePermissions: _, ...entity } = configuredEntity(node, 'parameter-providers', parameterProviderDto(flow, node, view), view);
  return entity;
}
