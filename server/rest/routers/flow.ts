import type { Router } from 'express';
import { parameterContextEntity } from '../dto/parameter-context.ts';
import { parameterProviderEntity } from '../dto/parameter-provider.ts';
import type { FlowHistory } from '../flow-history.ts';
import { notClustered } from '../errors.ts';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';
import { addFlowAnalysisResults } from './flow-analysis-rules.ts';
import { addFlowGroupRoutes } from './flow-groups.ts';
import { addFlowHistoryRoutes } from './flow-history.ts';
import { addFlowInfoRoutes } from './flow-info.ts';
import { addFlowStatusRoutes } from './flow-status.ts';
import { addFlowTypeRoutes } from './flow-types.ts';
import { addMetricsRoutes } from './metrics.ts';
import { addRegistryRoutes } from './registries.ts';
import { addReportingTaskLists } from './reporting-tasks.ts';

/** /flow */
export function flowRoutes(services: RestServices, history: FlowHistory): Router {
  const { flow } = services;
  const routes = new Routes(services);
  addFlowInfoRoutes(routes);
  addFlowGroupRoutes(routes);
  addFlowTypeRoutes(routes);
  addFlowStatusRoutes(routes);
  addFlowHistoryRoutes(routes, history);
  addMetricsRoutes(routes);
  routes.get('/parameter-contexts', (call) => ({
    parameterContexts: [...flow.parameterContexts.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((context) => parameterContextEntity(flow, context, call.view)),
    currentTime: call.view.refreshed,
  }));
  addRegistryRoutes(routes);
  addReportingTaskLists(routes);
  addFlowAnalysisResults(routes);
  routes.get('/parameter-providers', ({ view }) => ({
    parameterProviders: flow.allControllerLevel('PARAMETER_PROVIDER').map((node) => parameterProviderEntity(flow, node, view)),
    currentTime: view.refreshed,
  }));
  addAbsentLists(routes);
  routes.notOffered('A remote process group', '/remote-process-groups/*splat');
  return routes.router;
}

/** Kinds of components of which there are none. */
function addAbsentLists(routes: Routes): void {
  routes.get('/cluster/search-results', notClustered);
}
