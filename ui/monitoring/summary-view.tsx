import {
  type ConnectionStatusSnapshotDto,
  type GroupStatusSnapshotDto,
  type Placed,
  type PortStatusSnapshotDto,
  type ProcessorStatusSnapshotDto,
  type Summary,
  useSummary,
} from '../api/monitoring.ts';
import { IconButton } from '../shared/button.tsx';
import { type Column, DataTable } from '../shared/data-table.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatBytes, formatCount, formatMillis, formatNumberOf, shortType } from '../shared/format.ts';
import { Failure, Loading } from '../shared/message.tsx';
import { runStateOf } from '../shared/run-state.ts';
import { StatusPill } from '../shared/status-pill.tsx';
import { Tabs } from '../shared/tabs.tsx';
import { openView, showOnCanvas, useViewChange } from '../shared/views.ts';
import './monitoring.css';

type TabKey = keyof Summary;
const KEYS = ['processors', 'connections', 'ports', 'groups'] as const satisfies readonly TabKey[];

/** Everything that the flow has, in tables. */
export function SummaryView({ tab: wanted, onClose }: { readonly tab?: string; readonly onClose: () => void }) {
  const { data, error, refetch } = useSummary();
  const change = useViewChange();
  const tab = KEYS.find((key) => key === wanted) ?? 'processors';
  const tabs = KEYS.map((key) => ({
    key,
    title: { processors: 'Processors', connections: 'Connections', ports: 'Ports', groups: 'Process groups' }[key],
    badge: data && <span className="badge">{data[key].length}</span>,
  }));
  return (
    <Dialog title="Summary" subtitle="Figures of the last five minutes" size="huge" onClose={onClose}>
      <div className="monitoring">
        {data ? (
          <Tabs label="Summary" tabs={tabs} current={tab} onChange={(key) => change({ tab: key })}>
            <Table tab={tab} summary={data} />
          </Tabs>
        ) : error ? (
          <Failure title="The summary could not be read" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading>Reading the summary</Loading>
        )}
      </div>
    </Dialog>
  );
}

function show(groupId: string, componentId?: string): void {
  showOnCanvas({ groupId, componentId });
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly groupName: string;
}

/** A column with the name, which leads to the component. */
const name = <T extends Named>(placeOf: (row: T) => readonly [groupId: string, componentId?: string]): Column<T> => ({
  key: 'name',
  title: 'Name',
  value: (row) => row.name,
  show: (row) => (
    <button type="button" className="link" title="Show it on the canvas" onClick={() => show(...placeOf(row))}>
      {row.name || 'Without a name'}
    </button>
  ),
});
const group = <T extends Named>(): Column<T> => ({ key: 'group', title: 'Process group', value: (row) => row.groupName });
const count = <T,>(key: string, title: string, value: (row: T) => number): Column<T> => ({ key, title, align: 'end', value, show: (row) => formatCount(value(row)) });
const bytes = <T,>(key: string, title: string, value: (row: T) => number): Column<T> => ({ key, title, align: 'end', value, show: (row) => formatBytes(value(row)) });

const PROCESSORS: readonly Column<Placed<ProcessorStatusSnapshotDto>>[] = [
  name(({ groupId, id }) => [groupId, id]),
  { key: 'type', title: 'Type', value: ({ type }) => shortType(type) },
  group(),
  { key: 'state', title: 'State', value: ({ runStatus }) => runStatus, show: (row) => <StatusPill state={runStateOf(row)} /> },
  count('in', 'In', ({ flowFilesIn }) => flowFilesIn),
  count('out', 'Out', ({ flowFilesOut }) => flowFilesOut),
  bytes('read', 'Read', ({ bytesRead }) => bytesRead),
  bytes('written', 'Written', ({ bytesWritten }) => bytesWritten),
  count('tasks', 'Tasks', ({ taskCount }) => taskCount),
  { key: 'time', title: 'Time', align: 'end', value: ({ tasksDurationNanos }) => tasksDurationNanos, show: ({ tasksDurationNanos }) => formatMillis(tasksDurationNanos / 1e6) },
];

const CONNECTIONS: readonly Column<Placed<ConnectionStatusSnapshotDto>>[] = [
  name(({ groupId, id }) => [groupId, id]),
  group(),
  { key: 'source', title: 'From', value: ({ sourceName }) => sourceName },
  { key: 'destination', title: 'To', value: ({ destinationName }) => destinationName },
  count('queued', 'Queued', ({ flowFilesQueued }) => flowFilesQueued),
  bytes('size', 'Size', ({ bytesQueued }) => bytesQueued),
  {
    key: 'pressure',
    title: 'Back pressure',
    align: 'end',
    value: ({ percentUseCount, percentUseBytes }) => Math.max(percentUseCount, percentUseBytes),
    show: ({ percentUseCount, percentUseBytes }) => `${Math.max(percentUseCount, percentUseBytes)}%`,
  },
  count('in', 'In', ({ flowFilesIn }) => flowFilesIn),
  count('out', 'Out', ({ flowFilesOut }) => flowFilesOut),
];

const PORTS: readonly Column<Summary['ports'][number]>[] = [
  name<Placed<PortStatusSnapshotDto> & { kind: 'Input port' | 'Output port' }>(({ groupId, id }) => [groupId, id]),
  { key: 'kind', title: 'Kind', value: ({ kind }) => kind },
  group(),
  { key: 'state', title: 'State', value: ({ runStatus }) => runStatus, show: (row) => <StatusPill state={runStateOf(row)} /> },
  count('in', 'In', ({ flowFilesIn }) => flowFilesIn),
  count('out', 'Out', ({ flowFilesOut }) => flowFilesOut),
];

const GROUPS: readonly Column<Placed<GroupStatusSnapshotDto>>[] = [
  name(({ id }) => [id]),
  { key: 'group', title: 'In', value: ({ groupName }) => groupName },
  count('queued', 'Queued', ({ flowFilesQueued }) => flowFilesQueued),
  bytes('size', 'Size', ({ bytesQueued }) => bytesQueued),
  bytes('read', 'Read', ({ bytesRead }) => bytesRead),
  bytes('written', 'Written', ({ bytesWritten }) => bytesWritten),
  count('received', 'Received', ({ flowFilesReceived }) => flowFilesReceived),
  count('sent', 'Sent', ({ flowFilesSent }) => flowFilesSent),
  count('threads', 'Threads', ({ activeThreadCount }) => activeThreadCount),
];

function Table({ tab, summary }: { readonly tab: TabKey; readonly summary: Summary }) {
  const note = formatNumberOf(summary[tab].length, 'component');
  const history = (kind: 'processor' | 'connection' | 'group') => (row: Named) => (
    <IconButton icon="chart" label={`Status history of ${row.name}`} onClick={() => openView({ name: 'status-history', kind, id: row.id, title: row.name })} />
  );
  if (tab === 'processors')
    return <DataTable key={tab} label="Processors" columns={PROCESSORS} rows={summary.processors} keyOf={({ id }) => id} note={note} rowCommands={history('processor')} />;
  if (tab === 'connections')
    return <DataTable key={tab} label="Connections" columns={CONNECTIONS} rows={summary.connections} keyOf={({ id }) => id} note={note} rowCommands={history('connection')} />;
  if (tab === 'ports') return <DataTable key={tab} label="Ports" columns={PORTS} rows={summary.ports} keyOf={({ id }) => id} note={note} />;
  return <DataTable key={tab} label="Process groups" columns={GROUPS} rows={summary.groups} keyOf={({ id }) => id} note={note} rowCommands={history('group')} />;
}
