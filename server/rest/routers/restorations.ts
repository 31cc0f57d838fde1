import type { Router } from 'express';
import { selectionFlowDto } from '../dto/selection.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, object, revision } from '../schemas.ts';
import type { RevisionBody } from '../call.ts';
import type { RestServices } from '../services.ts';

const body = bodyCheck<{ components: string[]; revision?: RevisionBody | null }>(
  object({ components: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 20_000 }, revision }, ['components']),
);

/** /api/restorations: brings back what was removed, which NiFi cannot. */
export function restorationRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.create('/', (call) => {
    const { components, revision: given } = call.body(body);
    const made = flow.restore(components, { version: 0, clientId: given?.clientId ?? undefined, user: call.user });
    return { flow: selectionFlowDto(made, call.view) };
  });
  return routes.router;
}
