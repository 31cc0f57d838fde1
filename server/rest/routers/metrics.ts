import { flowMetrics, type Metric, PROMETHEUS_TYPE, prometheusText } from '../../extension/flow-metrics.ts';
import { NotFoundError } from '../../engine/errors.ts';
import type { EntityView } from '../dto/common.ts';
import type { Routes } from '../routes.ts';
import { API_VERSION } from '../services.ts';

/** Groups that may not be read go by their ids. */
function asShown(metric: Metric, view: EntityView): Metric {
  const shown = (labels: Metric['values'][number]['labels']) => {
    const component = view.find(labels.component_id ?? '');
    return component && !view.rights.may('read', component) ? { ...labels, component_name: component.id } : labels;
  };
  return view.rights.isUnlimited ? metric : { ...metric, values: metric.values.map(({ labels, value }) => ({ labels: shown(labels), value })) };
}

/** /flow/metrics */
export function addMetricsRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.raw('get', '/metrics/:producer', (call, response) => {
    const producer = call.parameter('producer');
    if (producer !== 'prometheus' && producer !== 'json') throw new NotFoundError(`Unable to find flow metrics producer '${producer}': there are prometheus and json.`);
    const metrics = flowMetrics(flow.runtime.view.status(), 'groups', 'millrace').map((metric) => asShown(metric, call.view));
    if (producer === 'prometheus') return response.type(PROMETHEUS_TYPE).send(prometheusText(metrics));
    return response.json({ version: API_VERSION, samples: metrics.flatMap(({ name, values }) => values.map(({ labels, value }) => ({ name, labels, value }))) });
  });
}
