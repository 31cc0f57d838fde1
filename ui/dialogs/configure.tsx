import type { ComponentType } from 'react';
import type { ComponentKind } from '../api/shapes.ts';
import { ConnectionDialog } from './connection-dialog.tsx';
import { GroupDialog } from './group-dialog.tsx';
import { LabelDialog } from './label-dialog.tsx';
import { PortDialog } from './port-dialog.tsx';
import { ProcessorDialog } from './processor-dialog.tsx';
import type { ConfigureProps } from './view-props.ts';
import './dialogs.css';

const DIALOGS: Readonly<Partial<Record<ComponentKind, ComponentType<ConfigureProps>>>> = {
  processor: ProcessorDialog,
  connection: ConnectionDialog,
  group: GroupDialog,
  label: LabelDialog,
  'input-port': PortDialog,
  'output-port': PortDialog,
};

/** The configuration of a component, whatever its kind; a funnel has none. */
export function Configure(props: ConfigureProps) {
  const Found = DIALOGS[props.kind];
  return Found ? <Found {...props} /> : null;
}
