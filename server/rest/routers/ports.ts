import type { Router } from 'express';
import type { Port, PortEdit, PortKind } from '../../engine/port.ts';
import type { ScheduledState } from '../../engine/processor-node.ts';
import { portEntity } from '../dto/port.ts';
import { Routes } from '../routes.ts';
import { choice, type ComponentBody, entity, flag, runStatus, whole, withoutNulls } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { addBulletinRoutes } from './bulletins.ts';

export interface PortBody extends ComponentBody {
  state?: ScheduledState | null;
  concurrentlySchedulableTaskCount?: number | null;
  allowRemoteAccess?: boolean | null;
  portFunction?: 'STANDARD' | 'FAILURE' | null;
}

export const portBody = entity<PortBody>({
  state: choice('RUNNING', 'STOPPED', 'DISABLED'),
  concurrentlySchedulableTaskCount: whole,
  allowRemoteAccess: flag,
  portFunction: choice('STANDARD', 'FAILURE'),
});
const portRunStatus = runStatus('RUNNING', 'STOPPED', 'DISABLED');

export function portEdit({ id: _, state: __, ...rest }: PortBody): PortEdit {
  return withoutNulls(rest);
}

/** Does what a run status asks for. */
export function setPortState(port: Port, state: ScheduledState): void {
  if (state === 'RUNNING') port.start();
  else if (state === 'DISABLED') port.disable();
  else if (port.state === 'DISABLED') port.enable();
  else void port.stop();
}

/** /input-ports and /output-ports */
export function portRoutes(services: RestServices, kind: PortKind): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.get('/:id', (call) => portEntity(flow.port(call.id, kind), call.view));
  routes.put('/:id', (call) => {
    const { revision, component } = call.body(portBody);
    call.checkId(component.id);
    const port = flow.port(call.id, kind);
    flow.change(port, call.claim(revision), () => {
      port.configure(portEdit(component));
      if (component.state && component.state !== port.state) setPortState(port, component.state);
    });
    return portEntity(port, call.view);
  });
  routes.put('/:id/run-status', (call) => {
    const { revision, state } = call.body(portRunStatus);
    const port = flow.port(call.id, kind);
    flow.change(port, call.claim(revision), () => setPortState(port, state));
    return portEntity(port, call.view);
  });
  routes.delete('/:id', (call) => {
    const port = flow.port(call.id, kind);
    const last = portEntity(port, call.view);
    flow.remove(port, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
  addBulletinRoutes(routes, (id) => flow.port(id, kind));
  return routes.router;
}
