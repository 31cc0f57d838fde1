import type { UseQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { ApiError } from './api/client.ts';
import { useEditor } from './api/editor.ts';
import type { ComponentKind, FlowDto, ProcessGroupFlowEntity } from './api/shapes.ts';
import { BulletinDrawer } from './bulletins/bulletin-drawer.tsx';
import type { CanvasActions } from './canvas/actions.ts';
import { Canvas } from './canvas/canvas.tsx';
import type { Focus } from './canvas/focus.tsx';
import type { MenuPlace } from './commands/command-layer.tsx';
import { ConfigurationPanel, ServicesPanel } from './configuration/panel.tsx';
import type { Drawers } from './drawers.ts';
import { importFile } from './editing/import-definition.ts';
import { EditingLayer } from './editing-layer.tsx';
import { EmptyQueue } from './queue/empty-queue.tsx';
import { QueueDrawer } from './queue/queue-drawer.tsx';
import { useSelectedLocation } from './selected-location.ts';
import { formatLocation, navigate } from './shared/location.ts';
import { EmptyState, Failure, Loading } from './shared/message.tsx';
import { selectionStore } from './shared/selection.ts';
import { useStore } from './shared/store.ts';
import { openView } from './shared/views.ts';

interface WorkspaceProps {
  readonly groupId: string;
  readonly componentId: string | undefined;
  readonly query: UseQueryResult<ProcessGroupFlowEntity>;
  readonly drawers: Drawers;
}

/** The canvas with what is open around it. */
export function Workspace({ groupId, componentId, query, drawers }: WorkspaceProps) {
  useSelectedLocation(groupId, componentId);
  const [focus, setFocus] = useState<Focus | undefined>(componentId === undefined ? undefined : { id: componentId });
  const enterGroup = useCallback((id: string) => navigate({ groupId: id }), []);
  const configure = useCallback((kind: ComponentKind, id: string) => openView({ name: 'configure', kind, id, groupId }), [groupId]);
  const show = useCallback((inGroup: string, id: string) => {
    setFocus({ id });
    navigate({ groupId: inGroup, componentId: id });
  }, []);
  const [menu, setMenu] = useState<MenuPlace>();
  const canvas = useCanvasRequests(groupId, setMenu);
  const { data, error, refetch } = query;
  const isGone = error instanceof ApiError && error.status === 404;
  const group = isGone ? undefined : data?.processGroupFlow;
  return (
    <div className="workspace">
      <main>
        {group && (
          <Canvas key={group.id} groupId={group.id} flow={group.flow} focus={focus} enterGroup={enterGroup} openQueue={drawers.openQueue} configure={configure} {...canvas} />
        )}
        {group && <EditingLayer group={group} drawers={drawers} menu={menu} onMenuClose={() => setMenu(undefined)} show={show} configure={configure} />}
        {isGone && <Gone />}
        {!group && !isGone && (error ? <Failure title="The flow could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the flow</Loading>)}
      </main>
      {group && <Queue flow={group.flow} drawers={drawers} />}
      {group && <Side groupId={group.id} name={group.breadcrumb.breadcrumb.name} flow={group.flow} drawers={drawers} enterGroup={enterGroup} show={show} />}
    </div>
  );
}

/** What the canvas asks for and does not do itself. */
function useCanvasRequests(groupId: string, openMenu: (at: MenuPlace) => void): Pick<CanvasActions, 'openMenu' | 'dropFiles'> {
  const editor = useEditor();
  return useMemo(
    () => ({
      openMenu,
      dropFiles: (files, at) => {
        for (const file of files) void importFile(editor, groupId, file, at);
      },
    }),
    [editor, groupId, openMenu],
  );
}

function Gone() {
  return (
    <EmptyState icon="group" title="There is no such group">
      It may have been deleted, or the link is from another server. <a href={formatLocation({ groupId: 'root' })}>Go to the outermost group</a>.
    </EmptyState>
  );
}

interface SideProps {
  readonly groupId: string;
  readonly name: string;
  readonly flow: FlowDto;
  readonly drawers: Drawers;
  readonly enterGroup: (groupId: string) => void;
  readonly show: (groupId: string, componentId: string) => void;
}

function Side({ groupId, name, flow, drawers, enterGroup, show }: SideProps) {
  const selection = useStore(selectionStore);
  if (drawers.side === 'bulletins') return <BulletinDrawer onClose={drawers.closeSide} onShow={show} />;
  if (drawers.side === 'services') return <ServicesPanel groupId={groupId} name={name} onClose={drawers.closeSide} />;
  return <ConfigurationPanel groupId={groupId} flow={flow} selection={selection} enterGroup={enterGroup} openQueue={drawers.openQueue} emptyQueue={drawers.askToEmpty} />;
}

function Queue({ flow, drawers }: { readonly flow: FlowDto; readonly drawers: Drawers }) {
  const find = (id: string | undefined) => flow.connections.find((connection) => connection.id === id);
  const [listed, emptying] = [find(drawers.queueOf), find(drawers.emptying)];
  return (
    <>
      {listed && <QueueDrawer key={listed.id} entity={listed} onEmpty={() => drawers.askToEmpty(listed.id)} onClose={() => drawers.openQueue(undefined)} />}
      {emptying && <EmptyQueue entity={emptying} onClose={() => drawers.askToEmpty(undefined)} />}
    </>
  );
}
