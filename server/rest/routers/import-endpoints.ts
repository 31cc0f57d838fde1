import { pipeline } from 'node:stream/promises';
import type { Router } from 'express';
import type { ControllerServiceNode } from '../../engine/controller-service-node.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import { IMPORT_ENDPOINT, type ImportEndpoint, UserProblem, type UploadUser } from '../../extension/file-imports.ts';
import type { Call } from '../call.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, object, revision, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';

const MOST_IMPORTS = 1000;
const REFUSALS = { invalid: InvalidRequestError, conflict: ConflictError, missing: NotFoundError } as const;

interface UserBody {
  name?: string | null;
  keys?: string | null;
}

const userBody = bodyCheck<{ revision: { version?: number | null }; component: UserBody }>(
  object({ revision, component: object({ name: text, keys: text }) }, ['revision', 'component']),
);

const isEndpoint = ({ definition }: ControllerServiceNode): boolean => definition?.provides.some(({ type }) => type === IMPORT_ENDPOINT.type) ?? false;

/** What an enabled service hands out. Throws NotFoundError and ConflictError. */
function endpointOf({ services: { flow }, id }: Call): ImportEndpoint {
  const service = flow.service(id);
  if (!isEndpoint(service)) throw new NotFoundError(`${service.label} is no endpoint to which files are uploaded.`);
  if (!service.isEnabled) throw new ConflictError(`${service.label} is not enabled. Enable it first: its users and imports are with it.`);
  return service.instance as ImportEndpoint;
}

/** What the endpoint does not do is answered as everywhere. */
function asked<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof UserProblem) throw new REFUSALS[thrown.kind](thrown.message);
    throw thrown;
  }
}

const userEntity = ({ revision: version, ...component }: UploadUser) => ({ id: component.name, revision: { version }, component });

/** /api/sftp/endpoints: where users upload files, who they are, and what became of the files. */
export function importEndpointRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  routes.get('/', (call) => ({
    endpoints: [...services.flow.root.tree()]
      .flatMap((group) => [...group.services.values()])
      .filter((service) => isEndpoint(service) && call.rights.may('read', service))
      .map((service) => ({
        id: service.id,
        name: service.name,
        groupId: service.group?.id,
        ...(service.isEnabled ? addressOf(service.instance as ImportEndpoint) : { isEnabled: false }),
      })),
  }));
  addUserRoutes(routes);
  routes.get('/:id/imports', async (call) => ({ imports: await endpointOf(call).imports(Math.min(call.number('limit') ?? 100, MOST_IMPORTS)) }));
  routes.create('/:id/imports/:import/repetitions', (call) => asked(() => endpointOf(call).importAgain(call.parameter('import'))));
  routes.raw('get', '/:id/imports/:import/rejected-rows', async (call, response) => {
    const rows = asked(() => endpointOf(call).rejectedRows(call.parameter('import')));
    response.attachment('rejected-rows.csv').type('text/csv');
    await pipeline(rows, response);
  });
  return routes.router;
}

const addressOf = ({ address, hostKeys, connections }: ImportEndpoint) => ({
  isEnabled: true,
  address,
  connections,
  hostKeys: hostKeys.map(({ type, fingerprint }) => ({ type, fingerprint })),
});

function addUserRoutes(routes: Routes): void {
  routes.get('/:id/users', (call) => ({ users: endpointOf(call).users().map(userEntity) }));
  routes.create('/:id/users', (call) => {
    const { component, revision: claimed } = call.body(userBody);
    call.claimNew(claimed);
    return userEntity(asked(() => endpointOf(call).createUser(component.name ?? '', component.keys ?? '')));
  });
  routes.put('/:id/users/:name', (call) => {
    const { component, revision: claimed } = call.body(userBody);
    return userEntity(asked(() => endpointOf(call).updateUser(call.parameter('name'), component.keys ?? '', call.claim(claimed).version)));
  });
  routes.delete('/:id/users/:name', (call) => userEntity(asked(() => endpointOf(call).removeUser(call.parameter('name'), call.claimFromQuery().version))));
}
