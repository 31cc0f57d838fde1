import type { Router } from 'express';
import { flowRegistryClientEntity } from '../dto/flow-registry-client.ts';
import { Routes } from '../routes.ts';
import { said, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import type { ConfiguredBody } from './configured-body.ts';
import { addControllerLevelRoutes, addCreation, type ControllerLevelResource } from './controller-level.ts';

const resource: ControllerLevelResource<'FLOW_REGISTRY_CLIENT', ConfiguredBody & { description?: string | null }> = {
  kind: 'FLOW_REGISTRY_CLIENT',
  path: 'controller/registry-clients',
  entity: flowRegistryClientEntity,
  fields: { description: text },
  edit: ({ description, comments }) => ({ comments: said(description ?? comments) }),
};

/** /controller/registry-clients */
export function registryClientRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  routes.get('/', ({ view }) => ({
    registries: services.flow.allControllerLevel('FLOW_REGISTRY_CLIENT').map((node) => flowRegistryClientEntity(node, view)),
    currentTime: view.refreshed,
  }));
  addCreation(routes, '/', resource);
  addControllerLevelRoutes(routes, resource);
  return routes.router;
}
