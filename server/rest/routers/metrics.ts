import { flowMetrics, type Metric, type MetricsDetail, PROMETHEUS_TYPE, prometheusText } from '../../extension/flow-metrics.ts';
import { InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import type { Call } from '../call.ts';
import type { EntityView } from '../dto/common.ts';
import type { Routes } from '../routes.ts';
import { pattern } from './flow-info.ts';

const STRATEGIES: Readonly<Record<string, MetricsDetail>> = { ALL_PROCESS_GROUPS: 'groups', ALL_COMPONENTS: 'components' };

/** Labels with the name of a component, and those with its id. */
const NAMES = { component_name: 'component_id', source_name: 'source_id', destination_name: 'destination_id' };

/** Components that may not be read go by their ids. */
function asShown(metric: Metric, view: EntityView): Metric {
  if (view.rights.isUnlimited) return metric;
  const shown = (labels: Metric['values'][number]['labels']) => {
    const hidden = Object.entries(NAMES).flatMap(([name, id]) => {
      const component = view.find(labels[id] ?? '');
      return component && !view.rights.may('read', component) ? [[name, component.id]] : [];
    });
    return { ...labels, ...Object.fromEntries(hidden) };
  };
  return { ...metric, values: metric.values.map(({ labels, value }) => ({ labels: shown(labels), value })) };
}

/** How much the query asks for. Throws InvalidRequestError. */
function detailOf(call: Call): MetricsDetail {
  const strategy = call.query('flowMetricsReportingStrategy') ?? 'ALL_COMPONENTS';
  const detail = STRATEGIES[strategy];
  if (!detail) throw new InvalidRequestError(`The query parameter flowMetricsReportingStrategy must be one of ${Object.keys(STRATEGIES).join(', ')}, not '${strategy}'.`);
  return detail;
}

/** The metrics that the query asks for: `sampleName` and `sampleLabelValue` are patterns, one of which must match. */
function metricsFor(call: Call): Metric[] {
  const metrics = flowMetrics(call.services.flow.runtime.view.status(), detailOf(call), 'millrace').map((metric) => asShown(metric, call.view));
  const [byName, byLabel] = [pattern(call, 'sampleName'), pattern(call, 'sampleLabelValue')];
  if (!byName && !byLabel) return metrics;
  return metrics
    .map((metric) => ({
      ...metric,
      values: byName?.test(metric.name) ? metric.values : metric.values.filter(({ labels }) => byLabel && Object.values(labels).some((value) => byLabel.test(value))),
    }))
    .filter(({ values }) => values.length > 0);
}

/** /flow/metrics */
export function addMetricsRoutes(routes: Routes): void {
  routes.raw('get', '/metrics/:producer', (call, response) => {
    const producer = call.parameter('producer').toLowerCase();
    if (producer !== 'prometheus' && producer !== 'json') throw new NotFoundError(`Unable to find flow metrics producer '${producer}': there are prometheus and json.`);
    const metrics = metricsFor(call);
    if (producer === 'prometheus') return response.type(PROMETHEUS_TYPE).send(prometheusText(metrics));
    const samples = metrics.flatMap(({ name, values }) => values.map(({ labels, value }) => ({ name, labels, value })));
    return response.json({ [call.query('rootFieldName') ?? 'samples']: samples });
  });
}
