import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { formatBytes, formatCount, formatNumberOf } from '../shared/format.ts';
import { GROUP_GLYPH } from '../shared/glyph.ts';
import { Icon } from '../shared/icon.tsx';
import { RUN_STATES, type RunState } from '../shared/run-state.ts';
import { useSelected } from '../shared/store.ts';
import { Tile } from '../shared/tile.tsx';
import { useCanvasActions } from './actions.ts';
import { Anchor, BulletinBadge, NodeFigure, NodeName, TrafficFigure } from './node-parts.tsx';
import { Sparkline } from './sparkline.tsx';
import { dropTargetStore } from './use-drag-into.ts';
import type { GroupNode, GroupView } from './view-model.ts';

export const GroupCard = memo(function GroupCard({ id, data, selected }: NodeProps<GroupNode>) {
  const { name, counts, threads, bulletins } = data;
  const { enterGroup } = useCanvasActions();
  const isTarget = useSelected(dropTargetStore, (target) => target === id);
  const size = counts.running + counts.stopped + counts.invalid + counts.disabled;
  return (
    <article className="node card group-card" data-selected={selected || undefined} data-target={isTarget || undefined} data-active={threads > 0 || undefined}>
      <Anchor />
      <header className="card-head">
        <Tile glyph={GROUP_GLYPH} />
        <div className="card-title">
          <NodeName id={id} kind="group" name={name} />
          <p>
            {formatNumberOf(size, 'component')}
            {threads > 0 && ` · ${formatNumberOf(threads, 'task')} at work`}
          </p>
        </div>
        <button type="button" className="enter nodrag" onClick={() => enterGroup(id)} title="Enter the group (or double-click it)">
          Open
          <Icon name="chevronRight" size={14} />
        </button>
      </header>
      <Counts counts={counts} />
      <Figures id={id} data={data} />
      <BulletinBadge bulletins={bulletins} />
    </article>
  );
});

const COUNTED: readonly (keyof GroupView['counts'] & RunState)[] = ['running', 'stopped', 'invalid', 'disabled'];

function Counts({ counts }: Pick<GroupView, 'counts'>) {
  return (
    <ul className="counts">
      {COUNTED.map((state) => (
        <li key={state} data-state={state} data-none={counts[state] === 0 || undefined}>
          <Icon name={RUN_STATES[state].icon} size={12} />
          {formatCount(counts[state])} {RUN_STATES[state].title.toLowerCase()}
        </li>
      ))}
    </ul>
  );
}

function Figures({ id, data: { queued, input, output, read, written } }: { readonly id: string; readonly data: GroupView }) {
  return (
    <div className="card-foot">
      <Sparkline id={id} />
      <dl className="card-figures">
        <TrafficFigure name="Queued" traffic={queued} title="Waiting in queues of the group and below" />
        <TrafficFigure name="In" traffic={input} title="Came in through ports during the last five minutes" />
        <TrafficFigure name="Out" traffic={output} title="Left through ports during the last five minutes" />
        <NodeFigure
          name="Read, written"
          value={formatBytes(read)}
          note={formatBytes(written)}
          faint={read === 0 && written === 0}
          title="Content read and written during the last five minutes"
        />
      </dl>
    </div>
  );
}
