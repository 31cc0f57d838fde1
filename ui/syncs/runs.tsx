import { type ErrorView, rejectedRowsUrl, type RunView, useRuns } from '../api/syncs.ts';
import { type Column, DataTable } from '../shared/data-table.tsx';
import { formatBytes, formatCount, formatMillis, formatNumberOf } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { RunPill, runStatusTitle } from './pills.tsx';

const CAUSES: Readonly<Record<RunView['cause'], string>> = { SCHEDULE: 'Schedule', MANUAL: 'Sync now', RESTART: 'Sync again', RESEND: 'Sent again' };

const count = (key: string, title: string, value: (run: RunView) => number): Column<RunView> => ({ key, title, align: 'end', value, show: (run) => formatCount(value(run)) });

const COLUMNS: readonly Column<RunView>[] = [
  { key: 'started', title: 'Started', value: ({ started }) => Date.parse(started), show: ({ started }) => new Date(started).toLocaleString() },
  { key: 'stream', title: 'Data', value: ({ streamTitle }) => streamTitle },
  { key: 'status', title: 'Status', value: ({ status }) => runStatusTitle(status), show: ({ status, percent }) => <RunPill status={status} percent={percent} /> },
  { key: 'cause', title: 'Begun by', value: ({ cause }) => CAUSES[cause] },
  count('read', 'Read', ({ figures }) => figures.rowsRead),
  count('sent', 'Sent', ({ figures }) => figures.rowsSent),
  count('unchanged', 'Unchanged', ({ figures }) => figures.rowsUnchanged),
  { ...count('rejected', 'Rejected', ({ figures }) => figures.rowsRejected), show: (run) => <Rejected run={run} /> },
  { key: 'bytes', title: 'Size', align: 'end', value: ({ figures }) => figures.bytes, show: ({ figures }) => formatBytes(figures.bytes) },
  count('requests', 'Requests', ({ figures }) => figures.requests),
  { key: 'duration', title: 'Took', align: 'end', value: ({ durationMillis }) => durationMillis, show: ({ durationMillis }) => formatMillis(durationMillis) },
  {
    key: 'throttled',
    title: 'Throttled',
    align: 'end',
    value: ({ figures }) => figures.throttledMillis,
    show: ({ figures }) => (figures.throttledMillis > 0 ? formatMillis(figures.throttledMillis) : '–'),
  },
];

function Rejected({ run }: { readonly run: RunView }) {
  const rows = formatCount(run.figures.rowsRejected);
  if (run.rejectedKept === 0) return rows;
  return (
    <a className="link" href={rejectedRowsUrl(run)} download title="Download the rejected rows with their reasons (CSV)">
      {rows}
    </a>
  );
}

/** Every run, and what went wrong in the latest one that had errors. */
export function Runs({ id }: { readonly id: string }) {
  const { data: runs, error, refetch } = useRuns(id);
  if (!runs) return error ? <Failure title="The runs could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the runs</Loading>;
  if (runs.length === 0)
    return (
      <EmptyState icon="history" title="No runs yet">
        Each run is listed here with what it read, sent, skipped and rejected.
      </EmptyState>
    );
  const troubled = runs.find(({ errors }) => errors.length > 0);
  return (
    <>
      {troubled && <Errors run={troubled} />}
      <DataTable label="Runs" columns={COLUMNS} rows={runs} keyOf={(run) => String(run.id)} note={formatNumberOf(runs.length, 'run')} />
    </>
  );
}

function Errors({ run: { errors, started } }: { readonly run: RunView }) {
  return (
    <section className="sync-errors" aria-label="Errors">
      <h3>Errors of the run of {new Date(started).toLocaleString()}</h3>
      {errors.map((error) => (
        <OneError key={`${error.componentId} ${error.summary} ${error.at}`} error={error} />
      ))}
    </section>
  );
}

function OneError({ error: { summary, message, code, whatToDo, componentName, count: times, at } }: { readonly error: ErrorView }) {
  return (
    <details>
      <summary>
        {summary}
        {times > 1 && <span className="badge">{formatCount(times)}</span>}
      </summary>
      <p>{whatToDo}</p>
      <p className="sync-message">
        {[new Date(at).toLocaleString(), componentName, code].filter(Boolean).join(' · ')}: {message}
      </p>
    </details>
  );
}
