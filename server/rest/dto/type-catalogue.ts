import type { ComponentDeclaration } from '../../extension/component.ts';
import type { PropertyMap } from '../../extension/property.ts';
import type { ComponentType, ControllerServiceType } from '../../engine/component-types.ts';
import { bundleDto, type BundleDto } from './common.ts';
import type { ServiceApiDto } from './controller-service.ts';
import { contractBundle } from './descriptor.ts';

export interface DocumentedTypeDto {
  type: string;
  bundle: BundleDto;
  controllerServiceApis?: ServiceApiDto[];
  description: string;
  tags: string[];
  restricted: boolean;
}

/** A type in the list of types. */
export function documentedTypeDto({ type, bundle, definition }: ComponentType<ComponentDeclaration<PropertyMap>>): DocumentedTypeDto {
  return { type, bundle: bundleDto(bundle), description: definition.description, tags: [...definition.tags], restricted: false };
}

/** The APIs that a type of services fulfils. */
export function serviceApis({ definition, bundle }: ControllerServiceType): ServiceApiDto[] {
  return definition.provides.map((contract) => ({ type: contract.type, bundle: contractBundle(contract, bundle) }));
}

export function documentedServiceDto(type: ControllerServiceType): DocumentedTypeDto {
  return { ...documentedTypeDto(type), controllerServiceApis: serviceApis(type) };
}
