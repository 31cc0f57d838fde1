import type { Router } from 'express';
import type { FlowController } from '../../engine/flow-controller.ts';
import { checkRevision } from '../../engine/revision.ts';
import { Routes } from '../routes.ts';
import type { RevisionBody } from '../call.ts';
import { parameterProviderEntity, referencingContexts } from '../dto/parameter-provider.ts';
import { bodyCheck, object, revision, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { addControllerLevelRoutes, type ControllerLevelResource } from './controller-level.ts';
import { addApplyRoutes } from './parameter-provision.ts';
import { addStateRoutes } from './state.ts';

export const parameterProviders = (flow: FlowController): ControllerLevelResource<'PARAMETER_PROVIDER'> => ({
  kind: 'PARAMETER_PROVIDER',
  path: 'parameter-providers',
  entity: (node, view) => parameterProviderEntity(flow, node, view),
});

const fetchBody = bodyCheck<{ id?: string | null; revision?: RevisionBody }>(object({ id: text, revision }));

/** /parameter-providers */
export function parameterProviderRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  const find = (id: string) => flow.controllerLevel('PARAMETER_PROVIDER', id);
  addControllerLevelRoutes(routes, parameterProviders(flow));
  addStateRoutes(routes, find);
  routes.get('/:id/references', (call) => ({ parameterProviderReferencingComponents: referencingContexts(flow, find(call.id), call.view) }));
  routes.post('/:id/parameters/fetch-requests', async (call) => {
    const { id, revision: claimed } = call.body(fetchBody);
    call.checkId(id);
    const node = find(call.id);
    checkRevision(node, call.claim(claimed));
    await node.fetch();
    return parameterProviderEntity(flow, node, call.view);
  });
  addApplyRoutes(routes, find);
  return routes.router;
}
