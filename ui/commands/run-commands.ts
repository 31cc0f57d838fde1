import type { RunState } from '../api/running.ts';
import type { FlowComponent } from '../api/shapes.ts';
import type { Command } from '../shared/command.ts';
import type { IconName } from '../shared/icons.ts';
import { beginTask } from '../shared/task.ts';
import { type CommandContext, idsOf } from './context.ts';

const isRunnable = ({ kind }: FlowComponent): boolean => kind === 'processor' || kind === 'input-port' || kind === 'output-port' || kind === 'group';

/** How many of a selection a state would change something about. */
function affected(selection: readonly FlowComponent[], state: RunState): FlowComponent[] {
  return selection.filter(isRunnable).filter((component) => {
    const { kind, entity } = component;
    // What runs in a group is known a moment late here: who says stop must be believed. Told twice it does no harm.
    if (kind === 'group') return state !== 'RUN_ONCE' && entity.runningCount + entity.stoppedCount + entity.disabledCount + entity.invalidCount > 0;
    if (kind !== 'processor' && kind !== 'input-port' && kind !== 'output-port') return false;
    const { runStatus } = entity.status;
    const is = { running: runStatus === 'Running', disabled: runStatus === 'Disabled' };
    if (state === 'RUN_ONCE') return kind === 'processor' && runStatus === 'Stopped';
    if (state === 'STOPPED') return is.running || (kind === 'processor' && entity.physicalState === 'STARTING');
    return state === 'ENABLED' ? is.disabled : !is.running && !is.disabled;
  });
}

const STATES: readonly (readonly [RunState, string, IconName, string | undefined, string])[] = [
  ['RUNNING', 'Start', 'play', 'Mod+Enter', 'Select something that is stopped.'],
  ['STOPPED', 'Stop', 'stop', 'Mod+.', 'Select something that is running.'],
  ['RUN_ONCE', 'Run once', 'once', 'Mod+Shift+Enter', 'Select a stopped processor.'],
  ['ENABLED', 'Enable', 'power', undefined, 'Select something that is disabled.'],
  ['DISABLED', 'Disable', 'disable', undefined, 'Select something that is stopped.'],
];

export function runCommands(context: CommandContext): Command[] {
  const { selection, page } = context;
  const states = STATES.map(([state, title, icon, keys, obstacle]): Command => {
    const components = affected(selection, state);
    return {
      id: `run-${state}`,
      title,
      section: 'Run',
      icon,
      keys: keys ? [keys] : undefined,
      obstacle: components.length > 0 ? undefined : obstacle,
      run: () => page.run(components, state),
    };
  });
  return [...states, ...processorCommands(context), ...queueCommands(context), ...groupCommands(context)];
}

function processorCommands({ selection, page }: CommandContext): Command[] {
  const processor = selection.length === 1 && selection[0]!.kind === 'processor' ? selection[0]!.entity : undefined;
  const hangs = processor && processor.status.runStatus !== 'Running' && processor.status.aggregateSnapshot.activeThreadCount > 0;
  const remembers = processor?.component.persistsState ? undefined : 'Select one processor that remembers a state.';
  return [
    {
      id: 'terminate',
      title: 'Terminate',
      section: 'Run',
      icon: 'error',
      obstacle: hangs ? undefined : 'Select one processor that does not stop.',
      run: () => page.terminate(processor!.id),
    },
    { id: 'view-state', title: 'View the state', section: 'Run', icon: 'history', obstacle: remembers, run: () => page.viewState(processor!.id) },
    {
      id: 'clear-state',
      title: 'Clear the state',
      section: 'Run',
      icon: 'undo',
      obstacle: remembers ?? (processor!.status.runStatus === 'Running' ? 'Stop the processor first.' : undefined),
      run: () => page.clearState(processor!.id),
    },
  ];
}

function queueCommands({ selection, page, groupId, groupName }: CommandContext): Command[] {
  const connections = selection.filter(({ kind }) => kind === 'connection');
  const groups = selection.filter(({ kind }) => kind === 'group');
  const one = selection.length === 1 && connections.length === 1 ? connections[0] : undefined;
  const none = connections.length + groups.length === 0 ? 'Select connections or groups.' : undefined;
  return [
    {
      id: 'list-queue',
      title: 'List the queue',
      section: 'Run',
      icon: 'queue',
      keys: ['Q'],
      obstacle: one ? undefined : 'Select one connection.',
      run: () => page.openQueue(one!.entity.id),
    },
    {
      id: 'empty-queues',
      title: 'Empty the queue …',
      section: 'Run',
      icon: 'trash',
      obstacle: none,
      run: () =>
        beginTask({
          name: 'empty',
          title: connections.length === 1 && groups.length === 0 ? 'Empty the queue' : 'Empty these queues',
          connections: idsOf(connections),
          groups: idsOf(groups),
        }),
    },
    {
      id: 'empty-all',
      title: 'Empty all queues of this group and below …',
      section: 'Run',
      icon: 'trash',
      run: () => beginTask({ name: 'empty', title: `Empty all queues of ${groupName} and below`, connections: [], groups: [groupId] }),
    },
  ];
}

/** For the whole group on the canvas, or the groups that are selected. */
function groupCommands({ selection, page, groupId, groupName }: CommandContext): Command[] {
  const one = selection.length === 1 && selection[0]!.kind === 'group' ? selection[0]!.entity : undefined;
  const [id, name] = one ? [one.id, one.component.name] : [groupId, groupName];
  return [
    { id: 'start-group', title: `Start everything in ${name}`, section: 'Run', icon: 'play', run: () => page.runGroup(id, 'RUNNING') },
    { id: 'stop-group', title: `Stop everything in ${name}`, section: 'Run', icon: 'stop', run: () => page.runGroup(id, 'STOPPED') },
    { id: 'enable-group', title: `Enable everything in ${name}`, section: 'Run', icon: 'power', run: () => page.runGroup(id, 'ENABLED') },
    { id: 'disable-group', title: `Disable everything in ${name}`, section: 'Run', icon: 'disable', run: () => page.runGroup(id, 'DISABLED') },
    { id: 'enable-services', title: `Enable all controller services of ${name}`, section: 'Run', icon: 'bolt', run: () => page.activateServices(id, 'ENABLED') },
    { id: 'disable-services', title: `Disable all controller services of ${name}`, section: 'Run', icon: 'disable', run: () => page.activateServices(id, 'DISABLED') },
  ];
}
