import type { Router } from 'express';
import type { Counter } from '../../engine/counter-board.ts';
import { formatCount } from '../format.ts';
import { Routes } from '../routes.ts';
import type { Call } from '../call.ts';
import type { RestServices } from '../services.ts';

const counterDto = ({ id, context, name, value }: Counter) => ({ id, context, name, value: formatCount(value), valueCount: value });

/** /counters */
export function counterRoutes(services: RestServices): Router {
  const { counters } = services.flow;
  const routes = new Routes(services);
  const all = ({ view }: Call) => ({ counters: { aggregateSnapshot: { generated: view.refreshed, counters: counters.list().map(counterDto) } } });
  routes.get('/', all);
  routes.put('/', (call) => {
    for (const { id } of counters.list()) counters.reset(id);
    return all(call);
  });
  routes.put('/:id', (call) => ({ counter: counterDto(counters.reset(call.id)) }));
  return routes.router;
}
