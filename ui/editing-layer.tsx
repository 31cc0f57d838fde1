import { useCallback, useMemo } from 'react';
import { useEditor } from './api/editor.ts';
import { findComponent } from './api/flow.ts';
import type { Found } from './api/search.ts';
import type { ComponentKind, ProcessGroupFlowEntity } from './api/shapes.ts';
import { CommandLayer, type MenuPlace } from './commands/command-layer.tsx';
import type { CommandContext } from './commands/context.ts';
import type { Drawers } from './drawers.ts';
import { ConflictDialog } from './editing/conflict-dialog.tsx';
import { Tasks } from './editing/tasks.tsx';
import { Toolbar } from './editing/toolbar.tsx';
import { step, usePageActions } from './page-actions.ts';
import { navigate } from './shared/location.ts';
import { selectionStore } from './shared/selection.ts';
import { useStore } from './shared/store.ts';

interface EditingLayerProps {
  readonly group: ProcessGroupFlowEntity['processGroupFlow'];
  readonly drawers: Drawers;
  readonly menu: MenuPlace | undefined;
  readonly onMenuClose: () => void;
  readonly show: (groupId: string, componentId: string) => void;
  readonly configure: (kind: ComponentKind, id: string) => void;
}

/** All that edits and commands: above the canvas, beside which it knows nothing of nodes and edges. */
export function EditingLayer({ group, drawers, menu, onMenuClose, show, configure }: EditingLayerProps) {
  const { id: groupId, flow, breadcrumb, parentGroupId } = group;
  const ids = useStore(selectionStore);
  const editor = useEditor();
  const selection = useMemo(() => ids.flatMap((id) => findComponent(flow, id) ?? []), [ids, flow]);
  const page = usePageActions({ groupId, selection, drawers, configure });
  const context: CommandContext = {
    groupId,
    groupName: breadcrumb.breadcrumb.name,
    parentGroupId: parentGroupId ?? undefined,
    parameterContextId: group.parameterContext?.id,
    flow,
    selection,
    editor,
    page,
  };
  const goTo = useCallback(
    ({ kind, id, groupId: inGroup, parentGroup }: Found) => {
      if (kind === 'processGroup') navigate({ groupId: id });
      else if (inGroup ?? parentGroup) show(inGroup ?? parentGroup!.id, id);
    },
    [show],
  );
  return (
    <>
      <Toolbar onUndo={() => step('undo')} onRedo={() => step('redo')} />
      <Tasks groupId={groupId} flow={flow} />
      <CommandLayer context={context} menu={menu} onMenuClose={onMenuClose} onFound={goTo} />
      <ConflictDialog />
    </>
  );
}
