import { type CounterDto, useCounters, useResetCounter } from '../api/monitoring.ts';
import { Button, IconButton } from '../shared/button.tsx';
import { type Column, DataTable } from '../shared/data-table.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatCount, formatNumberOf } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { noticeFailed } from '../shared/notices.ts';
import './monitoring.css';

const COLUMNS: readonly Column<CounterDto>[] = [
  { key: 'context', title: 'Component', value: ({ context }) => context },
  { key: 'name', title: 'Counter', value: ({ name }) => name },
  { key: 'value', title: 'Value', align: 'end', value: ({ valueCount }) => valueCount, show: ({ valueCount }) => formatCount(valueCount) },
];

/** What components count, with a way to begin at 0 again. */
export function CountersView({ onClose }: { readonly onClose: () => void }) {
  const { data: counters, error, refetch } = useCounters();
  const reset = useResetCounter();
  const begin = (id?: string) => reset.mutate(id, { onError: (failure) => noticeFailed('The counter was not reset.', failure) });
  return (
    <Dialog title="Counters" size="huge" onClose={onClose}>
      <div className="monitoring">
        {counters && counters.length > 0 && (
          <DataTable
            label="Counters"
            columns={COLUMNS}
            rows={counters}
            keyOf={({ id }) => id}
            note={formatNumberOf(counters.length, 'counter')}
            commands={
              <Button size="small" icon="undo" busy={reset.isPending} onClick={() => begin()}>
                Reset all
              </Button>
            }
            rowCommands={({ id, name, context }) => <IconButton icon="undo" label={`Reset ${name} of ${context}`} onClick={() => begin(id)} />}
          />
        )}
        {counters?.length === 0 && (
          <EmptyState icon="sort" title="No counters">
            Components make them when they first count something.
          </EmptyState>
        )}
        {!counters && (error ? <Failure title="The counters could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the counters</Loading>)}
      </div>
    </Dialog>
  );
}
