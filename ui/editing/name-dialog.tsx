import { useState } from 'react';
import type { PositionDto } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { TextField } from '../shared/field.tsx';
import { endTask } from '../shared/task.ts';
import { useAdd } from './use-add.ts';

const TITLES = { 'input-port': 'Add an input port', 'output-port': 'Add an output port', group: 'Add a process group' } as const;
const HINTS = {
  'input-port': 'Data comes into this group through it. Its name must be the only one of its kind here.',
  'output-port': 'Data leaves this group through it. Its name must be the only one of its kind here.',
  group: 'A group holds a part of the flow; data goes in and out through ports.',
} as const;

interface NewNamedProps {
  readonly groupId: string;
  readonly kind: keyof typeof TITLES;
  readonly at: PositionDto;
  readonly from?: string;
}

/** Asks for the name of a new port or group. */
export function NewNamed({ groupId, kind, at, from }: NewNamedProps) {
  const add = useAdd(groupId);
  return (
    <NameDialog
      title={TITLES[kind]}
      hint={HINTS[kind]}
      action="Add"
      onName={(name) => {
        endTask();
        void add({ kind, at, from, component: { name }, label: `Added ${name}` });
      }}
    />
  );
}

interface NameDialogProps {
  readonly title: string;
  readonly hint: string;
  readonly action: string;
  readonly onName: (name: string) => void;
}

export function NameDialog({ title, hint, action, onName }: NameDialogProps) {
  const [name, setName] = useState('');
  const usable = name.trim() !== '';
  return (
    <Dialog
      title={title}
      onClose={endTask}
      onSubmit={() => usable && onName(name.trim())}
      actions={
        <>
          <Button onClick={endTask}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={!usable}>
            {action}
          </Button>
        </>
      }
    >
      <TextField label="Name" hint={hint} value={name} onChange={setName} autoFocus />
    </Dialog>
  );
}
