import { NotFoundError } from '../../engine/errors.ts';
import { groupTotals } from '../dto/group-status.ts';
import type { Routes } from '../routes.ts';
import type { Call } from '../call.ts';
import { API_VERSION } from '../services.ts';

interface Sample {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Figures of every group, under the names of NiFi's Prometheus metrics. */
function samples({ services: { flow }, view }: Call): Sample[] {
  const groups = [...flow.root.tree()].map((group) => ({
    totals: groupTotals(group, view),
    labels: {
      instance: 'millrace',
      component_type: group.group ? 'ProcessGroup' : 'RootProcessGroup',
      component_name: group.name,
      component_id: group.id,
      parent_id: group.group?.id ?? '',
    },
  }));
  const of = (name: string, help: string, value: (totals: (typeof groups)[number]['totals']) => number): Sample => ({
    name,
    help,
    type: 'gauge',
    values: groups.map(({ labels, totals }) => ({ labels, value: value(totals) })),
  });
  return [
    of('nifi_amount_items_queued', 'Total number of items queued by the component', ({ flowFilesQueued }) => flowFilesQueued),
    of('nifi_size_content_queued_total', 'Total size of content queued in the component', ({ bytesQueued }) => bytesQueued),
    of('nifi_amount_flowfiles_received', 'Total number of FlowFiles received by the component', ({ figures }) => figures.flowFilesReceived),
    of('nifi_amount_flowfiles_sent', 'Total number of FlowFiles sent by the component', ({ figures }) => figures.flowFilesSent),
    of('nifi_amount_bytes_read', 'Total number of bytes read by the component', ({ figures }) => figures.bytesRead),
    of('nifi_amount_bytes_written', 'Total number of bytes written by the component', ({ figures }) => figures.bytesWritten),
    of('nifi_amount_threads_active', 'Total number of threads active for the component', ({ activeThreadCount }) => activeThreadCount),
  ];
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function prometheus(metrics: readonly Sample[]): string {
  const line = (name: string, labels: Readonly<Record<string, string>>, value: number): string =>
    `${name}{${Object.entries(labels)
      .map(([label, text]) => `${label}="${escaped(text)}",`)
      .join('')}} ${value}`;
  return `${metrics.flatMap(({ name, help, type, values }) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values.map(({ labels, value }) => line(name, labels, value))]).join('\n')}\n`;
}

/** /flow/metrics */
export function addMetricsRoutes(routes: Routes): void {
  routes.raw('get', '/metrics/:producer', (call, response) => {
    const producer = call.parameter('producer');
    if (producer === 'prometheus') return response.type('text/plain; version=0.0.4; charset=utf-8').send(prometheus(samples(call)));
    if (producer !== 'json') throw new NotFoundError(`Unable to find flow metrics producer '${producer}': there are prometheus and json.`);
    return response.json({ version: API_VERSION, samples: samples(call).flatMap(({ name, values }) => values.map(({ labels, value }) => ({ name, labels, value }))) });
  });
}
