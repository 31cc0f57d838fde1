import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { type MouseEvent, memo } from 'react';
import type { PositionDto } from '../api/shapes.ts';
import { formatBytes, formatCompact, formatCount, formatNumberOf, formatPercent } from '../shared/format.ts';
import { levelOf } from '../shared/figure.tsx';
import { Icon } from '../shared/icon.tsx';
import { selectionStore } from '../shared/selection.ts';
import { useStore } from '../shared/store.ts';
import { useCanvasActions } from './actions.ts';
import { type BendEdit, BendHandles, useBends } from './bends.tsx';
import { farStore } from './far.ts';
import { borderPoint, type Rectangle, route } from './geometry.ts';
import { Sparkline } from './sparkline.tsx';
import type { CanvasEdge, ConnectionView, Size } from './view-model.ts';

/** Where there is less room than this, labels leave out sizes. */
const TIGHT = 176;
const NO_BENDS: readonly PositionDto[] = [];

/** A node of a size around its middle. */
function around(x: number, y: number, { width, height }: Size): Rectangle {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Follows its two nodes while they are dragged; nothing else moves it. */
export const ConnectionLine = memo(function ConnectionLine({ id, source, target, sourceX, sourceY, targetX, targetY, selected, data }: EdgeProps<CanvasEdge>) {
  const edit = useBends(id, data?.bends ?? NO_BENDS);
  const far = useStore(farStore);
  if (!data) return null;
  const [from, to] = [around(sourceX, sourceY, data.sizes.source), around(targetX, targetY, data.sizes.target)];
  const { path, label, room } = route(from, to, source === target, { ...data, bends: edit.bends });
  const full = data.percent >= 100;
  return (
    <g className="connection" data-movement={data.movement} data-full={full || undefined} data-selected={selected || undefined}>
      <BaseEdge path={path} interactionWidth={24} markerEnd={`url(#arrow-${markerOf(data, selected)})`} />
      {data.movement === 'moving' && !far && <path className="connection-flow" d={path} />}
      {!far && (
        <EdgeLabelRenderer>
          <Chip id={id} data={data} selected={selected} x={label.x} y={label.y} tight={room < TIGHT} edit={edit} />
        </EdgeLabelRenderer>
      )}
      {selected && !far && <BendHandles edit={edit} labelIndex={data.labelIndex} ends={[borderPoint(from, edit.bends[0] ?? label), borderPoint(to, edit.bends.at(-1) ?? label)]} />}
    </g>
  );
});

function markerOf({ percent, movement }: ConnectionView, selected: boolean | undefined): string {
  if (percent >= 100) return 'full';
  return selected || movement !== 'idle' ? 'live' : 'idle';
}

interface ChipProps {
  readonly id: string;
  readonly data: ConnectionView;
  readonly selected?: boolean;
  readonly x: number;
  readonly y: number;
  /** Between two nodes that stand close to each other. */
  readonly tight: boolean;
  readonly edit: BendEdit;
}

function describe({ name, queued, percent }: ConnectionView): string {
  return `${name || 'Connection'}: ${formatNumberOf(queued.count, 'FlowFile')} queued, ${formatBytes(queued.bytes)}; back pressure at ${formatPercent(percent)}. Double-click to list the queue; pull to bend the connection.`;
}

/** Carries the relationships and the queue; selects the connection, opens its queue on a double click, and bends it where it is pulled. */
function Chip({ id, data, selected, x, y, tight, edit }: ChipProps) {
  const { openQueue, openMenu } = useCanvasActions();
  const onContextMenu = (event: MouseEvent): void => {
    event.preventDefault();
    if (!selectionStore.get().includes(id)) selectionStore.set([id]);
    openMenu({ x: event.clientX, y: event.clientY });
  };
  const bend = Math.min(data.labelIndex, edit.bends.length - 1);
  const { name, queued, percent, movement } = data;
  return (
    <button
      type="button"
      className="chip nodrag nopan"
      tabIndex={-1}
      data-selected={selected || undefined}
      data-movement={movement}
      data-tight={tight || undefined}
      data-level={levelOf(percent)}
      style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
      title={describe(data)}
      onPointerDown={(event) => edit.pull(event, Math.max(bend, 0), edit.bends.length === 0)}
      onClick={(event) => selectionStore.set(event.shiftKey || event.ctrlKey || event.metaKey ? [...selectionStore.get().filter((each) => each !== id), id] : [id])}
      onDoubleClick={() => openQueue(id)}
      onContextMenu={onContextMenu}
    >
      <Sparkline id={id} />
      {name && <span className="chip-name">{name}</span>}
      <Marks data={data} />
      <span className="chip-count" data-none={queued.count === 0 || undefined}>
        {formatCompact(queued.count)}
        {queued.bytes > 0 && <small>{formatBytes(queued.bytes)}</small>}
      </span>
      {percent > 0 && <span className="chip-bar" style={{ width: `${Math.min(100, percent)}%` }} role="img" aria-label={`Back pressure at ${formatCount(percent)} percent`} />}
    </button>
  );
}

function Marks({ data: { expires, prioritized, penalized } }: { readonly data: ConnectionView }) {
  return (
    <>
      {prioritized && <Icon name="sort" size={12} label="Has prioritizers" />}
      {expires && <Icon name="expiry" size={12} label="FlowFiles expire" />}
      {penalized && <Icon name="clock" size={12} label="The first FlowFile is penalized" />}
    </>
  );
}

const ARROWS = ['idle', 'live', 'full'] as const;

/** The heads of all arrows, drawn once. */
export function ArrowHeads() {
  return (
    <svg className="arrow-heads" aria-hidden="true">
      <defs>
        {ARROWS.map((kind) => (
          <marker
            key={kind}
            id={`arrow-${kind}`}
            data-kind={kind}
            viewBox="0 0 10 10"
            refX="8.5"
            refY="5"
            markerWidth="10"
            markerHeight="10"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M1,1L9,5L1,9z" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
