import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { Revision } from '../engine/component.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../engine/errors.ts';

export type Action = 'read' | 'write';

/** Who may do something with a resource, such as `/process-groups/<id>`. */
export interface PolicyRecord {
  readonly id: string;
  readonly resource: string;
  readonly action: Action;
  readonly revision: Revision;
  /** Ids of users. */
  readonly users: readonly string[];
  /** Ids of user groups. */
  readonly groups: readonly string[];
}

export interface PolicyEdit {
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
}

interface PolicyRow {
  readonly id: string;
  readonly resource: string;
  readonly action: Action;
  readonly revision: string;
}

const COLUMNS = 'id, resource, action, revision';

/** The tables of policies. AccessControl puts edits into transactions. */
export class Policies {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  all(): PolicyRecord[] {
    return this.#db
      .prepare<[], PolicyRow>(`select ${COLUMNS} from access_policy order by resource, action`)
      .all()
      .map((row) => this.#record(row));
  }

  /** Throws NotFoundError. */
  get(id: string): PolicyRecord {
    const row = this.#db.prepare<[string], PolicyRow>(`select ${COLUMNS} from access_policy where id = ?`).get(id);
    if (!row) throw new NotFoundError(`Unable to find access policy with id '${id}'.`);
    return this.#record(row);
  }

  find(resource: string, action: Action): PolicyRecord | undefined {
    const row = this.#db.prepare<[string, Action], PolicyRow>(`select ${COLUMNS} from access_policy where resource = ? and action = ?`).get(resource, action);
    return row && this.#record(row);
  }

  /** Throws ConflictError where there is one for the resource and the action. */
  create(resource: string, action: Action, edit: PolicyEdit, by: Omit<Revision, 'version'>): string {
    if (this.find(resource, action)) throw new ConflictError(`There is a policy to ${action} ${resource} already. Change that one.`);
    const id = randomUUID();
    this.#db.prepare('insert into access_policy (id, resource, action, revision) values (?, ?, ?, ?)').run(id, resource, action, JSON.stringify({ ...by, version: 1 }));
    this.#setTenants(id, [...(edit.users ?? []), ...(edit.groups ?? [])]);
    return id;
  }

  update({ id, users, groups }: PolicyRecord, edit: PolicyEdit, revision: Revision): void {
    this.#db.prepare('update access_policy set revision = ? where id = ?').run(JSON.stringify(revision), id);
    this.#setTenants(id, [...(edit.users ?? users), ...(edit.groups ?? groups)]);
  }

  remove(id: string): void {
    this.#db.prepare('delete from access_policy where id = ?').run(id);
    this.#db.prepare('delete from policy_tenant where policy_id = ?').run(id);
  }

  #setTenants(policyId: string, tenants: readonly string[]): void {
    this.#db.prepare('delete from policy_tenant where policy_id = ?').run(policyId);
    const insert = this.#db.prepare('insert or ignore into policy_tenant (policy_id, tenant_id) values (?, ?)');
    for (const id of tenants) {
      if (!this.#db.prepare('select 1 from user where id = ? union select 1 from user_group where id = ?').get(id, id))
        throw new InvalidRequestError(`Unable to find user or user group with id '${id}'. A policy names them by their ids.`);
      insert.run(policyId, id);
    }
  }

  #record({ id, resource, action, revision }: PolicyRow): PolicyRecord {
    const named = (table: string): string[] =>
      this.#db
        .prepare<[string], { id: string }>(`select tenant_id as id from policy_tenant join ${table} on ${table}.id = tenant_id where policy_id = ?`)
        .all(id)
        .map((row) => row.id);
    return { id, resource, action, revision: JSON.parse(revision) as Revision, users: named('user'), groups: named('user_group') };
  }
}
