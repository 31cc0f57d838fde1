import type { FlowController } from '../../engine/flow-controller.ts';
import type { AccessControl, Action, PolicyRecord } from '../authorization/access-control.ts';
import { namedResource } from '../authorization/resource-paths.ts';
import { type EntityView, permissions, type PermissionsDto, revisionDto, type RevisionDto, shownName } from './common.ts';
import { tenantEntity, type TenantEntity } from './tenant.ts';

export interface PolicyDto {
  id: string;
  resource: string;
  action: Action;
  configurable: boolean;
  /** Of policies about a component. */
  componentReference?: { id: string; parentGroupId?: string; permissions: PermissionsDto; component?: { id: string; parentGroupId?: string; name: string } };
  users: TenantEntity[];
  userGroups: TenantEntity[];
}

export interface PolicyEntity {
  id: string;
  uri: string;
  generated: string;
  revision: RevisionDto;
  permissions: PermissionsDto;
  component: PolicyDto;
}

/** The component that a resource ends in. */
function componentReference(resource: string, view: EntityView): PolicyDto['componentReference'] {
  const component = view.find(resource.slice(resource.lastIndexOf('/') + 1));
  if (!component) return undefined;
  const { id, group } = component;
  const rights = permissions(component, view);
  const place = { id, parentGroupId: group?.id };
  return { ...place, permissions: rights, component: rights.canRead ? { ...place, name: shownName(component, view) } : undefined };
}

export function policyDto({ id, resource, action, users, groups }: PolicyRecord, control: AccessControl, view: EntityView): PolicyDto {
  return {
    id,
    resource,
    action,
    configurable: true,
    componentReference: componentReference(resource, view),
    users: users.map((user) => tenantEntity(control.user(user), view)),
    userGroups: groups.map((group) => tenantEntity(control.group(group), view)),
  };
}

export function policyEntity(policy: PolicyRecord, control: AccessControl, flow: FlowController, view: EntityView): PolicyEntity {
  const { policies } = namedResource(flow, policy.resource);
  return {
    id: policy.id,
    uri: `${view.base}/policies/${policy.id}`,
    generated: view.refreshed,
    revision: revisionDto(policy.revision),
    permissions: { canRead: view.rights.may('read', policies), canWrite: view.rights.may('write', policies) },
    component: policyDto(policy, control, view),
  };
}
