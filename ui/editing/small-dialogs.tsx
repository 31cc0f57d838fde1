import { useState } from 'react';
import { useEditor } from '../api/editor.ts';
import { findComponent, nameOf } from '../api/flow.ts';
import { useEmptyQueues } from '../api/queues.ts';
import type { FlowComponent, FlowDto } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Confirmation, Dialog } from '../shared/dialog.tsx';
import { Field } from '../shared/field.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { NOTHING, selectionStore } from '../shared/selection.ts';
import { endTask } from '../shared/task.ts';
import { titleOf } from './delete-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import { placeOf } from './placing.ts';

interface ChosenProps {
  readonly groupId: string;
  readonly flow: FlowDto;
  readonly ids: readonly string[];
}

const chosenOf = ({ flow, ids }: Pick<ChosenProps, 'flow' | 'ids'>): FlowComponent[] => ids.flatMap((id) => findComponent(flow, id) ?? []);

/** Puts what is selected into a new group, in the place of the selection. */
export function GroupDialog({ groupId, flow, ids }: ChosenProps) {
  const editor = useEditor();
  const chosen = chosenOf({ flow, ids });
  const group = async (name: string): Promise<void> => {
    endTask();
    try {
      selectionStore.set([await editor.group(groupId, chosen, name, placeOf(chosen))]);
    } catch (error) {
      noticeFailed('The components could not be grouped.', error);
    }
  };
  return (
    <NameDialog
      title={`Group ${titleOf(chosen)}`}
      hint="The connections between them go along. Whatever leads out must be removed first."
      action="Group"
      onName={(name) => void group(name)}
    />
  );
}

/** Moves what is selected into a group beside it. */
export function MoveIntoDialog({ groupId, flow, ids }: ChosenProps) {
  const editor = useEditor();
  const chosen = chosenOf({ flow, ids });
  const targets = flow.processGroups.filter(({ id }) => !ids.includes(id));
  const [target, setTarget] = useState(targets[0]?.id);
  const move = async (): Promise<void> => {
    endTask();
    try {
      await editor.moveInto(groupId, chosen, target!, `Moved ${titleOf(chosen)} into ${targets.find(({ id }) => id === target)!.component.name}`);
      selectionStore.set(NOTHING);
    } catch (error) {
      noticeFailed('The components could not be moved.', error);
    }
  };
  return (
    <Dialog
      title={`Move ${titleOf(chosen)} into a group`}
      onClose={endTask}
      onSubmit={() => target !== undefined && void move()}
      actions={
        <>
          <Button onClick={endTask}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={target === undefined}>
            Move
          </Button>
        </>
      }
    >
      <Field label="Group" hint="The connections between them go along. Whatever leads out must be removed first.">
        {(control) => (
          <select className="input" size={Math.min(8, Math.max(3, targets.length))} data-list {...control} value={target} onChange={(event) => setTarget(event.target.value)}>
            {targets.map(({ id, component }) => (
              <option key={id} value={id}>
                {component.name}
              </option>
            ))}
          </select>
        )}
      </Field>
    </Dialog>
  );
}

/** Colours that can be told apart in light and dark, also by people who see few of them. */
const COLOURS: readonly (readonly [string, string])[] = [
  ['#3b82c4', 'Blue'],
  ['#0f9d8a', 'Teal'],
  ['#4f9d3a', 'Green'],
  ['#c9a227', 'Yellow'],
  ['#d9772b', 'Orange'],
  ['#cf4a4a', 'Red'],
  ['#b2559f', 'Magenta'],
  ['#7a67c7', 'Violet'],
  ['#6b7785', 'Grey'],
];
/** The same, faint enough for a text to stand on. */
const faint = (colour: string): string =>
  `#${[1, 3, 5]
    .map((at) =>
      Math.round(255 - (255 - Number.parseInt(colour.slice(at, at + 2), 16)) * 0.28)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

/** Gives processors and labels a colour. */
export function ColourDialog({ groupId, flow, ids }: ChosenProps) {
  const editor = useEditor();
  const chosen = chosenOf({ flow, ids }).filter(({ kind }) => kind === 'processor' || kind === 'label');
  const paint = async (colour: string | undefined): Promise<void> => {
    endTask();
    try {
      for (const component of chosen) {
        if (component.kind !== 'processor' && component.kind !== 'label') continue;
        const { kind, entity } = component;
        const { 'background-color': _, ...rest } = entity.component.style;
        const wanted = colour === undefined ? rest : { ...rest, 'background-color': kind === 'label' ? faint(colour) : colour };
        await editor.change({ groupId, kind, id: entity.id }, { style: wanted }, { label: `Coloured ${nameOf(component)}` });
      }
    } catch (error) {
      noticeFailed('The colour could not be stored.', error);
    }
  };
  return (
    <Dialog title={`Colour of ${titleOf(chosen)}`} onClose={endTask}>
      <div className="colours">
        {COLOURS.map(([colour, name]) => (
          <button key={colour} type="button" className="colour" style={{ background: colour }} aria-label={name} title={name} onClick={() => void paint(colour)} />
        ))}
      </div>
      <div className="dialog-actions colour-none">
        <Button onClick={() => void paint(undefined)}>No colour</Button>
      </div>
    </Dialog>
  );
}

interface EmptyDialogProps {
  readonly title: string;
  readonly connections: readonly string[];
  readonly groups: readonly string[];
}

/** Asks before queued data is dropped. */
export function EmptyDialog({ title, connections, groups }: EmptyDialogProps) {
  const empty = useEmptyQueues();
  const drop = (): void =>
    empty.mutate(
      { connections, groups },
      {
        onSuccess: (dropped) => noticeDone(`Dropped ${formatNumberOf(dropped, 'FlowFile')}`),
        onError: (error) => noticeFailed('The queues could not be emptied.', error),
        onSettled: endTask,
      },
    );
  return (
    <Confirmation title={`${title}?`} action="Drop the data" busy={empty.isPending} onConfirm={drop} onClose={endTask}>
      <p>All FlowFiles that wait there now are dropped. They cannot be brought back.</p>
    </Confirmation>
  );
}
