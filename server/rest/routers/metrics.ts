import { flowMetrics, PROMETHEUS_TYPE, prometheusText } from '../../extension/flow-metrics.ts';
import { NotFoundError } from '../../engine/errors.ts';
import type { Routes } from '../routes.ts';
import { API_VERSION } from '../services.ts';

/** /flow/metrics */
export function addMetricsRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.raw('get', '/metrics/:producer', (call, response) => {
    const producer = call.parameter('producer');
    if (producer !== 'prometheus' && producer !== 'json') throw new NotFoundError(`Unable to find flow metrics producer '${producer}': there are prometheus and json.`);
    const metrics = flowMetrics(flow.runtime.view.status(), 'groups', 'millrace');
    if (producer === 'prometheus') return response.type(PROMETHEUS_TYPE).send(prometheusText(metrics));
    return response.json({ version: API_VERSION, samples: metrics.flatMap(({ name, values }) => values.map(({ labels, value }) => ({ name, labels, value }))) });
  });
}
