import type { GroupRecord, UserRecord } from '../authorization/access-control.ts';
import { type EntityView, globalPermissions, type PermissionsDto, revisionDto, type RevisionDto } from './common.ts';

export interface TenantDto {
  id: string;
  identity: string;
  configurable: boolean;
}

/** The entity of a user, group or policy. */
export interface AccessEntity<C> {
  id: string;
  uri?: string;
  revision: RevisionDto;
  permissions: PermissionsDto;
  component?: C;
}

export type TenantEntity = AccessEntity<TenantDto>;

/** A user or group as others name it; the name is for those who may read tenants. */
export function tenantEntity({ id, identity, revision }: UserRecord | GroupRecord, view: EntityView): TenantEntity {
  const permissions = globalPermissions('/tenants', view);
  const component = permissions.canRead ? { id, identity, configurable: true } : undefined;
  return { id, revision: revisionDto(revision), permissions, component };
}
