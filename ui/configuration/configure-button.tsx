import type { ComponentKind } from '../api/shapes.ts';
import { Button, IconButton } from '../shared/button.tsx';
import { Menu, type MenuItem } from '../shared/menu.tsx';
import { openView } from '../shared/views.ts';

interface ConfigureButtonProps {
  readonly groupId: string;
  readonly kind: ComponentKind;
  readonly id: string;
  readonly name: string;
}

/** Opens the configuration of a component, and what can be seen of it. */
export function ConfigureButton({ groupId, kind, id, name }: ConfigureButtonProps) {
  const items = itemsFor(kind, id, name);
  return (
    <>
      <Button size="small" icon="gear" title="Configure (Enter, or a double click on the canvas)" onClick={() => openView({ name: 'configure', kind, id, groupId })}>
        Configure
      </Button>
      {items.length > 0 && (
        <Menu label={`What can be seen of ${name}`} items={items} align="end">
          <IconButton icon="more" label={`More about ${name}`} />
        </Menu>
      )}
    </>
  );
}

function itemsFor(kind: ComponentKind, id: string, name: string): readonly MenuItem[] {
  const items: MenuItem[] = [];
  if (kind !== 'group' && kind !== 'label') items.push({ label: 'Provenance', icon: 'path', run: () => openView({ name: 'provenance', componentId: id }) });
  if (kind === 'processor' || kind === 'connection' || kind === 'group')
    items.push({ label: 'Status history', icon: 'chart', run: () => openView({ name: 'status-history', kind, id, title: name }) });
  if (kind === 'group') items.push({ label: 'Version control', icon: 'branch', run: () => openView({ name: 'versions', groupId: id, title: name }) });
  return items;
}
