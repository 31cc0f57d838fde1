import type { Router } from 'express';
import { InvalidRequestError } from '../../engine/errors.ts';
import { bulletinEntity, globalPermissions, revisionDto } from '../dto/common.ts';
import { notClustered } from '../errors.ts';
import { controllerServiceEntity } from '../dto/controller-service.ts';
import type { FlowHistory } from '../flow-history.ts';
import { Routes } from '../routes.ts';
import { anything, bodyCheck, object, optional, revision, said, text, whole } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { addBulletinRoutes } from './bulletins.ts';
import { moment } from './flow-history.ts';
import { addCatalogueRoute } from './flow-types.ts';
import { newComponent } from './new-component.ts';
import { configuredEdit, noSecrets } from './configured-body.ts';
import { addCreation } from './controller-level.ts';
import { parameterProviders } from './parameter-providers.ts';
import { addReportingTaskCreation } from './reporting-tasks.ts';
import { newServiceBody } from './service-body.ts';
import type { Call, RevisionBody } from '../call.ts';
import { statusHistoryEntity } from '../dto/status-history.ts';

const bulletinBody = bodyCheck<{ bulletin: { message?: string | null; level?: string | null; category?: string | null } }>(
  object({ revision: anything, bulletin: object({ message: text, level: text, category: text }) }, ['bulletin']),
);
const configBody = bodyCheck<{ revision?: RevisionBody; component: { maxTimerDrivenThreadCount?: number | null } }>(
  object({ revision, component: optional({ maxTimerDrivenThreadCount: whole }) }, ['component']),
);

/** /controller */
export function controllerRoutes(services: RestServices, history: FlowHistory): Router {
  const { flow } = services;
  const routes = new Routes(services);
  addConfigRoutes(routes);
  routes.create('/controller-services', (call) => {
    const { claim, component } = newComponent(call, newServiceBody, 'Controller service');
    return controllerServiceEntity(flow.createService(null, claim, { type: component.type, ...configuredEdit(component, noSecrets) }), call.view);
  });
  routes.post('/bulletin', (call) => {
    const { message, level, category } = call.body(bulletinBody).bulletin;
    if (!message) throw new InvalidRequestError('The message of the bulletin must be specified.');
    const known = (['debug', 'info', 'warn', 'error'] as const).find((each) => level?.toLowerCase().startsWith(each));
    return bulletinEntity(flow.bulletins.add(known ?? 'info', message, undefined, category ?? 'REST API'), call.view);
  });
  routes.delete('/history', (call) => {
    const end = moment(call, 'endDate');
    if (end === undefined) throw new InvalidRequestError('The end date must be specified.');
    history.purge(end, call.user);
    return { history: { lastRefreshed: call.view.refreshed } };
  });
  routes.get('/status/history', (call) => statusHistoryEntity(flow.statusHistory.of(flow.root), { Id: flow.root.id, Name: flow.root.name }, true, call.view));
  addReportingTaskCreation(routes);
  addCreation(routes, '/parameter-providers', parameterProviders(flow));
  addBulletinRoutes(routes, (id) => flow.controllerLevel('PARAMETER_PROVIDER', id), '/parameter-providers');
  addCatalogueRoute(routes, '/registry-types', 'flow-registry-client');
  addAbsentRoutes(routes);
  return routes.router;
}

function addConfigRoutes(routes: Routes): void {
  const { settings } = routes.services.flow;
  const entity = ({ view }: Call) => {
    const { revision: known, maxTimerDrivenThreadCount } = settings;
    return { revision: revisionDto(known), permissions: globalPermissions('/controller', view), component: { maxTimerDrivenThreadCount } };
  };
  routes.get('/config', entity);
  routes.put('/config', (call) => {
    const { revision: claimed, component } = call.body(configBody);
    const maxTimerDrivenThreadCount = said(component?.maxTimerDrivenThreadCount);
    routes.services.flow.change(settings, call.claim(claimed), () => settings.configure({ maxTimerDrivenThreadCount }));
    return entity(call);
  });
}

function addAbsentRoutes(routes: Routes): void {
  routes.get('/cluster', notClustered);
  routes.raw('get', '/cluster/nodes/:id', notClustered).raw('put', '/cluster/nodes/:id', notClustered).raw('delete', '/cluster/nodes/:id', notClustered);
  routes.get('/nar-manager/nars', ({ view }) => ({ narSummaries: [], currentTime: view.refreshed }));
  routes.notOffered('Uploading NARs', '/nar-manager/*splat');
}
