import type { Router } from 'express';
import { funnelEntity } from '../dto/funnel.ts';
import { Routes } from '../routes.ts';
import { type ComponentBody, entity } from '../schemas.ts';
import type { RestServices } from '../services.ts';

export const funnelBody = entity<ComponentBody>({});

/** /funnels */
export function funnelRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.get('/:id', (call) => funnelEntity(flow.funnel(call.id), call.view));
  routes.put('/:id', (call) => {
    const { revision, component } = call.body(funnelBody);
    call.checkId(component.id);
    const funnel = flow.funnel(call.id);
    flow.change(funnel, call.claim(revision), () => {
      if (component.position) funnel.moveTo(component.position);
    });
    return funnelEntity(funnel, call.view);
  });
  routes.delete('/:id', (call) => {
    const funnel = flow.funnel(call.id);
    const last = funnelEntity(funnel, call.view);
    flow.remove(funnel, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
  return routes.router;
}
