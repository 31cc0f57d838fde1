import type { Router } from 'express';
import { parameterProviderEntity } from '../dto/parameter-provider.ts';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';
import { addControllerLevelRoutes, type ControllerLevelResource } from './controller-level.ts';
import { addStateRoutes } from './state.ts';

export const parameterProviders: ControllerLevelResource<'PARAMETER_PROVIDER'> = { kind: 'PARAMETER_PROVIDER', path: 'parameter-providers', entity: parameterProviderEntity };

/** /parameter-providers */
export function parameterProviderRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  addControllerLevelRoutes(routes, parameterProviders);
  addStateRoutes(routes, (id) => services.flow.controllerLevel('PARAMETER_PROVIDER', id));
  return routes.router;
}
