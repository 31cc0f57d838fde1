import type { ControllerServiceNode, ServiceState, ServiceUser } from '../../engine/controller-service-node.ts';
import {
  asSeen,
  bulletinsOf,
  type BulletinEntity,
  type BundleDto,
  type EntityView,
  operatePermissions,
  permissions,
  type PermissionsDto,
  revisionDto,
  type RevisionDto,
} from './common.ts';
import { configuredDto, type ConfiguredDto, type ConfiguredEntity, configuredEntity } from './configured.ts';
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
  referenceType: (typeof REFERENCE_TYPES)[keyof typeof REFERENCE_TYPES];
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

export interface ControllerServiceDto extends ConfiguredDto {
  parentGroupId?: string;
  controllerServiceApis: ServiceApiDto[];
  state: ServiceState;
  bulletinLevel: string;
  referencingComponents: ServiceReferenceEntity[];
}

export interface ControllerServiceEntity extends ConfiguredEntity<ControllerServiceDto> {
  parentGroupId?: string;
  status: { runStatus: ServiceState; validationStatus: string; activeThreadCount: number };
}

/** Who uses a service, and who uses those; a service that uses itself through others is listed once. */
export function referencingComponents(service: ControllerServiceNode, view: EntityView, path: readonly string[] = []): ServiceReferenceEntity[] {
  return service.users().map((user) => referenceEntity(user, view, [...path, service.id]));
}

const REFERENCE_TYPES = {
  PROCESSOR: 'Processor',
  CONTROLLER_SERVICE: 'ControllerService',
  REPORTING_TASK: 'ReportingTask',
  PARAMETER_PROVIDER: 'ParameterProvider',
  FLOW_ANALYSIS_RULE: 'FlowAnalysisRule',
  FLOW_REGISTRY_CLIENT: 'FlowRegistryClient',
} as const;

function referenceEntity(user: ServiceUser, view: EntityView, path: readonly string[]): ServiceReferenceEntity {
  const { id, name, revision, group, state, validationErrors } = user;
  const referenceCycle = path.includes(id);
  const nested = user.kind === 'CONTROLLER_SERVICE' && !referenceCycle ? referencingComponents(user, view, path) : [];
  const entity: ServiceReferenceEntity = {
    id,
    revision: revisionDto(revision),
    permissions: permissions(user, view),
    operatePermissions: operatePermissions(user, view),
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
      referenceType: REFERENCE_TYPES[user.kind],
      ...(user.kind === 'PROCESSOR' ? { activeThreadCount: user.activeThreadCount } : {}),
      ...(user.kind === 'CONTROLLER_SERVICE' ? { referenceCycle, referencingComponents: nested } : {}),
    },
  };
  return asSeen(entity, user, view);
}

export function controllerServiceDto(service: ControllerServiceNode, view: EntityView): ControllerServiceDto {
  const { group, bundle, definition, state, bulletinLevel } = service;
  return {
    ...configuredDto(service, view),
    parentGroupId: group?.id,
    state,
    bulletinLevel,
    controllerServiceApis: (definition?.provides ?? []).map((contract) => ({ type: contract.type, bundle: contractBundle(contract, bundle) })),
    referencingComponents: referencingComponents(service, view),
  };
}

export function controllerServiceEntity(service: ControllerServiceNode, view: EntityView): ControllerServiceEntity {
  const component = controllerServiceDto(service, view);
  return {
    ...configuredEntity(service, 'controller-services', component, view),
    parentGroupId: component.parentGroupId,
    status: { runStatus: component.state, validationStatus: component.validationStatus, activeThreadCount: 0 },
  };
}
