import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { Revision } from '../engine/component.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../engine/errors.ts';
import { checkIdentity, normalIdentity } from './identity.ts';

/** A user as administrators see one. */
export interface UserRecord {
  readonly id: string;
  readonly identity: string;
  readonly revision: Revision;
  /** Ids of the groups that the user is in. */
  readonly groups: readonly string[];
  /** Whether the user has a password, and so can log in. */
  readonly canLogIn: boolean;
}

export interface GroupRecord {
  readonly id: string;
  readonly identity: string;
  readonly revision: Revision;
  /** Ids of users. */
  readonly users: readonly string[];
}

/** What an edit says; what is left out stays. `members`: ids of users. */
export interface TenantEdit {
  readonly identity?: string;
  readonly members?: readonly string[];
}

interface UserRow {
  readonly id: string;
  readonly identity: string;
  readonly revision: string;
  readonly canLogIn: number;
}

interface GroupRow {
  readonly id: string;
  readonly identity: string;
  readonly revision: string;
}

const REVISION_OF_NEW = 1;

/** The tables of users and groups. AccessControl puts edits into transactions. */
export class Tenants {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  users(): UserRecord[] {
    const rows = this.#db.prepare<[], UserRow>('select id, identity, revision, password is not null as canLogIn from user order by identity').all();
    return rows.map((row) => this.#user(row));
  }

  /** Throws NotFoundError. */
  user(id: string): UserRecord {
    const row = this.#db.prepare<[string], UserRow>('select id, identity, revision, password is not null as canLogIn from user where id = ?').get(id);
    if (!row) throw new NotFoundError(`Unable to find user with id '${id}'.`);
    return this.#user(row);
  }

  groups(): GroupRecord[] {
    const rows = this.#db.prepare<[], GroupRow>('select id, identity, revision from user_group order by identity').all();
    return rows.map((row) => this.#group(row));
  }

  /** Throws NotFoundError. */
  group(id: string): GroupRecord {
    const row = this.#db.prepare<[string], GroupRow>('select id, identity, revision from user_group where id = ?').get(id);
    if (!row) throw new NotFoundError(`Unable to find user group with id '${id}'.`);
    return this.#group(row);
  }

  /** A user who cannot log in until there is a password. */
  createUser(name: string, by: Omit<Revision, 'version'>): string {
    const identity = this.#free(name, 'user');
    const id = randomUUID();
    this.#db
      .prepare('insert into user (id, identity, version, changed_at, revision) values (?, ?, 0, 0, ?)')
      .run(id, identity, JSON.stringify({ ...by, version: REVISION_OF_NEW }));
    return id;
  }

  createGroup({ identity: name, members = [] }: TenantEdit & { identity: string }, by: Omit<Revision, 'version'>): string {
    const identity = this.#free(name, 'group');
    const id = randomUUID();
    this.#db.prepare('insert into user_group (id, identity, revision) values (?, ?, ?)').run(id, identity, JSON.stringify({ ...by, version: REVISION_OF_NEW }));
    this.#setMembers(id, members);
    return id;
  }

  updateUser({ id, identity }: UserRecord, edit: TenantEdit, revision: Revision): void {
    const next = edit.identity === undefined || edit.identity === identity ? identity : this.#free(edit.identity, 'user');
    this.#db.prepare('update user set identity = ?, revision = ? where id = ?').run(next, JSON.stringify(revision), id);
  }

  updateGroup({ id, identity }: GroupRecord, edit: TenantEdit, revision: Revision): void {
    const next = edit.identity === undefined || edit.identity === identity ? identity : this.#free(edit.identity, 'group');
    this.#db.prepare('update user_group set identity = ?, revision = ? where id = ?').run(next, JSON.stringify(revision), id);
    if (edit.members) this.#setMembers(id, edit.members);
  }

  /** Takes the user or group out of everything that names it too. */
  remove(id: string): void {
    for (const sql of [
      'delete from user where id = ?',
      'delete from user_group where id = ?',
      'delete from group_member where user_id = ?',
      'delete from group_member where group_id = ?',
      'delete from policy_tenant where tenant_id = ?',
    ])
      this.#db.prepare(sql).run(id);
  }

  #setMembers(groupId: string, members: readonly string[]): void {
    this.#db.prepare('delete from group_member where group_id = ?').run(groupId);
    const insert = this.#db.prepare('insert or ignore into group_member (group_id, user_id) values (?, ?)');
    for (const id of members) {
      if (!this.#db.prepare('select 1 from user where id = ?').get(id))
        throw new InvalidRequestError(`Unable to find user with id '${id}'. Members of a group are named by the ids of users.`);
      insert.run(groupId, id);
    }
  }

  /** The name in its normal form. NiFi lets no user have the name of a group either. Throws InvalidRequestError and ConflictError. */
  #free(name: string, what: 'user' | 'group'): string {
    const identity = normalIdentity(name);
    checkIdentity(identity, what);
    const taken = this.#db.prepare('select 1 from user where identity = ? union select 1 from user_group where identity = ?').get(identity, identity);
    if (taken) throw new ConflictError(`There is a user or user group with the name '${identity}' already. Choose another name.`);
    return identity;
  }

  #user({ id, identity, revision, canLogIn }: UserRow): UserRecord {
    const groups = this.#db.prepare<[string], { id: string }>('select group_id as id from group_member where user_id = ?').all(id);
    return { id, identity, revision: JSON.parse(revision) as Revision, groups: groups.map((each) => each.id), canLogIn: canLogIn === 1 };
  }

  #group({ id, identity, revision }: GroupRow): GroupRecord {
    const users = this.#db.prepare<[string], { id: string }>('select user_id as id from group_member where group_id = ?').all(id);
    return { id, identity, revision: JSON.parse(revision) as Revision, users: users.map((each) => each.id) };
  }
}
