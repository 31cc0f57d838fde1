import type { Command } from '../shared/command.ts';
import type { Action, MenuItem } from '../shared/menu.tsx';
import { showKeys } from '../shared/command.ts';
import type { CommandContext } from './context.ts';
import { addCommands, editCommands } from './edit-commands.ts';
import { runCommands } from './run-commands.ts';
import { arrangeCommands, goCommands, groupViewCommands, seeCommands, viewCommands } from './view-commands.ts';

/** Everything that can be done, whether it can be done now or not. One list for keys, menus, the palette and the help sheet. */
export function commandsFor(context: CommandContext): Command[] {
  return [
    ...addCommands(),
    ...editCommands(context),
    ...arrangeCommands(context),
    ...runCommands(context),
    ...seeCommands(context),
    ...groupViewCommands(context),
    ...viewCommands(context),
    ...goCommands(context),
  ];
}

/** Groups of the context menu of what is selected, by their commands; those that cannot be done now are left out. */
const SELECTED: readonly (readonly string[])[] = [
  ['enter', 'configure', 'rename', 'connect', 'list-queue', 'peek'],
  ['run-RUNNING', 'run-STOPPED', 'run-RUN_ONCE', 'run-ENABLED', 'run-DISABLED', 'terminate'],
  ['view-state', 'clear-state', 'empty-queues', 'enable-services', 'disable-services'],
  ['provenance', 'status-history', 'group-parameters', 'group-services', 'group-versions'],
  ['bend', 'straighten', 'colour'],
  ['cut', 'copy', 'duplicate'],
  ['group', 'move-into', 'move-out', 'download'],
  ['delete'],
];
const EMPTY: readonly (readonly string[])[] = [
  ['paste', 'select-all'],
  ['configure-group', 'group-parameters', 'group-services', 'group-versions', 'status-history', 'provenance'],
  ['start-group', 'stop-group', 'enable-services', 'disable-services', 'empty-all'],
  ['lay-out', 'fit', 'zoom-100'],
  ['leave', 'download', 'palette', 'help'],
];

function actionOf({ title, icon, keys, tone, run }: Command): Action {
  return { label: title, icon, keys: keys?.[0] && showKeys(keys[0]), tone, run };
}

/** The context menu of what is selected, or of the canvas where nothing is. */
export function menuFor(commands: readonly Command[], { selection }: Pick<CommandContext, 'selection'>): MenuItem[] {
  const find = (id: string): Command | undefined => commands.find((command) => command.id === id && command.obstacle === undefined);
  const isGroup = selection.length === 1 && selection[0]!.kind === 'group';
  const wanted = (id: string): boolean => isGroup || selection.length === 0 || !['enable-services', 'disable-services', 'download'].includes(id);
  const rows = (ids: readonly string[]): MenuItem[] => ids.filter(wanted).flatMap((id) => (find(id) ? [actionOf(find(id)!)] : []));
  const groups = (selection.length === 0 ? EMPTY : SELECTED).map(rows).filter((items) => items.length > 0);
  if (selection.length === 0) groups.unshift([{ label: 'Add', icon: 'plus', items: commands.filter(({ section }) => section === 'Add').map(actionOf) }]);
  const arrange = commands.filter(({ section, obstacle }) => section === 'Arrange' && obstacle === undefined);
  if (selection.length > 1 && arrange.length > 1) groups.splice(3, 0, [{ label: 'Arrange', icon: 'align', items: arrange.map(actionOf) }]);
  return groups.flatMap((items, index) => (index === 0 ? items : (['line', ...items] as MenuItem[])));
}
