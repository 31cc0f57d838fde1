import type { ReactNode } from 'react';
import { formatBytes, formatCompact, formatCount } from '../shared/format.ts';
import { Icon } from '../shared/icon.tsx';
import type { BulletinSummary, Traffic } from './view-model.ts';

/**
 * Where React Flow finds the ends of connections: the middle of the node. It looks for these classes; its own Handle would be
 * several subscriptions a node, and is needed only where connections are drawn by hand.
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
