import type { Router } from 'express';
import type { ProcessorNode, ScheduledState } from '../../engine/processor-node.ts';
import { processorDiagnosticsEntity } from '../dto/diagnostics.ts';
import { processorEntity } from '../dto/processor.ts';
import { addBulletinRoutes } from './bulletins.ts';
import { addDescriptorRoutes } from './descriptors.ts';
import { processorEdit, type ProcessorBody, processorBody } from './processor-body.ts';
import { addStateRoutes } from './state.ts';
import { addVerificationRoutes } from './verification.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, object, runStatus, texts } from '../schemas.ts';
import type { RestServices } from '../services.ts';

const processorRunStatus = runStatus('RUNNING', 'STOPPED', 'DISABLED', 'RUN_ONCE');
const runStatusQuery = bodyCheck<{ processorIds?: string[] | null }>(object({ processorIds: texts }));

/** /processors */
export function processorRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.post('/run-status-details/queries', (call) => ({
    runStatusDetails: (call.body(runStatusQuery).processorIds ?? []).map((id) => runStatusDetails(flow.processor(id), call.view)),
  }));
  routes.get('/:id', (call) => processorEntity(flow.processor(call.id), call.view));
  routes.get('/:id/diagnostics', (call) => processorDiagnosticsEntity(flow.processor(call.id), services, call.view));
  routes.put('/:id', (call) => {
    const { revision, component } = call.body(processorBody);
    call.checkId(component.id);
    const node = flow.processor(call.id);
    flow.change(node, call.claim(revision), () => applyBody(node, component));
    return processorEntity(node, call.view);
  });
  routes.delete('/:id', (call) => {
    const node = flow.processor(call.id);
    const entity = processorEntity(node, call.view);
    flow.remove(node, call.claimFromQuery());
    return { ...entity, revision: undefined };
  });
  routes.put('/:id/run-status', (call) => {
    const { revision, state } = call.body(processorRunStatus);
    const node = flow.processor(call.id);
    flow.change(node, call.claim(revision), () => setState(node, state));
    return processorEntity(node, call.view);
  });
  routes.delete('/:id/threads', (call) => {
    const node = flow.processor(call.id);
    node.terminate();
    return processorEntity(node, call.view);
  });
  addDescriptorRoutes(routes, (id) => flow.processor(id));
  addStateRoutes(routes, (id) => flow.processor(id));
  addBulletinRoutes(routes, (id) => flow.processor(id));
  addVerificationRoutes(routes, 'processors', (id) => flow.processor(id));
  return routes.router;
}

function applyBody(node: ProcessorNode, component: ProcessorBody): void {
  const edit = processorEdit(component, node.properties);
  if (Object.values(edit).some((value) => value !== undefined)) node.configure(edit);
  if (component.state && component.state !== node.state) setState(node, component.state);
}

/** Does what a run status asks for. */
export function setState(node: ProcessorNode, state: ScheduledState | 'RUN_ONCE'): void {
  if (state === 'RUNNING') node.start();
  else if (state === 'RUN_ONCE') node.runOnce();
  else if (state === 'DISABLED') node.disable();
  else if (node.state === 'DISABLED') node.enable();
  else void node.stop();
}

function runStatusDetails(node: ProcessorNode, view: Parameters<typeof processorEntity>[1]) {
  const { revision, permissions, status } = processorEntity(node, { ...view, uiOnly: true });
  const { id, name } = node;
  const details = { id, name, runStatus: status.runStatus, validationErrors: [...node.validationErrors], activeThreadCount: node.activeThreadCount };
  return { revision, permissions, runStatusDetails: details };
}
