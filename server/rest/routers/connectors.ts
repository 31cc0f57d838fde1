import type { Router } from 'express';
import { NotFoundError } from '../../engine/errors.ts';
import { connectorView } from '../../syncs/catalogue.ts';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';

/** /api/connectors: the flow definitions that come with the server, and what makes syncs of them. */
export function connectorRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  const { connectors } = services;
  const find = async (name: string) => {
    const connector = await connectors?.find(name);
    if (!connector) throw new NotFoundError(`Unable to find a connector named '${name}'.`);
    return connector;
  };
  routes.get('/', async () => ({ connectors: ((await connectors?.all()) ?? []).map(connectorView) }));
  routes.get('/:name', async (call) => (await find(call.parameter('name'))).definition);
  routes.get('/:name/sync', async (call) => {
    const { name, description } = await find(call.parameter('name'));
    if (!description) throw new NotFoundError(`The connector ${name} has no description of a sync: it can only be put on the canvas.`);
    return description;
  });
  return routes.router;
}
