import type { Router } from 'express';
import { ConflictError, InvalidRequestError } from '../../engine/errors.ts';
import type { AccessControl, GroupRecord, UserRecord } from '../authorization/access-control.ts';
import type { Call, RevisionBody } from '../call.ts';
import { tenantEntity } from '../dto/tenant.ts';
import { userEntity, userGroupEntity } from '../dto/tenant-details.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, list, object, reference, type ReferenceBody, revision, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';

interface TenantBody {
  id?: string | null;
  identity?: string | null;
  users?: ReferenceBody[] | null;
}

const tenantBody = bodyCheck<{ revision?: RevisionBody; component: TenantBody }>(
  object({ revision, component: object({ id: text, identity: text, users: list(reference) }) }, ['component']),
);

/** Throws ConflictError on a server without login. */
export function controlOf({ access }: RestServices): AccessControl {
  if (!access) throw new ConflictError('Users, groups and policies cannot be configured because this server was started without login.');
  return access;
}

/** /tenants */
export function tenantRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  routes.get('/search-results', (call) => search(call));
  addUserRoutes(routes);
  addGroupRoutes(routes);
  return routes.router;
}

/** Those whose names have the text in them, upper and lower case alike. */
function search(call: Call) {
  const { access } = call.services;
  const wanted = call.query('q')?.toLowerCase() ?? '';
  const found = <R extends UserRecord | GroupRecord>(records: readonly R[] | undefined) =>
    (records ?? []).filter(({ identity }) => identity.toLowerCase().includes(wanted)).map((record) => tenantEntity(record, call.view));
  return { users: found(access?.users()), userGroups: found(access?.groups()) };
}

function addUserRoutes(routes: Routes): void {
  const { services } = routes;
  routes.get('/users', ({ view }) => ({ users: services.access?.users().map((user) => userEntity(user, services.access!, view)) ?? [], generated: view.refreshed }));
  routes.create('/users', (call) => {
    const control = controlOf(services);
    const { revision: claimed, component } = call.body(tenantBody);
    return userEntity(control.createUser(newIdentity(component, 'user'), call.claimNew(claimed)), control, call.view);
  });
  routes.get('/users/:id', (call) => userEntity(controlOf(services).user(call.id), controlOf(services), call.view));
  routes.put('/users/:id', (call) => {
    const control = controlOf(services);
    const { revision: claimed, component } = call.body(tenantBody);
    call.checkId(component.id);
    return userEntity(control.updateUser(call.id, { identity: component.identity ?? undefined }, call.claim(claimed)), control, call.view);
  });
  routes.delete('/users/:id', (call) => {
    const control = controlOf(services);
    const last = userEntity(control.user(call.id), control, call.view);
    control.removeUser(call.id, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
}

function addGroupRoutes(routes: Routes): void {
  const { services } = routes;
  routes.get('/user-groups', ({ view }) => ({ userGroups: services.access?.groups().map((group) => userGroupEntity(group, services.access!, view)) ?? [] }));
  routes.create('/user-groups', (call) => {
    const control = controlOf(services);
    const { revision: claimed, component } = call.body(tenantBody);
    const edit = { identity: newIdentity(component, 'group'), members: idsOf(component.users) };
    return userGroupEntity(control.createGroup(edit, call.claimNew(claimed)), control, call.view);
  });
  routes.get('/user-groups/:id', (call) => userGroupEntity(controlOf(services).group(call.id), controlOf(services), call.view));
  routes.put('/user-groups/:id', (call) => {
    const control = controlOf(services);
    const { revision: claimed, component } = call.body(tenantBody);
    call.checkId(component.id);
    const edit = { identity: component.identity ?? undefined, members: idsOf(component.users) };
    return userGroupEntity(control.updateGroup(call.id, edit, call.claim(claimed)), control, call.view);
  });
  routes.delete('/user-groups/:id', (call) => {
    const control = controlOf(services);
    const last = userGroupEntity(control.group(call.id), control, call.view);
    control.removeGroup(call.id, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
}

function newIdentity({ id, identity }: TenantBody, what: 'user' | 'group'): string {
  if (id) throw new InvalidRequestError(`The id of the ${what} cannot be specified.`);
  if (!identity) throw new InvalidRequestError(`The identity of the ${what} must be specified.`);
  return identity;
}

/** The ids of tenants that a body names; undefined where it names none. Throws InvalidRequestError. */
export function idsOf(references: readonly (ReferenceBody | null)[] | null | undefined): string[] | undefined {
  return references?.map((reference) => {
    const found = reference?.id ?? reference?.component?.id;
    if (!found) throw new InvalidRequestError('A user or user group must be named by its id.');
    return found;
  });
}
