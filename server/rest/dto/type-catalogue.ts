import { REQUIRED_PERMISSIONS, type RequiredPermission } from '../../extension/component.ts';
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
  explicitRestrictions?: { requiredPermission: RequiredPermissionDto; explanation: string }[];
}

export interface RequiredPermissionDto {
  id: string;
  label: string;
}

export function requiredPermissionDto(id: RequiredPermission): RequiredPermissionDto {
  return { id, label: REQUIRED_PERMISSIONS[id] };
}

/** A type in the list of types; of services with the APIs that it fulfils. */
export function documentedTypeDto(kind: ComponentType<Definitions[DefinitionKind]>): DocumentedTypeDto {
  const { type, bundle, definition } = kind;
  const controllerServiceApis = definition.kind === 'controller-service' ? serviceApis({ type, bundle, definition }) : undefined;
  const { description, tags, restrictions } = definition;
  const explicitRestrictions =
    restrictions && Object.entries(restrictions).map(([id, explanation]) => ({ requiredPermission: requiredPermissionDto(id as RequiredPermission), explanation }));
  return { type, bundle: bundleDto(bundle), controllerServiceApis, description, tags: [...tags], restricted: restrictions !== undefined, explicitRestrictions };
}

/** The APIs that a type of services fulfils. */
export function serviceApis({ definition, bundle }: ControllerServiceType): ServiceApiDto[] {
  return definition.provides.map((contract) => ({ type: contract.type, bundle: contractBundle(contract, bundle) }));
}
