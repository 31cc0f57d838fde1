import type { Revision, RevisionClaim } from '../../engine/component.ts';

export type Action = 'read' | 'write';

export interface UserRecord {
  readonly id: string;
  readonly identity: string;
  readonly revision: Revision;
  /** Ids of the groups that the user is in. */
  readonly groups: readonly string[];
}

export interface GroupRecord {
  readonly id: string;
  readonly identity: string;
  readonly revision: Revision;
  /** Ids of users. */
  readonly users: readonly string[];
}

export interface PolicyRecord {
  readonly id: string;
  readonly resource: string;
  readonly action: Action;
  readonly revision: Revision;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** Ids of users and groups; what is left out stays. */
export interface PolicyEdit {
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
}

/** `members`: ids of users. What is left out stays. */
export interface TenantEdit {
  readonly identity?: string;
  readonly members?: readonly string[];
}

/**
 * Users, groups and policies, as the API needs them; server/security keeps them. Edits throw NotFoundError, InvalidRequestError
 * (a stale revision among them) and ConflictError, which also refuses to take the last administrator away.
 */
export interface AccessControl {
  /** The ids under which policies may name a user: the user's own and those of the groups. */
  tenantsOf(userId: string): ReadonlySet<string>;
  /** Ids of those whom the policy for a resource names; undefined where there is no such policy. */
  named(resource: string, action: Action): ReadonlySet<string> | undefined;
  /** Whether any policy's resource ends in this id. */
  mentions(componentId: string): boolean;
  /** Removes the policies about a component that is gone. */
  forget(componentId: string): void;

  users(): UserRecord[];
  user(id: string): UserRecord;
  createUser(identity: string, claim: RevisionClaim): UserRecord;
  updateUser(id: string, edit: TenantEdit, claim: RevisionClaim): UserRecord;
  removeUser(id: string, claim: RevisionClaim): UserRecord;
  groups(): GroupRecord[];
  group(id: string): GroupRecord;
  createGroup(edit: TenantEdit & { identity: string }, claim: RevisionClaim): GroupRecord;
  updateGroup(id: string, edit: TenantEdit, claim: RevisionClaim): GroupRecord;
  removeGroup(id: string, claim: RevisionClaim): GroupRecord;
  policies(): PolicyRecord[];
  policy(id: string): PolicyRecord;
  findPolicy(resource: string, action: Action): PolicyRecord | undefined;
  createPolicy(resource: string, action: Action, edit: PolicyEdit, claim: RevisionClaim): PolicyRecord;
  updatePolicy(id: string, edit: PolicyEdit, claim: RevisionClaim): PolicyRecord;
  removePolicy(id: string, claim: RevisionClaim): PolicyRecord;
}
