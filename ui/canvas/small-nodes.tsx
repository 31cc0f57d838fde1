import { type NodeProps, NodeResizer } from '@xyflow/react';
import { type CSSProperties, type KeyboardEvent, memo, useRef } from 'react';
import { Icon } from '../shared/icon.tsx';
import { StatusPill } from '../shared/status-pill.tsx';
import { Anchor, BulletinBadge, NodeName } from './node-parts.tsx';
import { Sparkline } from './sparkline.tsx';
import { useCanvasActions } from './actions.ts';
import { useLabelResize } from './use-label-resize.ts';
import { useRename } from './use-rename.ts';
import type { FunnelNode, LabelNode, PortNode } from './view-model.ts';

export const PortPill = memo(function PortPill({ id, type, data, selected }: NodeProps<PortNode>) {
  const { name, state, threads, problems, bulletins } = data;
  return (
    <article className="node port" data-state={state} data-selected={selected || undefined} data-active={threads > 0 || undefined}>
      <Anchor />
      <Sparkline id={id} />
      <Icon name={type === 'input-port' ? 'inputPort' : 'outputPort'} size={18} label={type === 'input-port' ? 'Input port' : 'Output port'} />
      <NodeName id={id} kind={type} name={name} />
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

export const LabelNote = memo(function LabelNote({ id, data: { text, background, fontSize }, selected }: NodeProps<LabelNode>) {
  const chosen = background && background.toLowerCase() !== DEFAULT_BACKGROUND ? background : undefined;
  const { groupId } = useCanvasActions();
  const rename = useRename({ groupId, kind: 'label', id }, text, 'label');
  const resize = useLabelResize(id);
  return (
    <>
      <NodeResizer isVisible={selected} minWidth={64} minHeight={40} handleClassName="nodrag" onResizeEnd={resize} />
      <article className="node label" data-selected={selected || undefined} data-coloured={chosen && true} style={{ '--label': chosen, fontSize } as CSSProperties}>
        {rename.active ? <LabelText text={text} onEnd={rename.end} /> : text || <span className="label-empty">Double-click to write</span>}
      </article>
    </>
  );
});

/** Escape leaves the text as it was; Enter begins a line, and whatever takes the focus away stores. */
function LabelText({ text, onEnd }: { readonly text: string; readonly onEnd: (text: string | undefined) => void }) {
  const taken = useRef(false);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    event.stopPropagation();
    const stores = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    if (!stores && event.key !== 'Escape') return;
    taken.current = true;
    onEnd(stores ? event.currentTarget.value : undefined);
  };
  return (
    <textarea
      className="nodrag nopan nowheel nokey"
      aria-label="Text of the label"
      defaultValue={text}
      // biome-ignore lint/a11y/noAutofocus: it appears because the user asked to write here.
      autoFocus
      onKeyDown={onKeyDown}
      onBlur={(event) => !taken.current && onEnd(event.currentTarget.value)}
    />
  );
}
