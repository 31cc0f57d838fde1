import type { ComponentKind } from '../api/shapes.ts';

/** What every dialog of a component is given. */
export interface ConfigureProps {
  readonly kind: ComponentKind;
  readonly id: string;
  readonly groupId: string;
  readonly tab?: string;
  readonly onClose: () => void;
}
