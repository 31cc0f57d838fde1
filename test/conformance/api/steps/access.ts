import type { Json } from '../../../api-client.ts';
import { type Stage, revision } from '../stage.ts';
import { CLIENT } from '../walk.ts';

/** Without login nobody can log in, and there are no users to administer. */
export async function walkOpenAccess(stage: Stage): Promise<void> {
  const { walk } = stage;
  await walk.call('GET /authentication/configuration');
  await walk.call('POST /access/token', {}, { body: new URLSearchParams({ username: 'a', password: 'b' }), status: 409 });
  await walk.call('GET /access/logout/complete');
}

/** tenants and policies. */
export async function walkTenants(stage: Stage, groupId: string): Promise<void> {
  const { walk } = stage;
  const user = await walk.json('POST /tenants/users', {}, { body: { revision: revision(), component: { identity: 'jane@example.org' } } });
  const group = await walk.json('POST /tenants/user-groups', {}, { body: { revision: revision(), component: { identity: 'analysts', users: [{ id: user.id }] } } });
  for (const kind of ['users', 'user-groups']) await walk.call(`GET /tenants/${kind}`);
  const found = await walk.json('GET /tenants/search-results', {}, { query: { q: 'jane' } });
  walk.expect(found.users?.length === 1, 'GET /tenants/search-results', 'the user was not found');
  const read = await walk.json('GET /tenants/users/{id}', { id: user.id });
  walk.expect(read.component?.userGroups?.length === 1, 'GET /tenants/users/{id}', 'the group of the user is missing');
  await change(stage, 'users', user, { identity: 'jane.doe@example.org' });
  await change(stage, 'user-groups', group, { identity: 'all analysts', users: [{ id: user.id }] });
  await walkPolicies(stage, groupId, user, group);
  await remove(stage, 'user-groups', group);
  await remove(stage, 'users', user);
}

async function change(stage: Stage, kind: string, { id }: Json, component: Json): Promise<void> {
  const now = await stage.walk.json(`GET /tenants/${kind}/{id}`, { id });
  await stage.walk.call(`PUT /tenants/${kind}/{id}`, { id }, { body: { revision: now.revision, component: { id, ...component } } });
}

async function remove(stage: Stage, kind: string, { id }: Json): Promise<void> {
  const now = await stage.walk.json(`GET /tenants/${kind}/{id}`, { id });
  await stage.walk.call(`DELETE /tenants/${kind}/{id}`, { id }, { query: { version: now.revision?.version ?? 0, clientId: CLIENT } });
}

async function walkPolicies(stage: Stage, groupId: string, user: Json, group: Json): Promise<void> {
  const { walk } = stage;
  const resource = `/process-groups/${groupId}`;
  const component = { resource, action: 'read', users: [{ id: user.id }], userGroups: [{ id: group.id }] };
  const policy = await walk.json('POST /policies', {}, { body: { revision: revision(), component } });
  const { id } = policy;
  const inForce = await walk.json('GET /policies/{action}/{resource}', { action: 'read', resource: resource.slice(1) });
  walk.expect(inForce.id === id, 'GET /policies/{action}/{resource}', 'another policy is in force');
  const now = await walk.json('GET /policies/{id}', { id });
  await walk.call('PUT /policies/{id}', { id }, { body: { revision: now.revision, component: { id, ...component, userGroups: [] } } });
  const last = await walk.json('GET /policies/{id}', { id });
  await walk.call('DELETE /policies/{id}', { id }, { query: { version: last.revision?.version ?? 0, clientId: CLIENT } });
}

/** The last thing with login: the token does not count any more. */
export async function walkLogout(stage: Stage): Promise<void> {
  const { walk } = stage;
  await walk.call('GET /authentication/configuration');
  await walk.call('GET /flow/current-user');
  await walk.call('DELETE /access/logout');
  await walk.call('GET /flow/current-user', {}, { status: 401 });
  await walk.call('GET /access/logout/complete');
}
