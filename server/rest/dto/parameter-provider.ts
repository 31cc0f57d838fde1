import type { ParameterProviderNode } from '../../engine/parameter-provider-node.ts';
import type { EntityView } from './common.ts';
import { configuredDto, type ConfiguredDto, type ConfiguredEntity, configuredEntity } from './configured.ts';

export interface ParameterProviderDto extends Omit<ConfiguredDto, 'sensitiveDynamicPropertyNames' | 'supportsSensitiveDynamicProperties'> {
  annotationData?: string;
}

export function parameterProviderEntity(node: ParameterProviderNode, view: EntityView): ConfiguredEntity<ParameterProviderDto> {
  const { sensitiveDynamicPropertyNames: _, supportsSensitiveDynamicProperties: __, ...dto } = configuredDto(node, view);
  return configuredEntity(node, 'parameter-providers', { ...dto, annotationData: node.annotationData }, view);
}
