import type { Router } from 'express';
import { NotFoundError } from '../../engine/errors.ts';
import type { Sync } from '../../syncs/sync.ts';
import { summaryView, syncView } from '../../syncs/sync-view.ts';
import type { Syncs } from '../../syncs/syncs.ts';
import { checkDefinition } from '../authorization/definitions.ts';
import type { Call } from '../call.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, object, text, textMap } from '../schemas.ts';
import type { RestServices } from '../services.ts';

const createBody = bodyCheck<{
  connector: string;
  name: string;
  parentGroupId?: string | null;
  shared?: Record<string, string> | null;
  timeZone?: string | null;
  clientId?: string | null;
}>(object({ connector: { type: 'string' }, name: { type: 'string' }, parentGroupId: text, shared: textMap, timeZone: text, clientId: text }, ['connector', 'name']));

/** The syncs of a server. Throws NotFoundError where it was built without. */
export function syncsOf({ syncs }: RestServices): Syncs {
  if (!syncs) throw new NotFoundError('This server offers no syncs.');
  return syncs;
}

/** /api/syncs: process groups seen as products. */
export function syncRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  routes.get('/', (call) => {
    const syncs = syncsOf(services);
    return { syncs: syncs.all().flatMap((sync) => (call.rights.may('read', sync.group) ? [summaryView(sync, extras(sync, call))] : [])) };
  });
  routes.create('/', async (call) => {
    const syncs = syncsOf(services);
    const { connector, name, parentGroupId, shared, timeZone, clientId } = call.body(createBody);
    const parent = services.flow.group(parentGroupId ?? 'root');
    for (const id of Object.values(shared ?? {})) call.rights.check('read', services.flow.parameterContext(id));
    const prepared = await syncs.prepare({ connector, name, parent, shared: shared ?? {} });
    checkDefinition(services.flow, prepared.definition, parent, call.rights);
    const zone = timeZone ?? services.flow.runtime.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const sync = syncs.create(prepared, { version: 0, clientId: clientId ?? undefined, user: call.user }, zone);
    return whole(sync, call);
  });
  routes.get('/:id', (call) => whole(syncsOf(services).get(call.id), call));
  return routes.router;
}

function whole(sync: Sync, call: Call) {
  return syncView(syncsOf(call.services), sync, extras(sync, call));
}

function extras({ group }: Sync, { rights, services }: Call) {
  const permissions = { canRead: rights.may('read', group), canWrite: rights.may('write', group), canOperate: rights.mayOperate(group) };
  return { permissions, now: services.clock.now(), runs: [], errorsLastDay: 0, lastCompleted: undefined };
}
