import { type KeyboardEvent, useMemo, useState } from 'react';
import { useLineage } from '../api/provenance.ts';
import { Button } from '../shared/button.tsx';
import { formatMillis, shortUuid } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { type LineageDrawing, layoutLineage, type PlacedNode } from './lineage-layout.ts';

interface LineageViewProps {
  readonly uuid: string;
  readonly onShow: (eventId: string) => void;
  readonly onBack: () => void;
}

/** The way of a FlowFile on a time line. */
export function LineageView({ uuid, onShow, onBack }: LineageViewProps) {
  const { data, error, refetch } = useLineage(uuid);
  const drawing = useMemo(() => data && layoutLineage(data.nodes, data.links), [data]);
  return (
    <>
      <div className="lineage-head">
        <Button size="small" icon="undo" onClick={onBack}>
          Back to the events
        </Button>
        <h3>
          Lineage of <code>{uuid}</code>
        </h3>
      </div>
      {drawing ? (
        drawing.nodes.length > 0 ? (
          <Graph drawing={drawing} onShow={onShow} />
        ) : (
          <EmptyState icon="path" title="Nothing is known of this FlowFile">
            Its events are not kept any more.
          </EmptyState>
        )
      ) : error ? (
        <Failure title="The lineage could not be read" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>Reading the lineage</Loading>
      )}
    </>
  );
}

const STEPS = 200;

function Graph({ drawing, onShow }: { readonly drawing: LineageDrawing; readonly onShow: (eventId: string) => void }) {
  const [step, setStep] = useState(STEPS);
  const { nodes, links, width, height, from, to } = drawing;
  const until = from + ((to - from) * step) / STEPS;
  return (
    <>
      <label className="lineage-time">
        <span>{new Date(from).toLocaleTimeString()}</span>
        <input
          type="range"
          aria-label="Time"
          min={0}
          max={STEPS}
          value={step}
          aria-valuetext={new Date(until).toLocaleTimeString()}
          onChange={(event) => setStep(Number(event.target.value))}
        />
        <span>
          {new Date(to).toLocaleTimeString()} ({formatMillis(to - from)})
        </span>
      </label>
      <ScrollArea className="lineage-body" label="Lineage">
        <svg width={width} height={height} aria-label="Events in the order of time">
          {links.map(({ key, path, millis }) => (
            <path key={key} className="lineage-link" d={path} data-later={millis > until || undefined} />
          ))}
          {nodes.map((placed) => (
            <Node key={placed.node.id} placed={placed} later={placed.node.millis > until} start={from} onShow={onShow} />
          ))}
        </svg>
      </ScrollArea>
    </>
  );
}

interface NodeProps {
  readonly placed: PlacedNode;
  readonly later: boolean;
  readonly start: number;
  readonly onShow: (eventId: string) => void;
}

function Node({ placed: { node, x, y }, later, start, onShow }: NodeProps) {
  const { id, type, eventType, flowFileUuid, millis } = node;
  if (type === 'FLOWFILE')
    return (
      <g transform={`translate(${x} ${y})`} className="lineage-flowfile" data-later={later || undefined}>
        <rect x={-9} y={-9} width={18} height={18} rx={5} />
        <text x={18} y={4}>
          {shortUuid(flowFileUuid)}
        </text>
      </g>
    );
  const open = () => onShow(id);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot stand inside an SVG drawing.
    <g transform={`translate(${x} ${y})`} className="lineage-event" data-later={later || undefined} role="button" tabIndex={0} onClick={open} onKeyDown={onKeyDown}>
      <circle r={8} />
      <text x={18} y={0}>
        {eventType}
      </text>
      <text x={18} y={14} className="lineage-note">
        +{formatMillis(millis - start)}
      </text>
    </g>
  );
}
