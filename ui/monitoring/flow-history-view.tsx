import { useState } from 'react';
import { type Action, HISTORY_PAGE, useFlowHistory } from '../api/monitoring.ts';
import { Button } from '../shared/button.tsx';
import { type Column, DataTable } from '../shared/data-table.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatCount } from '../shared/format.ts';
import { Failure, Loading } from '../shared/message.tsx';
import './monitoring.css';

const change = ({ actionDetails: detail }: Action): string => (detail ? `${detail.name}: ${detail.previousValue ?? 'nothing'} to ${detail.value ?? 'nothing'}` : '');

const COLUMNS: readonly Column<Action>[] = [
  { key: 'time', title: 'Time', value: ({ id }) => id, show: ({ timestamp }) => timestamp },
  { key: 'user', title: 'User', value: ({ userIdentity }) => userIdentity },
  { key: 'operation', title: 'Operation', value: ({ operation }) => operation, show: ({ operation }) => <span className="tag">{operation}</span> },
  { key: 'name', title: 'Component', value: ({ sourceName }) => sourceName },
  { key: 'type', title: 'Kind', value: ({ sourceType }) => sourceType },
  { key: 'change', title: 'Change', value: change, show: (row) => <span title={change(row)}>{change(row)}</span> },
];

/** Who has changed what. */
export function FlowHistoryView({ onClose }: { readonly onClose: () => void }) {
  const [page, setPage] = useState(0);
  const { data, error, refetch } = useFlowHistory(page, '');
  const from = page * HISTORY_PAGE;
  return (
    <Dialog title="Flow history" subtitle="Who has changed what, newest first" size="huge" onClose={onClose}>
      <div className="monitoring">
        {data ? (
          <DataTable
            label="Changes"
            columns={COLUMNS}
            rows={data.actions}
            keyOf={({ id }) => String(id)}
            note={`${formatCount(Math.min(from + 1, data.total))} to ${formatCount(from + data.actions.length)} of ${formatCount(data.total)}`}
            commands={
              <>
                <Button size="small" disabled={page === 0} onClick={() => setPage(page - 1)}>
                  Newer
                </Button>
                <Button size="small" disabled={from + HISTORY_PAGE >= data.total} onClick={() => setPage(page + 1)}>
                  Older
                </Button>
              </>
            }
          />
        ) : error ? (
          <Failure title="The history could not be read" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading>Reading the history</Loading>
        )}
      </div>
    </Dialog>
  );
}
