import type { Router } from 'express';
import type { Counter } from '../../engine/counter-board.ts';
import { formatCount } from '../format.ts';
import { Routes } from '../routes.ts';
import type { Call } from '../call.ts';
import type { EntityView } from '../dto/common.ts';
import type { RestServices } from '../services.ts';

/** Who may not read the component sees its id only. */
function counterDto({ id, componentId, context, name, value }: Counter, { find, rights }: EntityView) {
  const component = find(componentId);
  const shown = !component || rights.may('read', component) ? context : componentId;
  return { id, context: shown, name, value: formatCount(value), valueCount: value };
}

/** /counters */
export function counterRoutes(services: RestServices): Router {
  const { counters } = services.flow;
  const routes = new Routes(services);
  const all = ({ view }: Call) => ({ counters: { aggregateSnapshot: { generated: view.refreshed, counters: counters.list().map((counter) => counterDto(counter, view)) } } });
  routes.get('/', all);
  routes.put('/', (call) => {
    for (const { id } of counters.list()) counters.reset(id);
    return all(call);
  });
  routes.put('/:id', (call) => ({ counter: counterDto(counters.reset(call.id), call.view) }));
  return routes.router;
}
