import { IconButton } from '../shared/button.tsx';
import { Menu, type MenuItem } from '../shared/menu.tsx';
import { openView } from '../shared/views.ts';

function itemsFor(groupId: string, name: string): readonly MenuItem[] {
  return [
    { label: 'Configure this group', icon: 'gear', run: () => openView({ name: 'configure', kind: 'group', id: groupId, groupId }) },
    { label: 'Services of this group', icon: 'plug', run: () => openView({ name: 'services', groupId }) },
    { label: 'Version control', icon: 'branch', run: () => openView({ name: 'versions', groupId, title: name }) },
    { label: 'Status history of this group', icon: 'chart', run: () => openView({ name: 'status-history', kind: 'group', id: groupId, title: name }) },
    'line',
    { label: 'Syncs', icon: 'refresh', run: () => openView({ name: 'syncs' }) },
    { label: 'Summary', icon: 'table', run: () => openView({ name: 'summary' }) },
    { label: 'Provenance', icon: 'path', run: () => openView({ name: 'provenance' }) },
    { label: 'Counters', icon: 'sort', run: () => openView({ name: 'counters' }) },
    { label: 'Flow history', icon: 'history', run: () => openView({ name: 'flow-history' }) },
    { label: 'Flow analysis', icon: 'check', run: () => openView({ name: 'flow-analysis' }) },
    { label: 'System diagnostics', icon: 'chart', run: () => openView({ name: 'diagnostics' }) },
    'line',
    { label: 'Parameter contexts', icon: 'sliders', run: () => openView({ name: 'parameter-contexts' }) },
    { label: 'Controller', icon: 'server', run: () => openView({ name: 'controller' }) },
    { label: 'Services of the controller', icon: 'plug', run: () => openView({ name: 'services', groupId: 'controller' }) },
  ];
}

/** What concerns the group on the canvas as a whole, and the whole flow. */
export function MainMenu({ groupId, name }: { readonly groupId: string; readonly name: string }) {
  return (
    <Menu label="The whole flow" items={itemsFor(groupId, name)} align="end">
      <IconButton icon="menu" label="Menu of the whole flow" />
    </Menu>
  );
}
