import { history } from '../api/history.ts';
import { canvasView } from '../shared/canvas-view.ts';
import type { Command } from '../shared/command.ts';
import { selectionStore } from '../shared/selection.ts';
import { beginTask } from '../shared/task.ts';
import { type Addable, addTaskOf } from '../shared/toolbar-drag.ts';
import type { IconName } from '../shared/icons.ts';
import { type CommandContext, idsOf, NOTHING_SELECTED, placedOf } from './context.ts';

const ADD: readonly (readonly [Addable, string, IconName, string])[] = [
  ['processor', 'Add a processor', 'box', 'P'],
  ['input-port', 'Add an input port', 'inputPort', 'I'],
  ['output-port', 'Add an output port', 'outputPort', 'O'],
  ['group', 'Add a process group', 'group', 'G'],
  ['funnel', 'Add a funnel', 'funnel', 'F'],
  ['label', 'Add a label', 'label', 'L'],
  ['connector', 'Add a connector', 'plug', 'N'],
];

export function addCommands(): Command[] {
  return ADD.map(([kind, title, icon, key]) => ({
    id: `add-${kind}`,
    title,
    section: 'Add',
    icon,
    keys: [key],
    run: () => {
      const view = canvasView.get();
      const task = addTaskOf(kind, view?.centre() ?? { x: 0, y: 0 });
      if (task) beginTask(task);
    },
  }));
}

type Row = readonly [id: string, title: string, icon: IconName, keys: readonly string[], obstacle: string | undefined, run: () => void];

const rowsOf = (rows: readonly Row[]): Command[] => rows.map(([id, title, icon, keys, obstacle, run]) => ({ id, title, section: 'Edit', icon, keys, obstacle, run }));

export function editCommands(context: CommandContext): Command[] {
  return [...rowsOf([...historyRows(context), ...oneRows(context), ...clipboardRows(context), ...groupingRows(context)]), deletion(context)];
}

function historyRows({ page }: CommandContext): Row[] {
  const { done, undone } = history.store.get();
  const unless = (some: readonly unknown[], otherwise: string): string | undefined => (some.length > 0 || history.isBusy ? undefined : otherwise);
  const title = (verb: string, label: string | undefined): string => (label === undefined ? verb : `${verb}: ${label}`);
  return [
    ['undo', title('Undo', done.at(-1)?.label), 'undo', ['Mod+Z'], unless(done, 'Nothing to undo.'), page.undo],
    ['redo', title('Redo', undone.at(-1)?.label), 'redo', ['Mod+Shift+Z', 'Mod+Y'], unless(undone, 'Nothing to redo.'), page.redo],
  ];
}

/** What is done to one component. */
function oneRows({ selection, page, editor, groupId }: CommandContext): Row[] {
  const one = selection.length === 1 ? selection[0] : undefined;
  const unless = (fits: boolean | undefined, otherwise: string): string | undefined => (fits ? undefined : otherwise);
  const id = one?.entity.id ?? '';
  const line = one?.kind === 'connection' ? one.entity : undefined;
  const straighten = () => editor.change({ groupId, kind: 'connection', id }, { bends: [] }, { label: 'Straightened a connection' });
  return [
    [
      'connect',
      'Connect to …',
      'connection',
      ['C'],
      unless(one && one.kind !== 'connection' && one.kind !== 'label' && one.kind !== 'output-port', 'Select one component that a connection can lead away from.'),
      () => beginTask({ name: 'connect', from: id }),
    ],
    ['configure', 'Configure', 'gear', ['Enter'], unless(one && one.kind !== 'label' && one.kind !== 'funnel', 'Select one component.'), () => page.configure(one!.kind, id)],
    [
      'rename',
      one?.kind === 'label' ? 'Edit the text' : 'Rename',
      'pen',
      ['F2'],
      unless(one && one.kind !== 'connection' && one.kind !== 'funnel', 'Select one component with a name.'),
      () => beginTask({ name: 'rename', id }),
    ],
    ['bend', 'Add a bend point', 'connection', [], unless(line !== undefined, 'Select one connection.'), () => addBend({ editor, groupId, page }, one!)],
    [
      'straighten',
      'Remove all bend points',
      'connection',
      [],
      unless(line && line.bends.length > 0, 'Select one connection with bend points.'),
      () => page.attempt('The bend points could not be removed.', straighten),
    ],
  ];
}

function clipboardRows({ selection, flow, page }: CommandContext): Row[] {
  const nothing = placedOf(selection).length === 0 ? NOTHING_SELECTED : undefined;
  const { processors, processGroups, inputPorts, outputPorts, funnels, labels, connections } = flow;
  const everything = [processors, processGroups, inputPorts, outputPorts, funnels, labels, connections].flatMap((list) => list.map(({ id }) => id));
  return [
    ['cut', 'Cut', 'scissors', ['Mod+X'], nothing, page.cut],
    ['copy', 'Copy', 'copy', ['Mod+C'], nothing, page.copy],
    ['paste', 'Paste', 'paste', ['Mod+V'], undefined, page.paste],
    ['duplicate', 'Duplicate', 'copy', ['Mod+D'], nothing, page.duplicate],
    ['select-all', 'Select all', 'fit', ['Mod+A'], undefined, () => selectionStore.set(everything)],
  ];
}

function groupingRows({ selection, flow, page, parentGroupId, editor, groupId }: CommandContext): Row[] {
  const placed = placedOf(selection);
  const ids = idsOf(placed);
  const nothing = placed.length === 0 ? NOTHING_SELECTED : undefined;
  const other = flow.processGroups.some(({ id }) => !ids.includes(id)) ? undefined : 'There is no other group here.';
  const outermost = parentGroupId === undefined ? 'This is the outermost group.' : undefined;
  const colours = selection.some(({ kind }) => kind === 'processor' || kind === 'label') ? undefined : 'Select processors or labels.';
  const moveOut = () => editor.moveInto(groupId, placed, parentGroupId!, 'Moved to the parent group');
  return [
    ['colour', 'Colour …', 'palette', [], colours, () => beginTask({ name: 'colour', ids: idsOf(selection) })],
    ['group', 'Group …', 'folder', ['Mod+G'], nothing, () => beginTask({ name: 'group', ids })],
    ['move-into', 'Move into a group …', 'enter', [], nothing ?? other, () => beginTask({ name: 'move-into', ids })],
    ['move-out', 'Move to the parent group', 'up', [], nothing ?? outermost, () => page.attempt('The components could not be moved.', moveOut)],
  ];
}

function deletion({ selection }: CommandContext): Command {
  const obstacle = selection.length === 0 ? NOTHING_SELECTED : undefined;
  return {
    id: 'delete',
    title: 'Delete',
    section: 'Edit',
    icon: 'trash',
    tone: 'danger',
    keys: ['Delete', 'Backspace'],
    obstacle,
    run: () => beginTask({ name: 'delete', ids: idsOf(selection) }),
  };
}

/** Beside the middle between the two ends, where it can be seen to be one. */
function addBend({ editor, groupId, page }: Pick<CommandContext, 'editor' | 'groupId' | 'page'>, one: CommandContext['selection'][number]): void {
  if (one.kind !== 'connection') return;
  const { bends, id } = one.entity;
  const last = bends.at(-1);
  const middle = last ? { x: last.x + 64, y: last.y + 64 } : canvasView.get()?.middleOf(id);
  if (!middle) return;
  page.attempt('The bend point could not be added.', () => editor.change({ groupId, kind: 'connection', id }, { bends: [...bends, middle] }, { label: 'Added a bend point' }));
}
