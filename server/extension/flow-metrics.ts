import type { ConnectionReport, GroupReport, ProcessorReport } from './flow-view.ts';

/** One figure of everything that has it, as Prometheus takes it. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** What is told: of the root group, of all groups, or of processors and connections too. */
export type MetricsDetail = 'root' | 'groups' | 'components';

type Labels = Readonly<Record<string, string>>;
type Row<T> = { readonly labels: Labels; readonly of: T };
type Figure<T> = readonly [name: string, help: string, value: (of: T) => number];

const GROUP_FIGURES: readonly Figure<GroupReport>[] = [
  ['nifi_amount_items_queued', 'Total number of items queued by the component', ({ flowFilesQueued }) => flowFilesQueued],
  ['nifi_size_content_queued_total', 'Total size of content queued in the component', ({ bytesQueued }) => bytesQueued],
  ['nifi_amount_flowfiles_received', 'Total number of FlowFiles received by the component', ({ flowFilesReceived }) => flowFilesReceived],
  ['nifi_amount_flowfiles_sent', 'Total number of FlowFiles sent by the component', ({ flowFilesSent }) => flowFilesSent],
  ['nifi_amount_bytes_read', 'Total number of bytes read by the component', ({ bytesRead }) => bytesRead],
  ['nifi_amount_bytes_written', 'Total number of bytes written by the component', ({ bytesWritten }) => bytesWritten],
  ['nifi_amount_threads_active', 'Total number of threads active for the component', ({ activeThreadCount }) => activeThreadCount],
];

const PROCESSOR_FIGURES: readonly Figure<ProcessorReport>[] = [
  ['nifi_amount_flowfiles_in', 'Number of FlowFiles that came into the component in five minutes', ({ flowFilesIn }) => flowFilesIn],
  ['nifi_amount_flowfiles_out', 'Number of FlowFiles that left the component in five minutes', ({ flowFilesOut }) => flowFilesOut],
  ['nifi_amount_bytes_read', '', ({ bytesRead }) => bytesRead],
  ['nifi_amount_bytes_written', '', ({ bytesWritten }) => bytesWritten],
  ['nifi_amount_threads_active', '', ({ activeThreadCount }) => activeThreadCount],
  ['nifi_processing_task_count', 'Number of tasks that the component has ended in five minutes', ({ taskCount }) => taskCount],
  ['nifi_processing_task_millis', 'What these tasks took, in milliseconds', ({ taskMillis }) => taskMillis],
  ['nifi_running', 'Whether the component is running', ({ runStatus }) => (runStatus === 'Running' ? 1 : 0)],
];

const CONNECTION_FIGURES: readonly Figure<ConnectionReport>[] = [
  ['nifi_amount_items_queued', '', ({ flowFilesQueued }) => flowFilesQueued],
  ['nifi_size_content_queued_total', '', ({ bytesQueued }) => bytesQueued],
  ['nifi_amount_flowfiles_in', '', ({ flowFilesIn }) => flowFilesIn],
  ['nifi_amount_flowfiles_out', '', ({ flowFilesOut }) => flowFilesOut],
  ['nifi_percent_used', 'How full the connection is compared with its back pressure thresholds', ({ percentUsed }) => percentUsed],
];

/** The figures of a flow under the names of NiFi's Prometheus metrics. `instance` names the server. */
export function flowMetrics(root: GroupReport, detail: MetricsDetail, instance: string): Metric[] {
  const groups = detail === 'root' ? [root] : tree(root);
  const labels = (type: string, { id, name }: { id: string; name: string }, parent: string, more: Labels = {}): Labels => ({
    instance,
    component_type: type,
    component_name: name,
    component_id: id,
    parent_id: parent,
    ...more,
  });
  const found = new Map<string, { help: string; values: { labels: Labels; value: number }[] }>();
  const add = <T>(figures: readonly Figure<T>[], rows: readonly Row<T>[]): void => {
    for (const [name, help, value] of figures) {
      const metric = found.get(name) ?? { help, values: [] };
      found.set(name, metric);
      for (const row of rows) metric.values.push({ labels: row.labels, value: value(row.of) });
    }
  };
  add(
    GROUP_FIGURES,
    groups.map((of) => ({ of, labels: labels(of === root ? 'RootProcessGroup' : 'ProcessGroup', of, of.parentId ?? '') })),
  );
  if (detail === 'components') {
    const processors = groups.flatMap((group) => group.processors);
    const connections = groups.flatMap((group) => group.connections);
    add(
      PROCESSOR_FIGURES,
      processors.map((of) => ({ of, labels: labels('Processor', of, of.groupId) })),
    );
    add(
      CONNECTION_FIGURES,
      connections.map((of) => ({ of, labels: labels('Connection', of, of.groupId, endLabels(of)) })),
    );
  }
  return [...found].map(([name, metric]) => ({ name, ...metric }));
}

function endLabels({ sourceId, sourceName, destinationId, destinationName }: ConnectionReport): Labels {
  return { source_id: sourceId, source_name: sourceName, destination_id: destinationId, destination_name: destinationName };
}

function tree(group: GroupReport): GroupReport[] {
  return [group, ...group.groups.flatMap(tree)];
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** The media type of `prometheusText`. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Prometheus' text format 0.0.4; all metrics are gauges. */
export function prometheusText(metrics: readonly Metric[]): string {
  const line = (name: string, labels: Labels, value: number): string =>
    `${name}{${Object.entries(labels)
      .map(([label, text]) => `${label}="${escaped(text)}",`)
      .join('')}} ${value}`;
  return `${metrics.flatMap(({ name, help, values }) => [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...values.map(({ labels, value }) => line(name, labels, value))]).join('\n')}\n`;
}
