import type { AccessControl, GroupRecord, PolicyRecord, UserRecord } from '../authorization/access-control.ts';
import { type EntityView, globalPermissions, revisionDto } from './common.ts';
import { policyDto, type PolicyDto } from './policy.ts';
import { type AccessEntity, type TenantDto, tenantEntity, type TenantEntity } from './tenant.ts';

type PolicySummaryEntity = AccessEntity<Omit<PolicyDto, 'users' | 'userGroups'>>;
export type UserEntity = AccessEntity<TenantDto & { userGroups: TenantEntity[]; accessPolicies: PolicySummaryEntity[] }>;
export type UserGroupEntity = AccessEntity<TenantDto & { users: TenantEntity[]; accessPolicies: PolicySummaryEntity[] }>;

/** Policies that name a user or group, directly or through one of the groups. */
function policiesOf(tenants: readonly string[], control: AccessControl, view: EntityView): PolicySummaryEntity[] {
  const named = ({ users, groups }: PolicyRecord): boolean => [...users, ...groups].some((id) => tenants.includes(id));
  return control
    .policies()
    .filter(named)
    .map((policy) => {
      const { users: _, userGroups: __, ...component } = policyDto(policy, control, view);
      return { id: policy.id, revision: revisionDto(policy.revision), permissions: globalPermissions('/policies', view), component };
    });
}

export function userEntity(user: UserRecord, control: AccessControl, view: EntityView): UserEntity {
  const { id, identity, revision, groups } = user;
  return {
    id,
    uri: `${view.base}/tenants/users/${id}`,
    revision: revisionDto(revision),
    permissions: globalPermissions('/tenants', view),
    component: {
      id,
      identity,
      configurable: true,
      userGroups: groups.map((group) => tenantEntity(control.group(group), view)),
      accessPolicies: policiesOf([id, ...groups], control, view),
    },
  };
}

export function userGroupEntity(group: GroupRecord, control: AccessControl, view: EntityView): UserGroupEntity {
  const { id, identity, revision, users } = group;
  return {
    id,
    uri: `${view.base}/tenants/user-groups/${id}`,
    revision: revisionDto(revision),
    permissions: globalPermissions('/tenants', view),
    component: { id, identity, configurable: true, users: users.map((user) => tenantEntity(control.user(user), view)), accessPolicies: policiesOf([id], control, view) },
  };
}
