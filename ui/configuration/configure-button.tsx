import type { ComponentKind } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { openView } from '../shared/views.ts';

interface ConfigureButtonProps {
  readonly groupId: string;
  readonly kind: ComponentKind;
  readonly id: string;
}

export function ConfigureButton({ groupId, kind, id }: ConfigureButtonProps) {
  return (
    <Button size="small" icon="gear" title="Configure (Enter, or a double click on the canvas)" onClick={() => openView({ name: 'configure', kind, id, groupId })}>
      Configure
    </Button>
  );
}
