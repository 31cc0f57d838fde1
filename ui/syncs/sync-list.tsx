import { type SyncSummaryView, useSyncs } from '../api/syncs.ts';
import { Button } from '../shared/button.tsx';
import { type Column, DataTable } from '../shared/data-table.tsx';
import { formatAgo, formatCount, formatMillis, formatNumberOf } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { openView } from '../shared/views.ts';
import { SyncPill, syncStatusTitle } from './pills.tsx';
import { RowsPerRun } from './rows-per-run.tsx';
import { SyncActs } from './sync-acts.tsx';
import { Route } from './system-mark.tsx';

const when = (moment: string | null): number => (moment === null ? 0 : Date.parse(moment));

const COLUMNS: readonly Column<SyncSummaryView>[] = [
  {
    key: 'name',
    title: 'Sync',
    value: ({ name }) => name,
    show: ({ id, name, source, destination }) => (
      <span className="sync-name">
        <button type="button" className="link" onClick={() => openView({ name: 'sync', id })}>
          {name}
        </button>
        <Route source={source} destination={destination} />
      </span>
    ),
  },
  { key: 'status', title: 'Status', value: ({ status }) => syncStatusTitle(status), show: ({ status }) => <SyncPill status={status} /> },
  {
    key: 'errors',
    title: 'Errors in 24 h',
    align: 'end',
    value: ({ errorsLastDay }) => errorsLastDay,
    show: ({ errorsLastDay }) => <span data-bad={errorsLastDay > 0 || undefined}>{formatCount(errorsLastDay)}</span>,
  },
  { key: 'last', title: 'Last sync', value: ({ lastSync }) => when(lastSync), show: ({ lastSync }) => (lastSync ? formatAgo(Date.parse(lastSync), Date.now()) : 'Never') },
  {
    key: 'freshness',
    title: 'Freshness',
    align: 'end',
    value: ({ freshnessSeconds }) => freshnessSeconds ?? Number.MAX_SAFE_INTEGER,
    show: ({ freshnessSeconds }) => (freshnessSeconds === null ? '–' : formatMillis(freshnessSeconds * 1000)),
  },
  { key: 'next', title: 'Next run', value: ({ nextRun }) => when(nextRun), show: ({ nextRun }) => (nextRun ? new Date(nextRun).toLocaleString() : '–') },
  { key: 'rows', title: 'Rows per run', value: ({ rowsPerRun }) => rowsPerRun.at(-1)?.sent ?? 0, show: ({ rowsPerRun }) => <RowsPerRun runs={rowsPerRun} /> },
];

/** All syncs, how they are, and what can be done with them. */
export function SyncList({ onGallery }: { readonly onGallery: () => void }) {
  const { data: syncs, error, refetch } = useSyncs();
  const setUp = (
    <Button size="small" tone="primary" icon="plus" onClick={onGallery}>
      Set up a sync
    </Button>
  );
  if (!syncs) return error ? <Failure title="The syncs could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the syncs</Loading>;
  if (syncs.length === 0)
    return (
      <EmptyState icon="refresh" title="No syncs yet" actions={setUp}>
        A sync moves customer data from one system to another on a schedule, and keeps a history of what it did.
      </EmptyState>
    );
  return (
    <DataTable
      label="Syncs"
      columns={COLUMNS}
      rows={syncs}
      keyOf={({ id }) => id}
      note={formatNumberOf(syncs.length, 'sync')}
      commands={setUp}
      rowCommands={(sync) => <SyncActs sync={sync} />}
    />
  );
}
