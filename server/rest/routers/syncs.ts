import type { Router } from 'express';
import { ConflictError, InvalidRequestError } from '../../engine/errors.ts';
import { checkRevision } from '../../engine/revision.ts';
import { changedContexts, editFlow, type StreamEdit } from '../../syncs/edit.ts';
import { allRuns, errorsLastDay, lastCompleted } from '../../syncs/run-view.ts';
import { checkTimeZone } from '../../syncs/schedule-words.ts';
import type { Sync } from '../../syncs/sync.ts';
import { summaryView, syncView } from '../../syncs/sync-view.ts';
import { activate, pause, resume, runNow } from '../../syncs/operations.ts';
import type { Syncs } from '../../syncs/syncs.ts';
import { checkDefinition } from '../authorization/definitions.ts';
import type { Call, RevisionBody } from '../call.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, flag, mapOf, object, optional, revision, text, textMap, texts, withoutNulls } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { addRunRoutes } from './sync-runs.ts';
import { syncsOf } from '../syncs/offered.ts';

const createBody = bodyCheck<{
  connector: string;
  name: string;
  parentGroupId?: string | null;
  shared?: Record<string, string> | null;
  timeZone?: string | null;
  clientId?: string | null;
}>(object({ connector: { type: 'string' }, name: { type: 'string' }, parentGroupId: text, shared: textMap, timeZone: text, clientId: text }, ['connector', 'name']));

const target = object({ enabled: flag, query: text, mapping: text });
const editBody = bodyCheck<{
  revision: RevisionBody;
  name?: string | null;
  values?: Record<string, string | null> | null;
  streams?: Record<string, StreamEdit> | null;
  schedule?: { strategy: 'CRON_DRIVEN' | 'TIMER_DRIVEN'; period: string } | null;
  timeZone?: string | null;
  contacts?: { emails?: string[] | null; webhook?: string | null } | null;
  runLog?: { service: string; table: string } | null;
}>(
  object(
    {
      revision,
      name: text,
      values: textMap,
      streams: mapOf(target),
      schedule: optional({ strategy: { enum: ['CRON_DRIVEN', 'TIMER_DRIVEN'] }, period: { type: 'string' } }, ['strategy', 'period']),
      timeZone: text,
      contacts: optional({ emails: texts, webhook: text }),
      runLog: optional({ service: { type: 'string' }, table: { type: 'string' } }, ['service', 'table']),
    },
    ['revision'],
  ),
);

/** Throws InvalidRequestError for what nobody could be reached at. */
function checkContacts({ emails, webhook }: { emails?: string[] | null; webhook?: string | null }): void {
  const wrong = (emails ?? []).find((each) => !/^[^\s@<>]+@[^\s@<>]+$/.test(each));
  if (wrong !== undefined) throw new InvalidRequestError(`'${wrong}' is not an e-mail address.`);
  if (webhook && !/^https?:$/.test(URL.parse(webhook)?.protocol ?? '')) throw new InvalidRequestError('The webhook must be an address that begins with http:// or https://.');
}

/** A schedule that runs goes on in the zone in which it was started. Throws InvalidRequestError and ConflictError. */
function checkNewZone(sync: Sync, timeZone: string): void {
  checkTimeZone(timeZone);
  const runs = sync.sources.some(({ state }) => state === 'RUNNING');
  if (runs && timeZone !== sync.record.timeZone) throw new ConflictError(`${sync.label} runs in the time zone ${sync.record.timeZone}. Pause it before you change that.`);
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
  routes.put('/:id', async (call) => {
    const syncs = syncsOf(services);
    const sync = syncs.get(call.id);
    const { revision: claimed, ...edit } = withoutNulls(call.body(editBody));
    const claim = call.claim(claimed);
    checkRevision({ id: sync.id, revision: sync.record.revision }, claim);
    const { timeZone, contacts, runLog } = edit;
    if (timeZone !== undefined) checkNewZone(sync, timeZone);
    if (contacts) checkContacts(contacts);
    for (const context of changedContexts(sync, edit)) for (const group of services.flow.boundGroups(context)) call.rights.check('write', group);
    await editFlow(services.flow, sync, edit, call.user);
    const others = {
      ...(timeZone !== undefined && { timeZone }),
      ...(contacts && { emails: contacts.emails ?? [], webhook: contacts.webhook ?? null }),
      ...(runLog && { runLog }),
    };
    syncs.change(sync, claim, others);
    return whole(sync, call);
  });
  routes.delete('/:id', (call) => {
    const sync = syncsOf(services).get(call.id);
    checkRevision({ id: sync.id, revision: sync.record.revision }, call.claimFromQuery());
    if (call.flag('keepGroup')) syncsOf(services).forget(sync);
    else services.flow.remove(sync.group, { version: sync.group.revision.version, user: call.user });
    return { id: sync.id };
  });
  addOperations(routes);
  return routes.router;
}

export function whole(sync: Sync, call: Call) {
  return syncView(syncsOf(call.services), sync, extras(sync, call));
}

function extras(sync: Sync, { rights, services }: Call) {
  const { group } = sync;
  const now = services.clock.now();
  const permissions = { canRead: rights.may('read', group), canWrite: rights.may('write', group), canOperate: rights.mayOperate(group) };
  const runs = allRuns(services.flow, sync);
  return { permissions, now, runs, errorsLastDay: errorsLastDay(runs, now), lastCompleted: lastCompleted(runs) };
}

/** What is done with a sync. */
function addOperations(routes: Routes): void {
  const { services } = routes;
  const on = (call: Call): [Syncs, Sync] => [syncsOf(services), syncsOf(services).get(call.id)];
  const done = (act: (syncs: Syncs, sync: Sync, user: string) => void | Promise<void>) => async (call: Call) => {
    const [syncs, sync] = on(call);
    await act(syncs, sync, call.user);
    return whole(sync, call);
  };
  routes.get('/:id/test', (call) => on(call)[0].tests.of(on(call)[1]));
  routes.accept('/:id/test', (call) => on(call)[0].tests.begin(on(call)[1]));
  routes.post('/:id/activate', done(activate));
  routes.post('/:id/pause', done(pause));
  routes.post('/:id/resume', done(resume));
  routes.post('/:id/retry', done(resume));
  routes.accept('/:id/run', done(runNow));
  addRunRoutes(routes);
}
