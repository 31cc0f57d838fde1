import type Database from 'better-sqlite3';
import type { Revision, RevisionClaim } from '../engine/component.ts';
import { ConflictError } from '../engine/errors.ts';
import { checkRevision, nextRevision } from '../engine/revision.ts';
import { type Action, Policies, type PolicyEdit, type PolicyRecord } from './policies.ts';
import { rolesFor } from './roles.ts';
import { type GroupRecord, type TenantEdit, Tenants, type UserRecord } from './tenants.ts';

/** What whoever administers must be able to write. */
const ADMINISTRATION = ['/policies', '/tenants'] as const;

/** Ids of users and groups by policy, so that a decision costs no query. */
interface Known {
  readonly policies: ReadonlyMap<string, ReadonlySet<string>>;
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
  /** Ids at the end of resources. */
  readonly mentioned: ReadonlySet<string>;
}

const keyOf = (resource: string, action: Action): string => `${action} ${resource}`;

/**
 * Users, groups and policies of a data directory. Policies and memberships are changed by this process only, so they are
 * remembered until the next change; users are not (see Users).
 */
export class AccessControl {
  readonly #db: Database.Database;
  readonly #tenants: Tenants;
  readonly #policies: Policies;
  #known: Known | undefined;

  /** `db` has the tables of migration 0003. */
  constructor(db: Database.Database) {
    this.#db = db;
    this.#tenants = new Tenants(db);
    this.#policies = new Policies(db);
  }

  // ---- decisions

  /** The ids under which policies may name a user: the user's own and those of the groups. */
  tenantsOf(userId: string): ReadonlySet<string> {
    return new Set([userId, ...(this.#read().groupsOf.get(userId) ?? [])]);
  }

  /** Ids of those whom the policy for a resource names; undefined where there is no such policy. */
  named(resource: string, action: Action): ReadonlySet<string> | undefined {
    return this.#read().policies.get(keyOf(resource, action));
  }

  /** Whether any policy's resource ends in this id. */
  mentions(componentId: string): boolean {
    return this.#read().mentioned.has(componentId);
  }

  /** Removes the policies about a component that is gone. */
  forget(componentId: string): void {
    const about = this.policies().filter(({ resource }) => resource.endsWith(`/${componentId}`));
    if (about.length > 0) this.#change(() => about.forEach(({ id }) => this.#policies.remove(id)));
  }

  #read(): Known {
    this.#known ??= {
      mentioned: new Set(this.#policies.all().map(({ resource }) => resource.slice(resource.lastIndexOf('/') + 1))),
      policies: new Map(this.#policies.all().map(({ resource, action, users, groups }) => [keyOf(resource, action), new Set([...users, ...groups])])),
      groupsOf: invert(this.#tenants.groups()),
    };
    return this.#known;
  }

  // ---- users and groups

  users(): UserRecord[] {
    return this.#tenants.users();
  }

  /** Throws NotFoundError. */
  user(id: string): UserRecord {
    return this.#tenants.user(id);
  }

  groups(): GroupRecord[] {
    return this.#tenants.groups();
  }

  /** Throws NotFoundError. */
  group(id: string): GroupRecord {
    return this.#tenants.group(id);
  }

  createUser(identity: string, claim: RevisionClaim): UserRecord {
    return this.user(this.#change(() => this.#tenants.createUser(identity, author(claim))));
  }

  updateUser(id: string, edit: TenantEdit, claim: RevisionClaim): UserRecord {
    this.#change(() => this.#tenants.updateUser(this.user(id), edit, next(this.user(id), claim)));
    return this.user(id);
  }

  /** The user's tokens end at once. Returns who it was. */
  removeUser(id: string, claim: RevisionClaim): UserRecord {
    return this.#remove(this.user(id), claim);
  }

  createGroup(edit: TenantEdit & { identity: string }, claim: RevisionClaim): GroupRecord {
    return this.group(this.#change(() => this.#tenants.createGroup(edit, author(claim))));
  }

  updateGroup(id: string, edit: TenantEdit, claim: RevisionClaim): GroupRecord {
    this.#change(() => this.#tenants.updateGroup(this.group(id), edit, next(this.group(id), claim)));
    return this.group(id);
  }

  removeGroup(id: string, claim: RevisionClaim): GroupRecord {
    return this.#remove(this.group(id), claim);
  }

  #remove<T extends UserRecord | GroupRecord>(tenant: T, claim: RevisionClaim): T {
    checkRevision(tenant, claim);
    this.#change(() => this.#tenants.remove(tenant.id));
    return tenant;
  }

  // ---- policies

  policies(): PolicyRecord[] {
    return this.#policies.all();
  }

  /** Throws NotFoundError. */
  policy(id: string): PolicyRecord {
    return this.#policies.get(id);
  }

  findPolicy(resource: string, action: Action): PolicyRecord | undefined {
    return this.#policies.find(resource, action);
  }

  createPolicy(resource: string, action: Action, edit: PolicyEdit, claim: RevisionClaim): PolicyRecord {
    return this.policy(this.#change(() => this.#policies.create(resource, action, edit, author(claim))));
  }

  updatePolicy(id: string, edit: PolicyEdit, claim: RevisionClaim): PolicyRecord {
    this.#change(() => this.#policies.update(this.policy(id), edit, next(this.policy(id), claim)));
    return this.policy(id);
  }

  removePolicy(id: string, claim: RevisionClaim): PolicyRecord {
    const policy = this.policy(id);
    checkRevision(policy, claim);
    this.#change(() => this.#policies.remove(id));
    return policy;
  }

  /**
   * Where there is no policy at all (a new data directory, or one whose users could do everything), the groups of the ready roles
   * are made with their policies, and every user there is gets all of them. `rootGroup`: the id of the outermost group.
   */
  seed(rootGroup: string): void {
    if (this.#db.prepare('select 1 from access_policy limit 1').get()) return;
    const users = this.users().map(({ id }) => id);
    this.#change(() => {
      const named = new Map<string, string[]>();
      for (const { group, rights } of rolesFor(rootGroup)) {
        const id = this.#groupOf(group);
        for (const [resource, action] of rights) named.set(keyOf(resource, action), [...(named.get(keyOf(resource, action)) ?? []), id]);
      }
      for (const [key, groups] of named) {
        const [action, resource] = key.split(' ') as [Action, string];
        this.#policies.create(resource, action, { users, groups }, {});
      }
    });
  }

  /** The id of a group that is made where there is none; one more where a user has its name. */
  #groupOf(name: string): string {
    const known = this.groups().find(({ identity }) => identity === name);
    if (known) return known.id;
    const isTaken = this.users().some(({ identity }) => identity === name);
    return this.#tenants.createGroup({ identity: isTaken ? `${name} (group)` : name }, {});
  }

  /** One transaction. Throws ConflictError, and changes nothing, where nobody could administer any more. */
  #change<T>(work: () => T): T {
    try {
      return this.#db
        .transaction(() => {
          const result = work();
          this.#checkAdministrators();
          return result;
        })
        .immediate();
    } finally {
      this.#known = undefined;
    }
  }

  /** A line a user, for the terminal. */
  describeUsers(): string[] {
    const administers = this.#administers();
    const names = new Map(this.groups().map(({ id, identity }) => [id, identity]));
    return this.users().map((user) => {
      const groups = user.groups.length > 0 ? `in ${user.groups.map((id) => names.get(id)).join(', ')}` : 'in no group';
      return `${user.identity}: ${[groups, user.canLogIn ? 'has a password' : 'has no password', ...(administers(user) ? ['administers'] : [])].join(', ')}`;
    });
  }

  /** Whether a user may log in and change users and policies. */
  #administers(): (user: UserRecord) => boolean {
    const writers = ADMINISTRATION.map((resource) => {
      const policy = this.#policies.find(resource, 'write');
      return new Set([...(policy?.users ?? []), ...(policy?.groups ?? [])]);
    });
    return ({ id, groups, canLogIn }) => canLogIn && writers.every((named) => [id, ...groups].some((tenant) => named.has(tenant)));
  }

  #checkAdministrators(): void {
    if (this.users().some(this.#administers())) return;
    throw new ConflictError(
      `Nobody who can log in could change users and policies any more. Give somebody else with a password the policies to write ${ADMINISTRATION.join(' and ')} first.`,
    );
  }
}

function author({ clientId, user }: RevisionClaim): Omit<Revision, 'version'> {
  return { clientId, lastModifier: user };
}

/** Throws InvalidRequestError where somebody else has written since. */
function next(record: { readonly id: string; readonly revision: Revision }, claim: RevisionClaim): Revision {
  checkRevision(record, claim);
  return nextRevision(record.revision, claim);
}

function invert(groups: readonly GroupRecord[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, users } of groups) for (const user of users) found.set(user, [...(found.get(user) ?? []), id]);
  return found;
}
