import type { Router } from 'express';
import { NotFoundError } from '../../engine/errors.ts';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';

/** /api/connectors: the flow definitions that come with the server. */
export function connectorRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  const { connectors } = services;
  routes.get('/', async () => ({ connectors: (await connectors?.list()) ?? [] }));
  routes.get('/:name', async (call) => {
    const definition = await connectors?.find(call.parameter('name'));
    if (!definition) throw new NotFoundError(`Unable to find a connector named '${call.parameter('name')}'.`);
    return definition;
  });
  return routes.router;
}
