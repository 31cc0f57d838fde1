import type { NodeProps } from '@xyflow/react';
import { type CSSProperties, memo } from 'react';
import { formatCompact, formatCount, formatMillis, formatNumberOf } from '../shared/format.ts';
import { useStore } from '../shared/store.ts';
import { StatusPill } from '../shared/status-pill.tsx';
import { glyphOf } from '../shared/glyph.ts';
import { Tile } from '../shared/tile.tsx';
import { farStore } from './far.ts';
import { Anchor, BulletinBadge, NodeFigure, NodeName, TrafficFigure } from './node-parts.tsx';
import { Sparkline } from './sparkline.tsx';
import type { ProcessorNode, ProcessorView } from './view-model.ts';

export const ProcessorCard = memo(function ProcessorCard({ id, data, selected }: NodeProps<ProcessorNode>) {
  const far = useStore(farStore);
  const { name, type, colour, state, threads, problems, bulletins } = data;
  return (
    <article
      className="node card"
      data-state={state}
      data-selected={selected || undefined}
      data-active={threads > 0 || undefined}
      data-coloured={colour && true}
      style={{ '--colour': colour } as CSSProperties}
    >
      <Anchor />
      <header className="card-head">
        <Tile glyph={glyphOf(type)} />
        <div className="card-title">
          <NodeName id={id} kind="processor" name={name} />
          <div className="card-line">
            <p title={type}>{type}</p>
            {threads > 0 && (
              <span className="threads" title={`${formatNumberOf(threads, 'task')} at work`}>
                {threads}
              </span>
            )}
            <span className="card-status" title={problems.join('\n') || undefined}>
              <StatusPill state={state} />
            </span>
          </div>
        </div>
      </header>
      {!far && <Figures id={id} data={data} />}
      <BulletinBadge bulletins={bulletins} />
    </article>
  );
});

function Figures({ id, data: { input, output, tasks, taskMillis, takesInput } }: { readonly id: string; readonly data: ProcessorView }) {
  return (
    <div className="card-foot">
      <Sparkline id={id} />
      <dl className="card-figures">
        {takesInput && <TrafficFigure name="In" traffic={input} title="Taken in during the last five minutes" />}
        <TrafficFigure name="Out" traffic={output} title="Sent out during the last five minutes" />
        <NodeFigure
          name="Tasks"
          value={formatCompact(tasks)}
          note={formatMillis(taskMillis)}
          faint={tasks === 0}
          title={`Tasks of the last five minutes: ${formatCount(tasks)}, which took ${formatMillis(taskMillis)}`}
        />
      </dl>
    </div>
  );
}
