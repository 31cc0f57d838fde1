import { useCallback, useMemo, useState } from 'react';
import { type HistoryKind, type StatusHistory, useStatusHistory } from '../api/monitoring.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Field } from '../shared/field.tsx';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { Select } from '../shared/select.tsx';
import { Chart } from './chart.tsx';
import { figuresOf, formatValue, seriesOf } from './series.ts';
import './monitoring.css';

interface StatusHistoryViewProps {
  readonly kind: HistoryKind;
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** What a component did during the last day, minute by minute. */
export function StatusHistoryView({ kind, id, title, onClose }: StatusHistoryViewProps) {
  const { data, error, refetch } = useStatusHistory(kind, id);
  return (
    <Dialog title="Status history" subtitle={title} size="huge" onClose={onClose}>
      {data ? (
        data.aggregateSnapshots.length > 0 ? (
          <History history={data} />
        ) : (
          <EmptyState icon="chart" title="Nothing has been noted yet">
            Figures are noted once a minute.
          </EmptyState>
        )
      ) : error ? (
        <Failure title="The history could not be read" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>Reading the history</Loading>
      )}
    </Dialog>
  );
}

function History({ history }: { readonly history: StatusHistory }) {
  const { fieldDescriptors } = history;
  const [chosen, setChosen] = useState(fieldDescriptors[0]!.field);
  const descriptor = fieldDescriptors.find(({ field }) => field === chosen) ?? fieldDescriptors[0]!;
  const { field, formatter } = descriptor;
  const series = useMemo(() => seriesOf(history, field), [history, field]);
  const { least, most, mean } = figuresOf(series.values);
  const format = useCallback((value: number) => formatValue(value, formatter), [formatter]);
  return (
    <div className="status-history">
      <Field label="Figure" hint={descriptor.description}>
        {({ id }) => <Select id={id} value={chosen} choices={fieldDescriptors.map((each) => ({ value: each.field, label: each.label }))} onChange={setChosen} />}
      </Field>
      <Chart label={descriptor.label} series={series} format={format} />
      <dl className="status-figures">
        {Object.entries({ Least: least, Mean: mean, Most: most }).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{format(value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
