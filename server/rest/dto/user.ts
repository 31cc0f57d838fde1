import { REQUIRED_PERMISSIONS, type RequiredPermission } from '../../extension/component.ts';
import { type GlobalPath, restrictionResource } from '../authorization/resources.ts';
import { type EntityView, globalPermissions, type PermissionsDto } from './common.ts';
import { requiredPermissionDto, type RequiredPermissionDto } from './type-catalogue.ts';
import { ANONYMOUS } from '../services.ts';

export interface CurrentUserEntity {
  identity: string;
  anonymous: boolean;
  logoutSupported: boolean;
  canVersionFlows: boolean;
  provenancePermissions: PermissionsDto;
  countersPermissions: PermissionsDto;
  tenantsPermissions: PermissionsDto;
  controllerPermissions: PermissionsDto;
  policiesPermissions: PermissionsDto;
  systemPermissions: PermissionsDto;
  parameterContextPermissions: PermissionsDto;
  restrictedComponentsPermissions: PermissionsDto;
  componentRestrictionPermissions: { requiredPermission: RequiredPermissionDto; permissions: PermissionsDto }[];
}

export function currentUserEntity(identity: string, view: EntityView): CurrentUserEntity {
  const on = (path: GlobalPath): PermissionsDto => globalPermissions(path, view);
  return {
    identity,
    anonymous: identity === ANONYMOUS,
    logoutSupported: identity !== ANONYMOUS,
    canVersionFlows: false,
    provenancePermissions: on('/provenance'),
    countersPermissions: on('/counters'),
    tenantsPermissions: on('/tenants'),
    controllerPermissions: on('/controller'),
    policiesPermissions: on('/policies'),
    systemPermissions: on('/system'),
    parameterContextPermissions: on('/parameter-contexts'),
    restrictedComponentsPermissions: on('/restricted-components'),
    componentRestrictionPermissions: (Object.keys(REQUIRED_PERMISSIONS) as RequiredPermission[]).map((id) => ({
      requiredPermission: requiredPermissionDto(id),
      permissions: { canRead: view.rights.may('read', restrictionResource(id)), canWrite: view.rights.may('write', restrictionResource(id)) },
    })),
  };
}
