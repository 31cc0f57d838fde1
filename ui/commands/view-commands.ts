import { nameOf } from '../api/flow.ts';
import { type Arrangement, canvasView } from '../shared/canvas-view.ts';
import type { Command } from '../shared/command.ts';
import type { IconName } from '../shared/icons.ts';
import { NOTHING, selectionStore } from '../shared/selection.ts';
import { beginTask } from '../shared/task.ts';
import { openView } from '../shared/views.ts';
import { type CommandContext, idsOf, NOTHING_SELECTED, placedOf } from './context.ts';

const ARRANGEMENTS: readonly (readonly [Arrangement, string])[] = [
  ['left', 'Align left'],
  ['centre', 'Align centres'],
  ['right', 'Align right'],
  ['top', 'Align top'],
  ['middle', 'Align middles'],
  ['bottom', 'Align bottom'],
  ['across', 'Distribute across'],
  ['down', 'Distribute down'],
];

export function arrangeCommands({ selection, page }: CommandContext): Command[] {
  const ids = idsOf(placedOf(selection));
  const failed = 'The components could not be arranged.';
  const rows = ARRANGEMENTS.map(([how, title]): Command => {
    const least = how === 'across' || how === 'down' ? 3 : 2;
    const obstacle = ids.length < least ? `Select ${least === 2 ? 'two' : 'three'} components or more.` : undefined;
    return { id: `arrange-${how}`, title, section: 'Arrange', icon: 'align', obstacle, run: () => page.attempt(failed, () => canvasView.get()!.arrange(ids, how)) };
  });
  return [
    {
      id: 'lay-out',
      title: ids.length > 1 ? 'Lay out the selection' : 'Lay out everything',
      section: 'Arrange',
      icon: 'layout',
      keys: ['Shift+L'],
      run: () => page.attempt(failed, () => canvasView.get()!.layOut(ids)),
    },
    ...rows,
  ];
}

type Row = readonly [id: string, title: string, icon: IconName, keys: readonly string[], run: () => void, obstacle?: string];

const rowsOf = (section: Command['section'], rows: readonly Row[]): Command[] =>
  rows.map(([id, title, icon, keys, run, obstacle]) => ({ id, title, section, icon, keys, run, obstacle }));

export function viewCommands({ selection, page }: CommandContext): Command[] {
  const nothing = selection.length === 0 ? NOTHING_SELECTED : undefined;
  return rowsOf('View', [
    ['fit', 'Fit everything into view', 'fit', ['Shift+1'], () => canvasView.get()?.show()],
    ['fit-selection', 'Fit the selection into view', 'fit', ['Shift+2'], () => canvasView.get()?.show(idsOf(selection)), nothing],
    ['zoom-in', 'Zoom in', 'plus', ['+', '='], () => canvasView.get()?.zoomIn()],
    ['zoom-out', 'Zoom out', 'minus', ['-'], () => canvasView.get()?.zoomOut()],
    ['zoom-100', 'Zoom to 100%', 'search', ['Shift+0'], () => canvasView.get()?.zoomTo(1)],
    ['map', 'Show or hide the minimap', 'map', ['M'], () => canvasView.get()?.toggleMap()],
    ['theme', 'Switch light and dark', 'contrast', [], page.nextTheme],
    ['bulletins', 'Show bulletins', 'bell', ['B'], page.showBulletins],
    ['services', 'Show controller services', 'plug', ['S'], page.showServices],
    ['clear-selection', 'Clear the selection', 'close', ['Escape'], () => selectionStore.set(NOTHING), nothing],
  ]);
}

const CHARTED = ['processor', 'connection', 'group'] as const;
type Charted = (typeof CHARTED)[number];

/** What can be seen of one component, or of the group on the canvas where nothing is selected. */
export function seeCommands({ selection, groupId, groupName }: CommandContext): Command[] {
  const one = selection.length === 1 ? selection[0]! : undefined;
  const line = one?.kind === 'connection' ? one.entity : undefined;
  const several = selection.length > 1 ? 'Select one component.' : undefined;
  const charted = one ? CHARTED.some((kind) => kind === one.kind) : several === undefined;
  const traced = one && one.kind !== 'group' && one.kind !== 'label';
  const chart = (): void =>
    openView(
      one ? { name: 'status-history', kind: one.kind as Charted, id: one.entity.id, title: nameOf(one) } : { name: 'status-history', kind: 'group', id: groupId, title: groupName },
    );
  return rowsOf('View', [
    ['peek', 'Peek at what goes through', 'eye', ['K'], () => openView({ name: 'peek', connectionId: line!.id, title: nameOf(one!) }), line ? undefined : 'Select one connection.'],
    [
      'provenance',
      traced ? 'Provenance' : 'Provenance of the whole flow',
      'path',
      [],
      () => openView({ name: 'provenance', componentId: traced ? one.entity.id : undefined }),
      one && !traced ? 'Select one component that FlowFiles go through.' : several,
    ],
    ['status-history', one ? 'Status history' : `Status history of ${groupName}`, 'chart', [], chart, charted ? undefined : 'Select one processor, connection or group.'],
    ['syncs', 'Syncs', 'refresh', [], () => openView({ name: 'syncs' })],
    ['summary', 'Summary of the whole flow', 'table', [], () => openView({ name: 'summary' })],
  ]);
}

/** What a group has of its own: of the one that is selected, or of the one on the canvas. */
export function groupViewCommands({ groupId, groupName, parameterContextId, selection }: CommandContext): Command[] {
  const one = selection.length === 1 && selection[0]!.kind === 'group' ? selection[0]!.entity : undefined;
  const [id, name] = one ? [one.id, one.component.name] : [groupId, groupName];
  const contextId = one ? one.component.parameterContext?.id : parameterContextId;
  const other = selection.length > 0 && !one ? 'Select one group, or nothing.' : undefined;
  return rowsOf('View', [
    ['configure-group', `Configure ${groupName}`, 'gear', [], () => openView({ name: 'configure', kind: 'group', id: groupId, groupId }), selection.length > 0 ? other : undefined],
    [
      'group-parameters',
      `Parameters of ${name}`,
      'sliders',
      [],
      () => openView({ name: 'parameter-contexts', id: contextId }),
      contextId ? other : 'No parameter context is bound to the group.',
    ],
    ['group-services', `Controller services of ${name}`, 'plug', [], () => openView({ name: 'services', groupId: id }), other],
    ['group-versions', `Version control of ${name}`, 'branch', [], () => openView({ name: 'versions', groupId: id, title: name }), other],
  ]);
}

export function goCommands({ selection, page, parentGroupId, groupId, groupName }: CommandContext): Command[] {
  const one = selection.length === 1 && selection[0]!.kind === 'group' ? selection[0]!.entity : undefined;
  const [id, name] = one ? [one.id, one.component.name] : [groupId, groupName];
  return rowsOf('Go', [
    ['palette', 'Search and commands', 'search', ['Mod+K', '/'], () => beginTask({ name: 'palette' })],
    ['help', 'Keyboard shortcuts', 'keyboard', ['?'], () => beginTask({ name: 'help' })],
    ['enter', 'Enter the group', 'enter', ['Alt+ArrowDown'], () => page.enterGroup(id), one ? undefined : 'Select one group.'],
    ['leave', 'Leave this group', 'up', ['Alt+ArrowUp'], () => page.enterGroup(parentGroupId!), parentGroupId === undefined ? 'This is the outermost group.' : undefined],
    ['download', `Download the flow definition of ${name}`, 'download', [], () => page.download(id, name)],
  ]);
}
