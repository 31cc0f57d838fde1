import type { Router } from 'express';
import type { StateScope } from '../../extension/component.ts';
import { ConfiguredComponent } from '../../engine/configured-component.ts';
import { ConflictError, NotFoundError } from '../../engine/errors.ts';
import { ProcessorNode } from '../../engine/processor-node.ts';
import { componentStateDto, SCOPES, stateVersionDto } from '../dto/state.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, object } from '../schemas.ts';
import type { RestServices } from '../services.ts';

type Stateful = ProcessorNode | ConfiguredComponent;

function checkStopped(node: Stateful, what: string): void {
  if (node.isActive)
    throw new ConflictError(
      `Cannot ${what} the state of ${node.label} because it is ${node.state.toLowerCase()}. ${node.state === 'ENABLED' || node.state === 'ENABLING' || node.state === 'DISABLING' ? 'Disable' : 'Stop'} it first.`,
    );
}

/** GET .../{id}/state and POST .../{id}/state/clear-requests */
export function addStateRoutes(routes: Routes, find: (id: string) => Stateful): void {
  routes.get('/:id/state', (call) => ({ componentState: componentStateDto(find(call.id)) }));
  routes.post('/:id/state/clear-requests', (call) => {
    const node = find(call.id);
    checkStopped(node, 'clear');
    const { journal } = node.runtime;
    for (const scope of ['local', 'cluster'] as const) if (journal.state(node.id, scope).entries.size > 0) journal.setState(node.id, scope, new Map());
    journal.flush();
    return { componentState: componentStateDto(node) };
  });
}

const setBack = bodyCheck<{ scope: 'LOCAL' | 'CLUSTER'; version: number }>(object({ scope: { enum: ['LOCAL', 'CLUSTER'] }, version: { type: 'integer' } }, ['scope', 'version']));

/** /api/components: the history of states, which NiFi does not keep. */
export function stateHistoryRoutes(services: RestServices): Router {
  const { flow } = services;
  const find = (id: string): Stateful => {
    const node = flow.find(id);
    if (node instanceof ProcessorNode || node instanceof ConfiguredComponent) return node;
    throw new NotFoundError(`Unable to find component with id '${id}'.`);
  };
  const routes = new Routes(services);
  routes.get('/:id/state/history', (call) => {
    const { id, runtime } = find(call.id);
    const versions = (scope: StateScope) => runtime.journal.stateHistory(id, scope).map(stateVersionDto);
    return {
      componentId: id,
      history: [
        { scope: SCOPES.local, versions: versions('local') },
        { scope: SCOPES.cluster, versions: versions('cluster') },
      ],
    };
  });
  routes.put('/:id/state', (call) => {
    const { scope, version } = call.body(setBack);
    const node = find(call.id);
    checkStopped(node, 'set back');
    const { journal } = node.runtime;
    const inner: StateScope = scope === 'LOCAL' ? 'local' : 'cluster';
    const earlier = journal.stateHistory(node.id, inner).find((each) => each.version === version);
    if (!earlier) throw new NotFoundError(`Unable to find version ${version} of the ${inner} state of ${node.label}.`);
    journal.setState(node.id, inner, earlier.entries);
    journal.flush();
    return { componentState: componentStateDto(node) };
  });
  return routes.router;
}
