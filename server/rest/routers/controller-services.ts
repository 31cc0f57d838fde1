import type { Router } from 'express';
import type { ControllerServiceNode, ServiceUser } from '../../engine/controller-service-node.ts';
import type { ProcessorNode } from '../../engine/processor-node.ts';
import type { ReportingTaskNode } from '../../engine/reporting-task-node.ts';
import type { RevisionBody } from '../call.ts';
import { controllerServiceEntity, referencingComponents } from '../dto/controller-service.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, mapOf, object, revision, runStatus, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { addBulletinRoutes } from './bulletins.ts';
import { configuredEdit } from './configured-body.ts';
import { addDescriptorRoutes } from './descriptors.ts';
import { serviceBody } from './service-body.ts';
import { addStateRoutes } from './state.ts';
import { addVerificationRoutes } from './verification.ts';

const serviceRunStatus = runStatus('ENABLED', 'DISABLED');

type ReferenceState = 'ENABLED' | 'DISABLED' | 'RUNNING' | 'STOPPED';
const referencesBody = bodyCheck<{ id?: string | null; state: ReferenceState; referencingComponentRevisions?: Record<string, RevisionBody | null> | null }>(
  object({ id: text, state: { enum: ['ENABLED', 'DISABLED', 'RUNNING', 'STOPPED'] }, referencingComponentRevisions: mapOf(revision) }, ['state']),
);

/** /controller-services */
export function controllerServiceRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.get('/:id', (call) => controllerServiceEntity(flow.service(call.id), call.view));
  routes.put('/:id', (call) => {
    const { revision: claimed, component } = call.body(serviceBody);
    call.checkId(component.id);
    const service = flow.service(call.id);
    flow.change(service, call.claim(claimed), () => {
      const edit = configuredEdit(component, service.properties);
      if (Object.values(edit).some((value) => value !== undefined)) service.configure(edit);
      if (component.state && component.state !== service.state) setServiceState(service, component.state === 'ENABLED' ? 'ENABLED' : 'DISABLED');
    });
    return controllerServiceEntity(service, call.view);
  });
  routes.delete('/:id', (call) => {
    const service = flow.service(call.id);
    const last = controllerServiceEntity(service, call.view);
    flow.remove(service, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
  routes.put('/:id/run-status', (call) => {
    const { revision: claimed, state } = call.body(serviceRunStatus);
    const service = flow.service(call.id);
    flow.change(service, call.claim(claimed), () => setServiceState(service, state));
    return controllerServiceEntity(service, call.view);
  });
  addDescriptorRoutes(routes, (id) => flow.service(id));
  addReferenceRoutes(routes);
  addStateRoutes(routes, (id) => flow.service(id));
  addBulletinRoutes(routes, (id) => flow.service(id));
  addVerificationRoutes(routes, 'controller-services', (id) => flow.service(id));
  return routes.router;
}

export function setServiceState(service: ControllerServiceNode, state: 'ENABLED' | 'DISABLED'): void {
  if (state === 'ENABLED') service.enable();
  else void service.disable();
}

function addReferenceRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/:id/references', (call) => ({ controllerServiceReferencingComponents: referencingComponents(flow.service(call.id), call.view) }));
  routes.put('/:id/references', (call) => {
    const { id, state, referencingComponentRevisions } = call.body(referencesBody);
    call.checkId(id);
    const service = flow.service(call.id);
    const claims = new Map(Object.entries(referencingComponentRevisions ?? {}));
    flow.batch(() => {
      for (const user of usersFor(service, state)) {
        const claimed = claims.get(user.id);
        const claim = claimed ? call.claim(claimed) : { version: user.revision.version, user: call.user };
        flow.change(user, claim, () => setReference(user, state));
      }
    });
    return { controllerServiceReferencingComponents: referencingComponents(service, call.view) };
  });
}

/** RUNNING and STOPPED speak of processors and reporting tasks, ENABLED and DISABLED of services; all that use it, directly or not. */
function usersFor(service: ControllerServiceNode, state: ReferenceState): (ProcessorNode | ReportingTaskNode | ControllerServiceNode)[] {
  const kinds = state === 'RUNNING' || state === 'STOPPED' ? ['PROCESSOR', 'REPORTING_TASK'] : ['CONTROLLER_SERVICE'];
  const found = new Set<ServiceUser>([service]);
  for (const node of found) if (node.kind === 'CONTROLLER_SERVICE') for (const user of node.users()) found.add(user);
  found.delete(service);
  return [...found].filter((node): node is ProcessorNode | ReportingTaskNode | ControllerServiceNode => kinds.includes(node.kind));
}

function setReference(user: ProcessorNode | ReportingTaskNode | ControllerServiceNode, state: ReferenceState): void {
  if (user.kind === 'CONTROLLER_SERVICE') setServiceState(user, state === 'ENABLED' ? 'ENABLED' : 'DISABLED');
  else if (state === 'STOPPED') void user.stop();
  else if (user.state !== 'DISABLED') user.start();
}
