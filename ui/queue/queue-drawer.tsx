import { useState } from 'react';
import { useListing } from '../api/queues.ts';
import type { ConnectionEntity, FlowFileSummaryDto, ListingRequestDto } from '../api/shapes.ts';
import { Button, IconButton } from '../shared/button.tsx';
import { formatBytes, formatCount, formatMillis, formatNumberOf } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { FlowFileDetail } from './flowfile-detail.tsx';
import './queue.css';

interface QueueDrawerProps {
  readonly entity: ConnectionEntity;
  readonly onEmpty: () => void;
  readonly onClose: () => void;
}

/** What waits in a connection. A listing is a moment: the queue goes on while one looks. */
export function QueueDrawer({ entity: { id, component, status }, onEmpty, onClose }: QueueDrawerProps) {
  const { data: listing, error, isFetching, refetch } = useListing(id);
  const { flowFilesQueued, bytesQueued } = status.aggregateSnapshot;
  return (
    <section className="queue" aria-label={`Queue of ${status.name || 'the connection'}`}>
      <header className="queue-head">
        <h2>Queue</h2>
        <p>
          from {component.source.name} to {component.destination.name}
          <span className="faint">
            {' '}
            · {formatNumberOf(flowFilesQueued, 'FlowFile')} now · {formatBytes(bytesQueued)}
          </span>
        </p>
        <Button size="small" icon="refresh" busy={isFetching} onClick={() => void refetch()}>
          List again
        </Button>
        <Button size="small" icon="trash" disabled={flowFilesQueued === 0} onClick={onEmpty}>
          Empty queue
        </Button>
        <IconButton icon="close" label="Close the queue" onClick={onClose} />
      </header>
      {listing ? (
        <Listed connectionId={id} listing={listing} />
      ) : error ? (
        <Failure title="The queue could not be listed" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>Listing the queue</Loading>
      )}
    </section>
  );
}

function Listed({ connectionId, listing }: { readonly connectionId: string; readonly listing: ListingRequestDto }) {
  const [chosen, setChosen] = useState<string>();
  const flowFiles = listing.flowFileSummaries ?? [];
  const current = flowFiles.find(({ uuid }) => uuid === chosen) ?? flowFiles[0];
  if (!current)
    return (
      <EmptyState icon="queue" title="The queue is empty">
        FlowFiles appear here while they wait for the next component. Stop that component to catch some.
      </EmptyState>
    );
  return (
    <div className="queue-body">
      <div className="queue-list">
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                #
              </th>
              <th scope="col">FlowFile</th>
              <th scope="col" className="number">
                Size
              </th>
              <th scope="col" className="number">
                Waits for
              </th>
            </tr>
          </thead>
          <tbody>
            {flowFiles.map((flowFile) => (
              <Row key={flowFile.uuid} flowFile={flowFile} selected={flowFile === current} onChoose={setChosen} />
            ))}
          </tbody>
        </table>
        {listing.queueSize.objectCount > flowFiles.length && (
          <p className="queue-more">
            The first {formatCount(flowFiles.length)} of {formatCount(listing.queueSize.objectCount)} are listed.
          </p>
        )}
      </div>
      <FlowFileDetail key={current.uuid} connectionId={connectionId} flowFile={current} />
    </div>
  );
}

interface RowProps {
  readonly flowFile: FlowFileSummaryDto;
  readonly selected: boolean;
  readonly onChoose: (uuid: string) => void;
}

function Row({ flowFile: { uuid, filename, position, size, queuedDuration, penalized }, selected, onChoose }: RowProps) {
  return (
    <tr data-selected={selected || undefined} onClick={() => onChoose(uuid)}>
      <td className="number">{formatCount(position)}</td>
      <td className="filename">
        <button type="button" className="link" aria-current={selected} title={uuid}>
          {filename ?? uuid}
        </button>
        {penalized && <span className="tag">penalized</span>}
      </td>
      <td className="number">{formatBytes(size)}</td>
      <td className="number">{formatMillis(queuedDuration)}</td>
    </tr>
  );
}
