import { IconButton } from '../shared/button.tsx';
import { Menu, type MenuItem } from '../shared/menu.tsx';
import { openView } from '../shared/views.ts';

function itemsFor(groupId: string): readonly MenuItem[] {
  return [
    { label: 'Configure this group', icon: 'gear', run: () => openView({ name: 'configure', kind: 'group', id: groupId, groupId }) },
    { label: 'Services of this group', icon: 'plug', run: () => openView({ name: 'services', groupId }) },
    'line',
    { label: 'Parameter contexts', icon: 'sliders', run: () => openView({ name: 'parameter-contexts' }) },
    { label: 'Services of the controller', icon: 'plug', run: () => openView({ name: 'services', groupId: 'controller' }) },
  ];
}

/** What concerns the group on the canvas as a whole, and the whole flow. */
export function MainMenu({ groupId }: { readonly groupId: string }) {
  return (
    <Menu label="The whole flow" items={itemsFor(groupId)} align="end">
      <IconButton icon="menu" label="Menu of the whole flow" />
    </Menu>
  );
}
