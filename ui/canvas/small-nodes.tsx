import type { NodeProps } from '@xyflow/react';
import { type CSSProperties, memo } from 'react';
import { Icon } from '../shared/icon.tsx';
import { StatusPill } from '../shared/status-pill.tsx';
import { Anchor, BulletinBadge } from './node-parts.tsx';
import type { FunnelNode, LabelNode, PortNode } from './view-model.ts';

export const PortPill = memo(function PortPill({ type, data, selected }: NodeProps<PortNode>) {
  const { name, state, threads, problems, bulletins } = data;
  return (
    <article className="node port" data-state={state} data-selected={selected || undefined} data-active={threads > 0 || undefined}>
      <Anchor />
      <Icon name={type === 'input-port' ? 'inputPort' : 'outputPort'} size={18} label={type === 'input-port' ? 'Input port' : 'Output port'} />
      <h2 title={name}>{name}</h2>
      <span className="card-status" title={problems.join('\n') || undefined}>
        <StatusPill state={state} />
      </span>
      <BulletinBadge bulletins={bulletins} />
    </article>
  );
});

export const FunnelDot = memo(function FunnelDot({ selected }: NodeProps<FunnelNode>) {
  return (
    <article className="node funnel" data-selected={selected || undefined} title="Funnel">
      <Anchor />
      <Icon name="funnel" size={20} />
    </article>
  );
});

/** NiFi's own default, which is no choice of the user. */
const DEFAULT_BACKGROUND = '#fff7d7';

export const LabelNote = memo(function LabelNote({ data: { text, background, fontSize }, selected }: NodeProps<LabelNode>) {
  const chosen = background && background.toLowerCase() !== DEFAULT_BACKGROUND ? background : undefined;
  return (
    <article className="node label" data-selected={selected || undefined} data-coloured={chosen && true} style={{ '--label': chosen, fontSize } as CSSProperties}>
      {text}
    </article>
  );
});
