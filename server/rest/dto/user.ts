import type { PermissionsDto } from './common.ts';
import { permissions } from './common.ts';
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

export function currentUserEntity(identity: string): CurrentUserEntity {
  const all = permissions();
  return {
    identity,
    anonymous: identity === ANONYMOUS,
    logoutSupported: identity !== ANONYMOUS,
    canVersionFlows: false,
    provenancePermissions: all,
    countersPermissions: all,
    tenantsPermissions: all,
    controllerPermissions: all,
    policiesPermissions: all,
    systemPermissions: all,
    parameterContextPermissions: all,
    restrictedComponentsPermissions: all,
    componentRestrictionPermissions: [],
  };
}
