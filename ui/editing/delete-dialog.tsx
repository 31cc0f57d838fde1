import { useEffect, useRef, useState } from 'react';
import { useEditor } from '../api/editor.ts';
import { membersOf } from '../api/editor-members.ts';
import { nameOf } from '../api/flow.ts';
import { useEmptyQueues } from '../api/queues.ts';
import { useRunSelection } from '../api/running.ts';
import type { FlowComponent, FlowDto } from '../api/shapes.ts';
import { Confirmation } from '../shared/dialog.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { noticeFailed } from '../shared/notices.ts';
import { NOTHING, selectionStore } from '../shared/selection.ts';
import { endTask } from '../shared/task.ts';

/** What stands in the way of removing components: running ones, and data that would be lost. */
export interface Hindrance {
  readonly running: readonly FlowComponent[];
  readonly queued: number;
  readonly connections: readonly string[];
  readonly groups: readonly string[];
}

export function hindranceOf(members: readonly FlowComponent[]): Hindrance {
  const runs = ({ kind, entity }: FlowComponent): boolean => {
    if (kind === 'group') return entity.runningCount > 0;
    return (
      (kind === 'processor' || kind === 'input-port' || kind === 'output-port') && (entity.status.runStatus === 'Running' || entity.status.aggregateSnapshot.activeThreadCount > 0)
    );
  };
  const full = members.filter(({ kind, entity }) => (kind === 'connection' || kind === 'group') && entity.status.aggregateSnapshot.flowFilesQueued > 0);
  const idsOf = (kind: FlowComponent['kind']): string[] => full.filter((each) => each.kind === kind).map(({ entity }) => entity.id);
  const queued = full.reduce((sum, { kind, entity }) => sum + (kind === 'connection' || kind === 'group' ? entity.status.aggregateSnapshot.flowFilesQueued : 0), 0);
  return { running: members.filter(runs), queued, connections: idsOf('connection'), groups: idsOf('group') };
}

export function titleOf(components: readonly FlowComponent[]): string {
  return components.length === 1 ? nameOf(components[0]!) : formatNumberOf(components.length, 'component');
}

interface DeleteDialogProps {
  readonly groupId: string;
  readonly flow: FlowDto;
  readonly ids: readonly string[];
}

/** Deletes at once, for it can be undone; asks first where something runs or queued data would be lost. */
export function DeleteDialog({ groupId, flow, ids }: DeleteDialogProps) {
  const members = membersOf(flow, ids);
  const chosen = members.filter(({ entity }) => ids.includes(entity.id));
  const [hindrance] = useState(() => hindranceOf(members));
  const asks = hindrance.running.length > 0 || hindrance.queued > 0;
  const { remove, busy } = useRemove(groupId, chosen, hindrance);
  const done = useRef(false);
  useEffect(() => {
    if (asks || done.current) return;
    done.current = true;
    void remove();
  }, [asks, remove]);
  if (!asks) return null;
  const running = hindrance.running.reduce((sum, { kind, entity }) => sum + (kind === 'group' ? entity.runningCount : 1), 0);
  return (
    <Confirmation title={`Delete ${titleOf(chosen)}?`} action={actionOf(hindrance)} busy={busy} onConfirm={() => void remove()} onClose={endTask}>
      {running > 0 && <p>{formatNumberOf(running, 'component')} will be stopped first.</p>}
      {hindrance.queued > 0 && (
        <p>
          <strong>{formatNumberOf(hindrance.queued, 'queued FlowFile')} will be dropped.</strong> Undo brings the components back, but not this data.
        </p>
      )}
    </Confirmation>
  );
}

function actionOf({ running, queued }: Hindrance): string {
  if (queued === 0) return 'Stop and delete';
  return running.length > 0 ? 'Stop, drop the data and delete' : 'Drop the data and delete';
}

function useRemove(groupId: string, chosen: readonly FlowComponent[], { running, queued, connections, groups }: Hindrance) {
  const editor = useEditor();
  const run = useRunSelection(groupId);
  const empty = useEmptyQueues();
  const [busy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      if (running.length > 0) await run.mutateAsync({ components: running, state: 'STOPPED' });
      if (queued > 0) await empty.mutateAsync({ connections, groups });
      await editor.remove(groupId, chosen, `Deleted ${titleOf(chosen)}`);
      selectionStore.set(NOTHING);
    } catch (error) {
      noticeFailed(`${titleOf(chosen)} could not be deleted.`, error);
    }
    endTask();
  };
  return { remove, busy };
}
