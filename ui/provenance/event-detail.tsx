import { useCallback, useState } from 'react';
import { type AttributeDto, eventContentUrl, type ProvenanceEventDto, type Side, useEventContent, useProvenanceEvent, useReplay } from '../api/provenance.ts';
import { fetchPart } from '../api/queues.ts';
import { Button } from '../shared/button.tsx';
import { ContentPanel } from '../shared/content/content-panel.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { Fact } from '../shared/figure.tsx';
import { formatBytes, formatMillis, shortType } from '../shared/format.ts';
import { Icon } from '../shared/icon.tsx';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { Tabs } from '../shared/tabs.tsx';
import { showOnCanvas } from '../shared/views.ts';

interface EventDetailProps {
  readonly id: string;
  readonly onLineage: (uuid: string) => void;
  readonly onClose: () => void;
}

const TABS = [
  { key: 'details', title: 'Details' },
  { key: 'attributes', title: 'Attributes' },
  { key: 'input', title: 'Content before' },
  { key: 'output', title: 'Content after' },
] as const;

/** One event: what it was, attributes and content before and after, and a replay. */
export function EventDetail({ id, onLineage, onClose }: EventDetailProps) {
  const { data: event, error, refetch } = useProvenanceEvent(id);
  const [tab, setTab] = useState<(typeof TABS)[number]['key']>('details');
  const actions = event && (
    <>
      <div className="dialog-aside">
        <Replay event={event} />
        <Button
          icon="path"
          onClick={() => {
            onLineage(event.flowFileUuid);
            onClose();
          }}
        >
          Lineage
        </Button>
      </div>
      <Button onClick={onClose}>Close</Button>
    </>
  );
  return (
    <Dialog title={event ? `${event.eventType} by ${event.componentName}` : 'Event'} subtitle={event?.eventTime} size="huge" onClose={onClose} actions={actions}>
      {event ? (
        <div className="event-detail">
          <Tabs label="About the event" tabs={TABS} current={tab} onChange={setTab}>
            {tab === 'details' && <Details event={event} />}
            {tab === 'attributes' && <Attributes attributes={event.attributes ?? []} />}
            {(tab === 'input' || tab === 'output') && <Content key={tab} event={event} side={tab} />}
          </Tabs>
        </div>
      ) : error ? (
        <Failure title="The event could not be read" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>Reading the event</Loading>
      )}
    </Dialog>
  );
}

function Replay({ event: { id, replayAvailable, replayExplanation } }: { readonly event: ProvenanceEventDto }) {
  const replay = useReplay();
  const run = () =>
    replay.mutate(id, {
      onSuccess: () => noticeDone('Replayed', 'A FlowFile like the one before the event is in its queue again.'),
      onError: (error) => noticeFailed('The event was not replayed.', error),
    });
  return (
    <Button icon="undo" disabled={!replayAvailable} busy={replay.isPending} title={replayExplanation ?? 'Sends the FlowFile through this component again'} onClick={run}>
      Replay
    </Button>
  );
}

function Details({ event }: { readonly event: ProvenanceEventDto }) {
  const { groupId, componentId, componentName, componentType, parentUuids = [], childUuids = [] } = event;
  const show = () => {
    if (!groupId) return;
    showOnCanvas({ groupId, componentId });
  };
  const optional = { Details: event.details, Relationship: event.relationship, 'Transit URI': event.transitUri, 'Why no replay': event.replayExplanation };
  return (
    <dl className="facts event-facts">
      <Fact name="Component" note={shortType(componentType)}>
        <button type="button" className="link" disabled={!groupId} onClick={show}>
          {componentName}
        </button>
      </Fact>
      <Fact name="FlowFile">
        <code>{event.flowFileUuid}</code>
      </Fact>
      <Fact name="Size">{formatBytes(event.fileSizeBytes)}</Fact>
      <Fact name="Since it came">{formatMillis(event.lineageDuration)}</Fact>
      {Object.entries(optional).map(([name, value]) =>
        value ? (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ) : null,
      )}
      {parentUuids.length > 0 && <Uuids name="Made of" uuids={parentUuids} />}
      {childUuids.length > 0 && <Uuids name="Made" uuids={childUuids} />}
    </dl>
  );
}

const SHOWN = 20;

function Uuids({ name, uuids }: { readonly name: string; readonly uuids: readonly string[] }) {
  return (
    <Fact name={name} note={uuids.length > SHOWN ? `and ${uuids.length - SHOWN} more` : undefined}>
      {uuids.slice(0, SHOWN).map((uuid) => (
        <code key={uuid} className="event-uuid">
          {uuid}
        </code>
      ))}
    </Fact>
  );
}

function Attributes({ attributes }: { readonly attributes: readonly AttributeDto[] }) {
  return (
    <table className="listing event-attributes">
      <thead>
        <tr>
          <th scope="col">Attribute</th>
          <th scope="col">After</th>
          <th scope="col">Before</th>
        </tr>
      </thead>
      <tbody>
        {attributes.map(({ name, value, previousValue }) => (
          <tr key={name} data-changed={value !== previousValue || undefined}>
            <th scope="row">{name}</th>
            <td>{value ?? <span className="faint">not there</span>}</td>
            <td>{previousValue === value ? <span className="faint">the same</span> : (previousValue ?? <span className="faint">not there</span>)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Content({ event, side }: { readonly event: ProvenanceEventDto; readonly side: Side }) {
  const available = (side === 'input' ? event.inputContentAvailable : event.outputContentAvailable) ?? false;
  const { data, error, refetch } = useEventContent(event.id, side, available);
  const readPart = useCallback((start: number, end: number) => fetchPart(eventContentUrl(event.id, side), start, end), [event.id, side]);
  if (!available)
    return (
      <EmptyState icon="file" title="No content">
        {side === 'input' ? 'There was none before this event, or it is not kept any more.' : 'It is not kept any more.'}
      </EmptyState>
    );
  if (!data) return error ? <Failure title="The content could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the content</Loading>;
  return (
    <div className="event-content">
      {side === 'output' && event.contentEqual && <p className="faint">The event left the content as it was.</p>}
      <a className="button" data-size="small" data-tone="quiet" href={eventContentUrl(event.id, side)} download>
        <Icon name="download" size={14} />
        Download
      </a>
      <ContentPanel bytes={data.bytes} truncated={data.truncated} size={data.size} readPart={readPart} />
    </div>
  );
}
