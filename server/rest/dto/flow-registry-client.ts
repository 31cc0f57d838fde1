import type { FlowRegistryClientNode } from '../../engine/flow-registry-client-node.ts';
import type { EntityView } from './common.ts';
import { configuredDto, type ConfiguredDto, type ConfiguredEntity, configuredEntity } from './configured.ts';

export interface FlowRegistryClientDto extends Omit<ConfiguredDto, 'comments' | 'persistsState' | 'versionedComponentId'> {
  description: string;
  supportsBranching: boolean;
  annotationData?: string;
}

export function flowRegistryClientEntity(node: FlowRegistryClientNode, view: EntityView): ConfiguredEntity<FlowRegistryClientDto> {
  const { comments: description, persistsState: _, versionedComponentId: __, ...dto } = configuredDto(node, view);
  const component = { ...dto, description, annotationData: node.annotationData, supportsBranching: node.definition?.supportsBranching ?? false };
  return configuredEntity(node, 'controller/registry-clients', component, view);
}
