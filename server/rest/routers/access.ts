import type { Router } from 'express';
import { ConflictError } from '../../engine/errors.ts';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';

const NO_LOGIN = 'Username/Password login is not supported by this server: it was started without login.';

/** /access, as far as a server without login has it. */
export function accessRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  const refuse = () => {
    throw new ConflictError(NO_LOGIN);
  };
  routes.raw('post', '/token', refuse).raw('delete', '/logout', refuse);
  return routes.router;
}

/** /authentication */
export function authenticationRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  routes.get('/configuration', () => ({ authenticationConfiguration: { externalLoginRequired: false, loginSupported: false } }));
  return routes.router;
}

/** /tenants and /policies, as far as a server without login has them: nobody, and nothing to be allowed. */
export function tenantRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  routes.get('/users', ({ view }) => ({ users: [], generated: view.refreshed }));
  routes.get('/user-groups', () => ({ userGroups: [] }));
  routes.get('/search-results', () => ({ users: [], userGroups: [] }));
  routes.raw('post', '/*splat', noUsers).raw('put', '/*splat', noUsers).raw('delete', '/*splat', noUsers);
  return routes.router;
}

export function policyRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  for (const method of ['get', 'post', 'put', 'delete'] as const) routes.raw(method, '{/*splat}', noUsers);
  return routes.router;
}

function noUsers(): never {
  throw new ConflictError('Users, groups and policies cannot be configured because this server was started without login.');
}
