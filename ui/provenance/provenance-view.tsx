import { useState } from 'react';
import { type ProvenanceEventDto, type ProvenanceSearch, useProvenance } from '../api/provenance.ts';
import { Button } from '../shared/button.tsx';
import { type Column, DataTable } from '../shared/data-table.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatBytes, shortUuid } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { EventDetail } from './event-detail.tsx';
import { LineageView } from './lineage-view.tsx';
import { SearchForm } from './search-form.tsx';
import './provenance.css';

interface ProvenanceViewProps {
  readonly componentId?: string;
  readonly flowFileUuid?: string;
  readonly onClose: () => void;
}

/** What happened to FlowFiles: search, one event in detail, and the way of one FlowFile. */
export function ProvenanceView({ componentId = '', flowFileUuid = '', onClose }: ProvenanceViewProps) {
  const [search, setSearch] = useState<ProvenanceSearch>({ terms: { ProcessorID: componentId, FlowFileUUID: flowFileUuid } });
  const [event, setEvent] = useState<string>();
  const [lineageOf, setLineageOf] = useState<string>();
  return (
    <Dialog title="Provenance" subtitle="What happened to FlowFiles, newest first" size="huge" onClose={onClose}>
      <div className="provenance">
        {lineageOf === undefined ? (
          <>
            <SearchForm search={search} onSearch={setSearch} />
            <Results search={search} onShow={setEvent} onLineage={setLineageOf} />
          </>
        ) : (
          <LineageView uuid={lineageOf} onShow={setEvent} onBack={() => setLineageOf(undefined)} />
        )}
      </div>
      {event !== undefined && <EventDetail id={event} onLineage={setLineageOf} onClose={() => setEvent(undefined)} />}
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
