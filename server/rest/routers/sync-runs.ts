import { InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import { rejectedCsv, rejectedRowView } from '../../syncs/rejected-rows.ts';
import { runsOf, runView } from '../../syncs/run-view.ts';
import type { Call } from '../call.ts';
import type { Routes } from '../routes.ts';
import { syncsOf } from '../syncs/offered.ts';

const [RUNS, MOST_RUNS, ROWS, MOST_ROWS] = [50, 200, 100, 1000];

/** /api/syncs/{id}/runs, and the rows that were not accepted. */
export function addRunRoutes(routes: Routes): void {
  const { services } = routes;
  const { flow } = services;
  const { store } = flow.runtime.config;
  const runOf = (call: Call) => {
    const sync = syncsOf(services).get(call.id);
    const run = flow.runtime.journal.runs.find(Number(call.parameter('run')));
    if (!run || run.data.syncId !== sync.id) throw new NotFoundError(`${sync.label} has no run ${call.parameter('run')}. The latest 500 are kept.`);
    return { sync, run };
  };
  const rejectedOf = (call: Call, limit: number, after?: number) => {
    flow.runtime.journal.flush();
    return store.rejectedRows(runOf(call).run.id, limit, after).map(rejectedRowView);
  };
  routes.get('/:id/runs', (call) => ({ runs: runsOf(flow, syncsOf(services).get(call.id), limitOf(call, RUNS, MOST_RUNS), call.number('before')) }));
  routes.get('/:id/runs/:run', (call) => runView(flow, runOf(call).sync, runOf(call).run));
  routes.get('/:id/runs/:run/rejected-rows', (call) => {
    const { run } = runOf(call);
    return { rows: rejectedOf(call, limitOf(call, ROWS, MOST_ROWS), call.number('after')), kept: run.kept, total: run.figures.rowsRejected };
  });
  routes.raw('get', '/:id/runs/:run/rejected-rows/csv', (call, response) => {
    const { sync, run } = runOf(call);
    response
      .attachment(`${sync.name.replaceAll(/[^\w.-]+/g, '_')}-run-${run.id}-rejected.csv`)
      .type('text/csv')
      .send(rejectedCsv(rejectedOf(call, MOST_ROWS)));
  });
}

function limitOf(call: Call, otherwise: number, most: number): number {
  const limit = call.number('limit') ?? otherwise;
  if (limit < 1 || limit > most) throw new InvalidRequestError(`limit must be a whole number from 1 to ${most}.`);
  return limit;
}
