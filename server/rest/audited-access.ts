import type { RevisionClaim } from '../engine/component.ts';
import type { AccessControl } from './authorization/access-control.ts';

type Note = (claim: RevisionClaim, entry: { event: string; kind: string; id: string; before?: object; after?: object }) => void;

/** The same access control; what its edits did is told. */
export function audited(access: AccessControl, note: Note): AccessControl {
  const made = <R extends { id: string }>(kind: string, claim: RevisionClaim, after: R): R => {
    note(claim, { event: 'created', kind, id: after.id, after });
    return after;
  };
  const edited = <R extends { id: string }>(kind: string, claim: RevisionClaim, before: R, edit: () => R): R => {
    const after = edit();
    note(claim, { event: 'edited', kind, id: before.id, before, after });
    return after;
  };
  const removed = <R extends { id: string }>(kind: string, claim: RevisionClaim, before: R, remove: () => R): R => {
    const last = remove();
    note(claim, { event: 'removed', kind, id: before.id, before });
    return last;
  };
  return {
    tenantsOf: (id) => access.tenantsOf(id),
    named: (resource, action) => access.named(resource, action),
    mentions: (id) => access.mentions(id),
    forget: (id) => access.forget(id),
    users: () => access.users(),
    user: (id) => access.user(id),
    createUser: (identity, claim) => made('USER', claim, access.createUser(identity, claim)),
    updateUser: (id, edit, claim) => edited('USER', claim, access.user(id), () => access.updateUser(id, edit, claim)),
    removeUser: (id, claim) => removed('USER', claim, access.user(id), () => access.removeUser(id, claim)),
    groups: () => access.groups(),
    group: (id) => access.group(id),
    createGroup: (edit, claim) => made('USER_GROUP', claim, access.createGroup(edit, claim)),
    updateGroup: (id, edit, claim) => edited('USER_GROUP', claim, access.group(id), () => access.updateGroup(id, edit, claim)),
    removeGroup: (id, claim) => removed('USER_GROUP', claim, access.group(id), () => access.removeGroup(id, claim)),
    policies: () => access.policies(),
    policy: (id) => access.policy(id),
    findPolicy: (resource, action) => access.findPolicy(resource, action),
    createPolicy: (resource, action, edit, claim) => made('POLICY', claim, access.createPolicy(resource, action, edit, claim)),
    updatePolicy: (id, edit, claim) => edited('POLICY', claim, access.policy(id), () => access.updatePolicy(id, edit, claim)),
    removePolicy: (id, claim) => removed('POLICY', claim, access.policy(id), () => access.removePolicy(id, claim)),
  };
}
