import type { GlobalPath } from '../authorization/resources.ts';
import { type EntityView, globalPermissions, type PermissionsDto } from './common.ts';
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
  componentRestrictionPermissions: never[];
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
    componentRestrictionPermissions: [],
  };
}
