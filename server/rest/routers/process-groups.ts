import type { Router } from 'express';
import { processGroupEntity } from '../dto/process-group.ts';
import { comparisonEntity } from '../dto/version-control.ts';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';
import type { Snippets } from '../snippets.ts';
import { groupBody, groupEdit } from './group-body.ts';
import { addChildRoutes } from './group-children.ts';
import { addClipboardRoutes } from './group-clipboard.ts';
import { addDefinitionRoutes } from './group-definitions.ts';
import { addEmptyRoutes } from './group-queues.ts';

/** /process-groups */
export function processGroupRoutes(services: RestServices, snippets: Snippets): Router {
  const { flow } = services;
  const routes = new Routes(services);
  addDefinitionRoutes(routes);
  addClipboardRoutes(routes, snippets);
  addEmptyRoutes(routes);
  addChildRoutes(routes);
  routes.get('/:id', (call) => processGroupEntity(flow.group(call.id), call.view));
  routes.put('/:id', (call) => {
    const { revision, component } = call.body(groupBody);
    const group = flow.group(call.id);
    if (component.id !== group.id) call.checkId(component.id);
    flow.change(group, call.claim(revision), () => group.configure(groupEdit(flow, component)));
    return processGroupEntity(group, call.view);
  });
  routes.delete('/:id', (call) => {
    const group = flow.group(call.id);
    const last = processGroupEntity(group, call.view);
    flow.remove(group, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
  routes.get('/:id/local-modifications', (call) => {
    const group = flow.group(call.id);
    flow.versions.of(group);
    return comparisonEntity(flow.versions.modifications(group), group);
  });
  return routes.router;
}
