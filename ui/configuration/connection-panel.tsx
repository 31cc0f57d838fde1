import { usePeek } from '../api/peek.ts';
import type { ConnectionEntity } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Fact, Meter } from '../shared/figure.tsx';
import { formatBytes, formatCount, formatNumberOf, formatPercent, sentenceCase, shortType } from '../shared/format.ts';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { openView } from '../shared/views.ts';
import { ConfigureButton } from './configure-button.tsx';
import { PanelHead } from './panel-head.tsx';
import { Section } from './section.tsx';
import { Violations } from './violations.tsx';

interface ConnectionPanelProps {
  readonly entity: ConnectionEntity;
  readonly onOpenQueue: () => void;
  readonly onEmptyQueue: () => void;
}

export function ConnectionPanel({ entity, onOpenQueue, onEmptyQueue }: ConnectionPanelProps) {
  const { component, status } = entity;
  const { flowFilesQueued, bytesQueued } = status.aggregateSnapshot;
  return (
    <>
      <PanelHead glyph={{ icon: 'connection' }} title={status.name || 'Connection'} subtitle={`From ${component.source.name} to ${component.destination.name}`}>
        <Button size="small" tone="primary" icon="queue" onClick={onOpenQueue}>
          List queue
        </Button>
        <Button size="small" icon="eye" onClick={() => openView({ name: 'peek', connectionId: entity.id, title: status.name || 'the connection' })}>
          Peek
        </Button>
        <Button size="small" icon="trash" disabled={flowFilesQueued === 0} onClick={onEmptyQueue}>
          Empty queue
        </Button>
        <ConfigureButton groupId={component.parentGroupId} kind="connection" id={entity.id} name={status.name || 'the connection'} />
      </PanelHead>
      <ScrollArea label="About the connection">
        <Violations id={entity.id} />
        <Section title="Queue" note={`${formatNumberOf(flowFilesQueued, 'FlowFile')} · ${formatBytes(bytesQueued)}`}>
          <BackPressure entity={entity} />
        </Section>
        <Figures entity={entity} />
        <Latest entity={entity} />
        <Settings entity={entity} />
      </ScrollArea>
    </>
  );
}

function BackPressure({ entity: { component, status } }: Pick<ConnectionPanelProps, 'entity'>) {
  const { percentUseCount, percentUseBytes, flowFilesQueued } = status.aggregateSnapshot;
  const { backPressureObjectThreshold, backPressureDataSizeThreshold } = component;
  const isFull = percentUseCount >= 100 || percentUseBytes >= 100;
  // The server counts whole percents; a few FlowFiles in a large queue are more than nothing.
  const exact = backPressureObjectThreshold > 0 ? (flowFilesQueued * 100) / backPressureObjectThreshold : 0;
  return (
    <div className="meters">
      <Meter label="FlowFiles" percent={exact}>
        {formatPercent(exact)} of {formatCount(backPressureObjectThreshold)}
      </Meter>
      <Meter label="Size" percent={percentUseBytes}>
        {formatPercent(percentUseBytes)} of {backPressureDataSizeThreshold}
      </Meter>
      {isFull && (
        <p className="callout" data-tone="danger">
          Back pressure: {component.source.name} waits until there is room again.
        </p>
      )}
    </div>
  );
}

function Figures({ entity: { status } }: Pick<ConnectionPanelProps, 'entity'>) {
  const { flowFilesIn, bytesIn, flowFilesOut, bytesOut } = status.aggregateSnapshot;
  return (
    <Section title="Figures" note="of the last five minutes">
      <dl className="facts">
        <Fact name="Came in">
          {formatCount(flowFilesIn)} · {formatBytes(bytesIn)}
        </Fact>
        <Fact name="Went out">
          {formatCount(flowFilesOut)} · {formatBytes(bytesOut)}
        </Fact>
      </dl>
    </Section>
  );
}

const SHOWN = 3;

/** The newest FlowFiles since the connection was selected: looking here lets the peek know them, too. */
function Latest({ entity: { id, status } }: Pick<ConnectionPanelProps, 'entity'>) {
  const { flowFiles, error } = usePeek(id, { contents: false });
  if (error) return null;
  return (
    <Section title="Going through" note="since it was selected">
      {flowFiles.length === 0 && <p className="faint">Nothing yet. What comes is shown here, also when it leaves at once.</p>}
      {flowFiles.length > 0 && (
        <ul className="latest">
          {flowFiles.slice(0, SHOWN).map(({ sequence, timestamp, filename, size, attributes }) => (
            <li key={sequence}>
              <button type="button" className="link" onClick={() => openView({ name: 'peek', connectionId: id, title: status.name || 'the connection' })}>
                {filename}
              </button>
              <small>
                <time dateTime={timestamp}>{new Date(timestamp).toLocaleTimeString()}</time> · {formatBytes(size)}
                {attributes['record.count'] && ` · ${formatCount(Number(attributes['record.count']))} records`}
              </small>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Settings({ entity: { component } }: Pick<ConnectionPanelProps, 'entity'>) {
  const { selectedRelationships, retriedRelationships, flowFileExpiration, prioritizers } = component;
  const expires = /[1-9]/.test(flowFileExpiration);
  return (
    <Section title="Settings">
      <dl className="facts">
        <Fact name="From">{component.source.name}</Fact>
        <Fact name="To">{component.destination.name}</Fact>
        {selectedRelationships.length > 0 && (
          <Fact name="Relationships">{selectedRelationships.map((name) => (retriedRelationships?.includes(name) ? `${name} (retried)` : name)).join(', ')}</Fact>
        )}
        <Fact name="Expiration">{expires ? `FlowFiles expire after ${flowFileExpiration}` : 'FlowFiles never expire'}</Fact>
        <Fact name="Prioritizers">{prioritizers.length > 0 ? prioritizers.map(shortType).join(', ') : 'None: first in, first out'}</Fact>
        {component.loadBalanceStrategy !== 'DO_NOT_LOAD_BALANCE' && <Fact name="Load balancing">{sentenceCase(component.loadBalanceStrategy)} (on clusters only)</Fact>}
      </dl>
    </Section>
  );
}
