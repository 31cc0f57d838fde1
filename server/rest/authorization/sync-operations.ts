import { codeAmong } from './code.ts';
import * as ref from './references.ts';
import { anyone, filtered, operate, type Operations, read, write } from './rules.ts';
import * as at from './targets.ts';

const flow = read(at.globally('/flow'));

/** Who may do what with syncs: a sync is its process group. */
export const syncOperations: Operations = {
  'GET /api/openapi.json': anyone,
  'GET /api/syncs': [flow, filtered('read /process-groups')],
  // What the connector brings is checked when it has been read.
  'POST /api/syncs': [flow, write(at.parentOfSync)],
  'GET /api/syncs/{id}': [read(at.group)],
  'PUT /api/syncs/{id}': [read(at.group), write(at.group), write(at.everythingWithin), write(codeAmong(at.everythingWithin)), write(ref.contextsWithin)],
  'DELETE /api/syncs/{id}': [write(at.group), write(at.parentGroup), read(ref.servicesNamedWithin), write(at.everythingWithin)],
  'GET /api/syncs/{id}/test': [read(at.group)],
  ...Object.fromEntries(['test', 'activate', 'pause', 'resume', 'retry', 'run'].map((what) => [`POST /api/syncs/{id}/${what}`, [read(at.group), operate(at.group)]])),
  'GET /api/syncs/{id}/runs': [read(at.group)],
  'GET /api/syncs/{id}/runs/{run}': [read(at.group)],
  // They are data that went through the group.
  'GET /api/syncs/{id}/runs/{run}/rejected-rows': [read(at.aspect('data', at.group))],
  'GET /api/syncs/{id}/runs/{run}/rejected-rows/csv': [read(at.aspect('data', at.group))],
};
