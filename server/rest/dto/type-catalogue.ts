import type { ComponentType, ControllerServiceType, DefinitionKind, Definitions } from '../../engine/component-types.ts';
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

/** A type in the list of types; of services with the APIs that it fulfils. */
export function documentedTypeDto(kind: ComponentType<Definitions[DefinitionKind]>): DocumentedTypeDto {
  const { type, bundle, definition } = kind;
  const controllerServiceApis = definition.kind === 'controller-service' ? serviceApis({ type, bundle, definition }) : undefined;
  return { type, bundle: bundleDto(bundle), controllerServiceApis, description: definition.description, tags: [...definition.tags], restricted: false };
}

/** The APIs that a type of services fulfils. */
export function serviceApis({ definition, bundle }: ControllerServiceType): ServiceApiDto[] {
  return definition.provides.map((contract) => ({ type: contract.type, bundle: contractBundle(contract, bundle) }));
}
