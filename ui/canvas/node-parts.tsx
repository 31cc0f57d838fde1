import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { formatBytes, formatCompact, formatCount } from '../shared/format.ts';
import { Icon } from '../shared/icon.tsx';
import { useCanvasActions } from './actions.ts';
import { useRename } from './use-rename.ts';
import type { BulletinSummary, Traffic } from './view-model.ts';

/**
 * Where React Flow finds the ends of connections: the middle of the node. It looks for these classes; its own Handle would be
 * several subscriptions a node. Connections are drawn by hand with wiring.tsx.
 */
export function Anchor() {
  return <i className="anchor source target" data-handlepos="bottom" />;
}

export function BulletinBadge({ bulletins }: { readonly bulletins?: BulletinSummary }) {
  if (!bulletins) return null;
  const { count, level, latest } = bulletins;
  return (
    <span className="node-bulletins" data-level={level} title={latest} role="img" aria-label={`${formatCount(count)} bulletins; the latest: ${latest}`}>
      <Icon name={level === 'ERROR' ? 'error' : level === 'WARNING' ? 'warning' : 'info'} size={12} />
      {count}
    </span>
  );
}

interface NodeFigureProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly note?: string;
  readonly title?: string;
  readonly faint?: boolean;
}

export function NodeFigure({ name, value, note, title, faint }: NodeFigureProps) {
  return (
    <div className="node-figure" title={title} data-faint={faint || undefined}>
      <dt>{name}</dt>
      <dd>
        {value}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}

interface TrafficFigureProps {
  readonly name: string;
  readonly traffic: Traffic;
  readonly title: string;
}

export function TrafficFigure({ name, traffic: { count, bytes }, title }: TrafficFigureProps) {
  return (
    <NodeFigure name={name} value={formatCompact(count)} note={formatBytes(bytes)} title={`${title}: ${formatCount(count)} FlowFiles, ${formatBytes(bytes)}`} faint={count === 0} />
  );
}

interface NodeNameProps {
  readonly id: string;
  readonly kind: 'processor' | 'group' | 'input-port' | 'output-port';
  readonly name: string;
}

/** The name of a component, which can be typed over in place: on a double click or F2. */
export function NodeName({ id, kind, name }: NodeNameProps) {
  const { groupId } = useCanvasActions();
  const { active, begin, end } = useRename({ groupId, kind, id }, name);
  // Leaving the field stores; Escape leaves it too, but must not.
  const taken = useRef(false);
  if (!active) {
    return (
      <h2
        title={name}
        onDoubleClick={(event) => {
          event.stopPropagation();
          begin();
        }}
      >
        {name}
      </h2>
    );
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    taken.current = true;
    end(event.key === 'Enter' ? event.currentTarget.value : undefined);
  };
  return (
    <input
      className="name-input nodrag nopan nokey"
      aria-label="Name"
      defaultValue={name}
      // biome-ignore lint/a11y/noAutofocus: it appears because the user asked to type a name here.
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={onKeyDown}
      onBlur={(event) => !taken.current && end(event.currentTarget.value)}
      onDoubleClick={(event) => event.stopPropagation()}
      spellCheck={false}
    />
  );
}
