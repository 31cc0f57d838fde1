import type { ControllerServiceNode, ServiceState } from '../../engine/controller-service-node.ts';
import type { ProcessorNode } from '../../engine/processor-node.ts';
import {
  baseEntity,
  bulletinsOf,
  type BulletinEntity,
  bundleDto,
  type BundleDto,
  type ComponentEntity,
  type EntityView,
  permissions,
  type PermissionsDto,
  revisionDto,
  type RevisionDto,
} from './common.ts';
import { contractBundle, descriptorDtos, type PropertyDescriptorDto, propertyTexts } from './descriptor.ts';
import { serviceChoices } from './service-choices.ts';

export interface ServiceApiDto {
  type: string;
  bundle: BundleDto;
}

export interface ServiceReferenceDto {
  id: string;
  groupId?: string;
  name: string;
  type: string;
  state: string;
  referenceType: 'Processor' | 'ControllerService';
  properties: Record<string, string | null>;
  descriptors: Record<string, PropertyDescriptorDto>;
  validationErrors: string[];
  activeThreadCount?: number;
  referenceCycle?: boolean;
  referencingComponents?: ServiceReferenceEntity[];
}

export interface ServiceReferenceEntity {
  id: string;
  revision: RevisionDto;
  permissions: PermissionsDto;
  operatePermissions: PermissionsDto;
  bulletins: BulletinEntity[];
  component: ServiceReferenceDto;
}

export interface ControllerServiceDto {
  id: string;
  parentGroupId?: string;
  versionedComponentId?: string;
  name: string;
  comments: string;
  type: string;
  bundle: BundleDto;
  controllerServiceApis: ServiceApiDto[];
  state: ServiceState;
  bulletinLevel: string;
  persistsState: boolean;
  restricted: boolean;
  deprecated: boolean;
  multipleVersionsAvailable: boolean;
  supportsSensitiveDynamicProperties: boolean;
  extensionMissing: boolean;
  properties?: Record<string, string | null>;
  descriptors?: Record<string, PropertyDescriptorDto>;
  sensitiveDynamicPropertyNames: string[];
  referencingComponents: ServiceReferenceEntity[];
  validationErrors?: string[];
  validationStatus: 'VALID' | 'INVALID' | 'VALIDATING';
}

export interface ControllerServiceEntity extends ComponentEntity {
  parentGroupId?: string;
  component: ControllerServiceDto;
  operatePermissions: PermissionsDto;
  status: { runStatus: ServiceState; validationStatus: string; activeThreadCount: number };
}

/** Who uses a service, and who uses those; a service that uses itself through others is listed once. */
export function referencingComponents(service: ControllerServiceNode, view: EntityView, path: readonly string[] = []): ServiceReferenceEntity[] {
  return service.users().map((user) => referenceEntity(user, view, [...path, service.id]));
}

function referenceEntity(user: ProcessorNode | ControllerServiceNode, view: EntityView, path: readonly string[]): ServiceReferenceEntity {
  const { id, name, revision, group, state, validationErrors } = user;
  const referenceCycle = path.includes(id);
  const nested = user.kind === 'CONTROLLER_SERVICE' && !referenceCycle ? referencingComponents(user, view, path) : [];
  return {
    id,
    revision: revisionDto(revision),
    permissions: permissions(),
    operatePermissions: permissions(),
    bulletins: bulletinsOf(id, view),
    component: {
      id,
      name,
      groupId: group?.id,
      type: user.type,
      state,
      validationErrors: [...validationErrors],
      properties: propertyTexts(user),
      descriptors: descriptorDtos(user, serviceChoices(group, view)),
      ...(user.kind === 'PROCESSOR'
        ? { referenceType: 'Processor', activeThreadCount: user.activeThreadCount }
        : { referenceType: 'ControllerService', referenceCycle, referencingComponents: nested }),
    },
  };
}

export function controllerServiceDto(service: ControllerServiceNode, view: EntityView): ControllerServiceDto {
  const { id, group, name, comments, type, bundle, definition, state, bulletinLevel, isValid } = service;
  const configuration = { properties: propertyTexts(service), descriptors: descriptorDtos(service, serviceChoices(group, view)) };
  return {
    id,
    parentGroupId: group?.id,
    versionedComponentId: service.versionedId,
    name,
    comments,
    type,
    bundle: bundleDto(bundle),
    state,
    bulletinLevel,
    controllerServiceApis: (definition?.provides ?? []).map((contract) => ({ type: contract.type, bundle: contractBundle(contract, bundle) })),
    persistsState: definition?.stateful !== undefined,
    restricted: false,
    deprecated: false,
    multipleVersionsAvailable: false,
    supportsSensitiveDynamicProperties: definition?.dynamicProperties !== undefined,
    extensionMissing: service.isGhost,
    ...(view.uiOnly ? {} : configuration),
    sensitiveDynamicPropertyNames: [...service.properties.sensitiveDynamic],
    referencingComponents: referencingComponents(service, view),
    validationErrors: isValid ? undefined : [...service.validationErrors],
    validationStatus: isValid ? 'VALID' : 'INVALID',
  };
}

export function controllerServiceEntity(service: ControllerServiceNode, view: EntityView): ControllerServiceEntity {
  const component = controllerServiceDto(service, view);
  return {
    ...baseEntity(service, 'controller-services', view),
    bulletins: bulletinsOf(service.id, view),
    position: undefined,
    parentGroupId: component.parentGroupId,
    component,
    operatePermissions: permissions(),
    status: { runStatus: component.state, validationStatus: component.validationStatus, activeThreadCount: 0 },
  };
}
