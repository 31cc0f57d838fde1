import { useEffect, useRef } from 'react';
import type { FlowDto } from '../api/shapes.ts';
import { useStore } from '../shared/store.ts';
import { beginTask, endTask, type Task, taskStore } from '../shared/task.ts';
import { ConnectDialog } from './connect-dialog.tsx';
import { ConnectorDialog } from './connector-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { NewNamed } from './name-dialog.tsx';
import { ColourDialog, EmptyDialog, GroupDialog, MoveIntoDialog } from './small-dialogs.tsx';
import { TypePicker } from './type-picker.tsx';
import { useAdd } from './use-add.ts';
import './editing.css';

interface TasksProps {
  readonly groupId: string;
  readonly flow: FlowDto;
}

/** Shows what is being done to the group on the canvas. */
export function Tasks(props: TasksProps) {
  const task = useStore(taskStore);
  return task ? <Current {...props} task={task} /> : null;
}

function Current({ groupId, flow, task }: TasksProps & { readonly task: Task }) {
  switch (task.name) {
    case 'add-processor':
      return <TypePicker groupId={groupId} at={task.at} from={task.from} />;
    case 'add-named':
      return <NewNamed groupId={groupId} kind={task.kind} at={task.at} from={task.from} />;
    case 'add-plain':
      return <NewPlain groupId={groupId} task={task} />;
    case 'add-connector':
      return <ConnectorDialog groupId={groupId} at={task.at} />;
    case 'connect':
      return <ConnectDialog key={`${task.from} ${task.to}`} groupId={groupId} flow={flow} from={task.from} to={task.to} />;
    case 'delete':
      return <DeleteDialog groupId={groupId} flow={flow} ids={task.ids} />;
    case 'group':
      return <GroupDialog groupId={groupId} flow={flow} ids={task.ids} />;
    case 'move-into':
      return <MoveIntoDialog groupId={groupId} flow={flow} ids={task.ids} />;
    case 'colour':
      return <ColourDialog groupId={groupId} flow={flow} ids={task.ids} />;
    case 'empty':
      return <EmptyDialog title={task.title} connections={task.connections} groups={task.groups} />;
    default:
      return null;
  }
}

/** Funnels and labels need no question; a label is written on at once. */
function NewPlain({ groupId, task: { kind, at, from } }: { readonly groupId: string; readonly task: Extract<Task, { name: 'add-plain' }> }) {
  const add = useAdd(groupId);
  const done = useRef(false);
  useEffect(() => {
    if (done.current) return;
    done.current = true;
    endTask();
    const component = kind === 'label' ? { label: '', width: 240, height: 96 } : {};
    void add({ kind, at, from, component, label: kind === 'label' ? 'Added a label' : 'Added a funnel' }).then((made) => {
      if (made && kind === 'label') beginTask({ name: 'rename', id: made.id });
    });
  }, [add, kind, at, from]);
  return null;
}
