import { useMemo } from 'react';
import { type ProvenanceEventDto, type ProvenanceSearch, useProvenance } from '../api/provenance.ts';
import { Button } from '../shared/button.tsx';
import { type Column, DataTable } from '../shared/data-table.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatBytes, shortUuid } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { type ProvenanceFields, useViewChange } from '../shared/views.ts';
import { EventDetail } from './event-detail.tsx';
import { LineageView } from './lineage-view.tsx';
import { SearchForm, searchOf } from './search-form.tsx';
import './provenance.css';

interface ProvenanceViewProps extends ProvenanceFields {
  readonly onClose: () => void;
}

/** What happened to FlowFiles: search, one event in detail, and the way of one FlowFile. */
export function ProvenanceView({ event, lineageOf, onClose, ...fields }: ProvenanceViewProps) {
  const change = useViewChange();
  const key = JSON.stringify(fields);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same words are the same search.
  const search = useMemo(() => searchOf(fields), [key]);
  const onShow = (id: string) => change({ event: id });
  const onLineage = (uuid: string | undefined) => change({ lineageOf: uuid, event: undefined });
  return (
    <Dialog title="Provenance" subtitle="What happened to FlowFiles, newest first" size="huge" onClose={onClose}>
      <div className="provenance">
        {lineageOf === undefined ? (
          <>
            <SearchForm fields={fields} onSearch={change} />
            <Results search={search} onShow={onShow} onLineage={onLineage} />
          </>
        ) : (
          <LineageView uuid={lineageOf} onShow={onShow} onBack={() => onLineage(undefined)} />
        )}
      </div>
      {event !== undefined && <EventDetail id={event} onLineage={onLineage} onClose={() => change({ event: undefined })} />}
    </Dialog>
  );
}

interface ResultsProps {
  readonly search: ProvenanceSearch;
  readonly onShow: (id: string) => void;
  readonly onLineage: (uuid: string) => void;
}

function Results({ search, onShow, onLineage }: ResultsProps) {
  const { data, error, isFetching, refetch } = useProvenance(search);
  if (error) return <Failure title="The events could not be searched" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading>Searching</Loading>;
  if (data.provenanceEvents.length === 0)
    return (
      <EmptyState icon="path" title="No events">
        Nothing that fits has happened{data.oldestEvent ? ` since ${data.oldestEvent}` : ''}.
      </EmptyState>
    );
  return (
    <DataTable
      label="Events"
      columns={columns(onShow, onLineage)}
      rows={data.provenanceEvents}
      keyOf={({ id }) => id}
      note={`${data.total} found`}
      commands={
        <Button size="small" icon="refresh" busy={isFetching} onClick={() => void refetch()}>
          Search again
        </Button>
      }
    />
  );
}

function columns(onShow: ResultsProps['onShow'], onLineage: ResultsProps['onLineage']): readonly Column<ProvenanceEventDto>[] {
  return [
    {
      key: 'time',
      title: 'Time',
      value: ({ eventId }) => eventId,
      show: ({ id, eventTime }) => (
        <button type="button" className="link" onClick={() => onShow(id)}>
          {eventTime}
        </button>
      ),
    },
    { key: 'type', title: 'Event', value: ({ eventType }) => eventType, show: ({ eventType }) => <span className="tag">{eventType}</span> },
    { key: 'component', title: 'Component', value: ({ componentName }) => componentName },
    {
      key: 'flowfile',
      title: 'FlowFile',
      value: ({ flowFileUuid }) => flowFileUuid,
      show: ({ flowFileUuid }) => (
        <button type="button" className="link mono" title="Show its lineage" onClick={() => onLineage(flowFileUuid)}>
          {shortUuid(flowFileUuid)}
        </button>
      ),
    },
    { key: 'size', title: 'Size', align: 'end', value: ({ fileSizeBytes }) => fileSizeBytes, show: ({ fileSizeBytes }) => formatBytes(fileSizeBytes) },
    { key: 'details', title: 'Details', value: ({ details, transitUri, relationship }) => details ?? transitUri ?? relationship ?? '' },
  ];
}
