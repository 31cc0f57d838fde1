import assert from 'node:assert/strict';
import type { RestServices } from '../../../server/rest/services.ts';
import { LoginRig } from '../../security/login-rig.ts';
import { type Answer, GENERATE, type Json, RestRig, revision, UPDATE } from '../rest-rig.ts';

/** Those who appear in the tests; what each may do is in `AccessRig.with`. */
export const USERS = ['admin', 'reader', 'operator', 'editor', 'viewer', 'nobody'] as const;
export type Who = (typeof USERS)[number];

type Action = 'read' | 'write';

/** A server with login and policies, a flow of two groups, and one token a user. */
export class AccessRig {
  readonly rig: RestRig;
  readonly door: LoginRig;
  readonly tokens = new Map<string, string>();
  /** The group that the editor edits, and another one. */
  ours: Json;
  others: Json;
  source: Json;
  sink: Json;
  queue: Json;
  service: Json;
  secret: Json;
  context: Json;

  private constructor(rig: RestRig, door: LoginRig) {
    this.rig = rig;
    this.door = door;
  }

  /** `others`: services besides login and access control. */
  static async with(use: (access: AccessRig) => Promise<void>, others: Partial<RestServices> = {}): Promise<void> {
    const door = await LoginRig.make();
    await RestRig.with(
      async (rig) => {
        const access = new AccessRig(rig, door);
        door.control.seed(rig.flow.root.id);
        for (const who of USERS) await access.#admit(who);
        await access.#fill();
        await access.#grant();
        await use(access);
      },
      { ...others, login: door.login, access: door.control },
    );
  }

  send(who: string, method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const token = this.tokens.get(who);
    return this.rig.send(method, url, body, { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers });
  }

  /** As `send`; throws where it is refused. */
  async ok(who: string, method: string, url: string, body?: unknown): Promise<Json> {
    const answer = await this.send(who, method, url, body);
    assert.ok(answer.status < 300, `${who}: ${method} ${url} -> ${answer.status} ${answer.text} ${this.rig.log.join('\n')}`);
    return answer.json;
  }

  get(who: string, url: string): Promise<Json> {
    return this.ok(who, 'GET', url);
  }

  /** A user for each ready role, called `of viewers` ..., whom the tests know by the role's name. */
  async admitRoles(roles: readonly string[]): Promise<void> {
    for (const role of roles) {
      const group = this.door.control.groups().find(({ identity }) => identity === role)!;
      assert.ok(group, `there is a group ${role}`);
      const user = await this.ok('admin', 'POST', '/tenants/users', { revision: revision(0), component: { identity: `of ${role}` } });
      await this.ok('admin', 'PUT', `/tenants/user-groups/${group.id}`, {
        revision: revision(group.revision.version),
        component: { id: group.id, identity: role, users: [{ id: user.id }] },
      });
      this.tokens.set(role, await this.door.tokens.issue(this.door.users.find(`of ${role}`)!));
    }
  }

  idOf(who: string): string {
    return this.door.users.find(who)!.id;
  }

  /** Makes the policy, or changes who is named by it. */
  async allow(action: Action, resource: string, ...who: string[]): Promise<Json> {
    const users = who.map((each) => ({ id: this.idOf(each) }));
    const found = this.door.control.findPolicy(resource, action);
    if (!found) return this.ok('admin', 'POST', '/policies', { revision: revision(0), component: { resource, action, users, userGroups: [] } });
    return this.ok('admin', 'PUT', `/policies/${found.id}`, { revision: revision(found.revision.version), component: { id: found.id, users } });
  }

  /** An edit on the present revision. */
  async edit(who: string, url: string, component: object): Promise<Answer> {
    const entity = await this.get('admin', url);
    return this.send(who, 'PUT', url, { revision: revision(entity.revision.version), component: { id: entity.id, ...component } });
  }

  async runStatus(who: string, url: string, state: string): Promise<Answer> {
    const entity = await this.get('admin', url);
    return this.send(who, 'PUT', `${url}/run-status`, { revision: revision(entity.revision.version), state });
  }

  async remove(who: string, url: string): Promise<Answer> {
    const entity = await this.get('admin', url);
    return this.send(who, 'DELETE', `${url}?version=${entity.revision.version}&clientId=test`);
  }

  create(who: string, group: string, kind: string, component: object): Promise<Answer> {
    return this.send(who, 'POST', `/process-groups/${group}/${kind}`, { revision: revision(0), component });
  }

  /** What one user and after the other is answered. */
  async statuses(ask: (who: string) => Promise<Answer>, who: readonly string[] = USERS): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const each of who) found[each] = (await ask(each)).status;
    return found;
  }

  async #admit(who: string): Promise<void> {
    if (!this.door.users.find(who)) await this.ok('admin', 'POST', '/tenants/users', { revision: revision(0), component: { identity: who } });
    this.tokens.set(who, await this.door.tokens.issue(this.door.users.find(who)!));
  }

  async #fill(): Promise<void> {
    const make = async (group: string, kind: string, component: object): Promise<Json> => {
      const answer = await this.create('admin', group, kind, component);
      assert.equal(answer.status, 201, answer.text);
      return answer.json;
    };
    this.context = await this.ok('admin', 'POST', '/parameter-contexts', {
      revision: revision(0),
      component: { name: 'settings', parameters: [{ parameter: { name: 'where', value: 'here' } }] },
    });
    this.ours = await make('root', 'process-groups', { name: 'ours', parameterContext: { id: this.context.id } });
    this.others = await make('root', 'process-groups', { name: 'others' });
    const { id } = this.ours;
    this.source = await make(id, 'processors', { type: GENERATE, config: { properties: { 'Custom Text': '#{where}' }, schedulingPeriod: '1 day' } });
    this.sink = await make(id, 'processors', { type: UPDATE, config: { autoTerminatedRelationships: ['success'] } });
    const end = (node: Json) => ({ id: node.id, groupId: id, type: 'PROCESSOR' });
    this.queue = await make(id, 'connections', { source: end(this.source), destination: end(this.sink), selectedRelationships: ['success'] });
    this.service = await make('root', 'controller-services', { type: 'test.Word' });
    this.secret = await make(this.others.id, 'processors', { type: GENERATE, name: 'hidden treasure', config: { comments: 'of gold' } });
  }

  async #grant(): Promise<void> {
    const root = `/process-groups/${this.rig.flow.root.id}`;
    const ours = `/process-groups/${this.ours.id}`;
    await this.allow('read', '/flow', 'admin', 'reader', 'operator', 'editor', 'viewer');
    await this.allow('read', root, 'admin', 'reader', 'operator');
    await this.allow('write', `/operation${root}`, 'operator');
    await this.allow('read', ours, 'admin', 'reader', 'operator', 'editor');
    await this.allow('write', ours, 'admin', 'editor');
    await this.allow('read', `/data${ours}`, 'admin', 'editor');
    await this.allow('write', `/data${ours}`, 'admin', 'editor');
  }
}

/** Statuses by user: `allowed` for those named, 403 for the others. */
export function only(allowed: number, ...who: string[]): Record<string, number> {
  return Object.fromEntries(USERS.map((each) => [each, who.includes(each) ? allowed : 403]));
}
