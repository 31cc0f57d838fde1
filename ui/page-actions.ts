import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { request, send } from './api/client.ts';
import { componentPath } from './api/components.ts';
import { useEditor } from './api/editor.ts';
import { nameOf } from './api/flow.ts';
import { history } from './api/history.ts';
import { useRunSelection, useTerminate } from './api/running.ts';
import { useActivateServices } from './api/services.ts';
import type { ComponentKind, FlowComponent } from './api/shapes.ts';
import type { PageActions } from './commands/context.ts';
import { useClipboard } from './commands/use-clipboard.ts';
import type { Drawers } from './drawers.ts';
import { importDefinition } from './editing/import-definition.ts';
import { formatNumberOf } from './shared/format.ts';
import type { Edit } from './shared/history.ts';
import { here, navigate } from './shared/location.ts';
import { noticeDone, noticeFailed } from './shared/notices.ts';
import { panelTabStore } from './shared/panel-tab.ts';
import { selectionStore } from './shared/selection.ts';
import { setTheme, themeStore } from './shared/theme.ts';

/** Takes an edit back or makes it again, and shows the group where that can be seen. */
export function step(direction: 'undo' | 'redo'): void {
  const show = (edit: Edit | undefined): void => {
    if (!edit) return;
    noticeDone(direction === 'undo' ? `Undone: ${edit.label}` : `Redone: ${edit.label}`);
    if (edit.groupId !== '' && here().groupId !== edit.groupId) navigate({ groupId: edit.groupId });
  };
  history[direction]().then(show, (error: unknown) => noticeFailed(direction === 'undo' ? 'The last edit could not be undone.' : 'The edit could not be made again.', error));
}

function attempt(title: string, work: () => Promise<unknown>): void {
  work().catch((error: unknown) => noticeFailed(title, error));
}

/** The other one of light and dark, as it is seen now. */
function nextTheme(): void {
  const theme = themeStore.get();
  const isDark = theme === 'dark' || (theme === 'system' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  setTheme(isDark ? 'light' : 'dark');
}

async function download(groupId: string, name: string): Promise<void> {
  const response = await send(`${componentPath('group', groupId)}/download?includeReferencedServices=true`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = `${name.replaceAll(/\s/g, '_')}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

interface PageActionsProps {
  readonly groupId: string;
  readonly selection: readonly FlowComponent[];
  readonly drawers: Drawers;
  readonly configure: (kind: ComponentKind, id: string) => void;
}

/** What commands ask of the page. */
export function usePageActions({ groupId, selection, drawers, configure }: PageActionsProps): PageActions {
  const editor = useEditor();
  const client = useQueryClient();
  const running = useRunning(groupId);
  const clipboard = useClipboard({ groupId, selection, editor, importDefinition: (definition, name, at) => void importDefinition(editor, groupId, definition, name, at) });
  return useMemo(
    () => ({
      ...running,
      attempt,
      nextTheme,
      configure,
      undo: () => step('undo'),
      redo: () => step('redo'),
      copy: () => clipboard.copy(),
      cut: () => clipboard.cut(),
      paste: () => clipboard.paste(),
      duplicate: () => clipboard.duplicate(),
      openQueue: drawers.openQueue,
      enterGroup: (id) => navigate({ groupId: id }),
      viewState: (id) => {
        selectionStore.set([id]);
        panelTabStore.set('state');
      },
      clearState: (id) =>
        attempt('The state could not be cleared.', async () => {
          await request(`${componentPath('processor', id)}/state/clear-requests`, { method: 'POST' });
          await client.invalidateQueries({ queryKey: ['state', id] });
          noticeDone('The state is cleared', 'Its history is kept: the State tab of the processor can set it back.');
        }),
      showServices: drawers.toggleServices,
      showBulletins: drawers.toggleBulletins,
      download: (id, name) => attempt('The flow definition could not be downloaded.', () => download(id, name)),
    }),
    [running, configure, clipboard, drawers, client],
  );
}

const DONE = { RUNNING: 'Started', STOPPED: 'Stopped', ENABLED: 'Enabled', DISABLED: 'Disabled', RUN_ONCE: 'Running once:' } as const;

type Running = Pick<PageActions, 'run' | 'runGroup' | 'terminate' | 'activateServices'>;

function useRunning(groupId: string): Running {
  const { mutate: run } = useRunSelection(groupId);
  const { mutate: terminate } = useTerminate(groupId);
  const { mutate: activate } = useActivateServices();
  const client = useQueryClient();
  return useMemo(
    () => ({
      run: (components, state) =>
        run(
          { components, state },
          {
            onSuccess: () => noticeDone(`${DONE[state]} ${components.length === 1 ? nameOf(components[0]!) : formatNumberOf(components.length, 'component')}`),
            onError: (error) => noticeFailed('Not everything could be done.', error),
          },
        ),
      runGroup: (id, state) =>
        attempt('Not everything could be done.', async () => {
          await request(`/nifi-api/flow/process-groups/${encodeURIComponent(id)}`, { method: 'PUT', body: { id, state, disconnectedNodeAcknowledged: false } });
          noticeDone(`${DONE[state]} the group and everything below it`);
          await client.invalidateQueries({ queryKey: ['flow'] });
        }),
      terminate: (id) => terminate(id, { onError: (error) => noticeFailed('The tasks could not be terminated.', error) }),
      activateServices: (id, state) =>
        activate(
          { groupId: id, state },
          {
            onSuccess: () => noticeDone(state === 'ENABLED' ? 'Enabling all controller services' : 'Disabling all controller services'),
            onError: (error) => noticeFailed('The controller services could not be switched.', error),
          },
        ),
    }),
    [run, terminate, activate, client],
  );
}
