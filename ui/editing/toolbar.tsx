import type { DragEvent } from 'react';
import { IconButton } from '../shared/button.tsx';
import { canvasView } from '../shared/canvas-view.ts';
import type { IconName } from '../shared/icons.ts';
import { history } from '../api/history.ts';
import { useStore } from '../shared/store.ts';
import { beginTask } from '../shared/task.ts';
import { Tooltip } from '../shared/tooltip.tsx';
import { type Addable, addTaskOf, DRAG_TYPE } from '../shared/toolbar-drag.ts';

interface Tool {
  readonly kind: Addable;
  readonly icon: IconName;
  readonly title: string;
  readonly key?: string;
}

const TOOLS: readonly Tool[] = [
  { kind: 'processor', icon: 'box', title: 'Processor', key: 'P' },
  { kind: 'input-port', icon: 'inputPort', title: 'Input port', key: 'I' },
  { kind: 'output-port', icon: 'outputPort', title: 'Output port', key: 'O' },
  { kind: 'group', icon: 'group', title: 'Process group', key: 'G' },
  { kind: 'funnel', icon: 'funnel', title: 'Funnel', key: 'F' },
  { kind: 'label', icon: 'label', title: 'Label', key: 'L' },
  { kind: 'connector', icon: 'plug', title: 'Connector', key: 'N' },
];

interface ToolbarProps {
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

/** What can be put on the canvas: drag it there, or click it and it stands in the middle. */
export function Toolbar({ onUndo, onRedo }: ToolbarProps) {
  const { done, undone } = useStore(history.store);
  const [last, next] = [done.at(-1), undone.at(-1)];
  const pick = ({ dataTransfer }: DragEvent, kind: Addable): void => {
    dataTransfer.setData(DRAG_TYPE, kind);
    dataTransfer.effectAllowed = 'copy';
  };
  const click = (kind: Addable): void => {
    const task = addTaskOf(kind, canvasView.get()?.centre() ?? { x: 0, y: 0 });
    if (task) beginTask(task);
  };
  return (
    <div className="toolbar" role="toolbar" aria-label="Add to the canvas" aria-orientation="vertical">
      {TOOLS.map(({ kind, icon, title, key }) => (
        <Tooltip key={kind} text={`${title}: drag it or click`} keys={key} side="right">
          <IconButton icon={icon} label={`Add ${title.toLowerCase()}`} title={undefined} draggable onDragStart={(event) => pick(event, kind)} onClick={() => click(kind)} />
        </Tooltip>
      ))}
      <span className="toolbar-line" />
      <Tooltip text={last ? `Undo: ${last.label}` : 'Nothing to undo'} keys="Ctrl+Z" side="right">
        <IconButton icon="undo" label="Undo" title={undefined} disabled={!last} onClick={onUndo} />
      </Tooltip>
      <Tooltip text={next ? `Redo: ${next.label}` : 'Nothing to redo'} keys="Ctrl+Shift+Z" side="right">
        <IconButton icon="redo" label="Redo" title={undefined} disabled={!next} onClick={onRedo} />
      </Tooltip>
    </div>
  );
}
