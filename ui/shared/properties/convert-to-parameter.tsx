import { useState } from 'react';
import { useAddParameter } from '../../api/parameters.ts';
import type { PropertyDescriptorDto } from '../../api/shapes.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { TextField } from '../field.tsx';
import { noticeDone } from '../notices.ts';
import { MASK, parameterNameFor } from './model.ts';
import { usePropertyEditing } from './property-editing.ts';

interface ConvertProps {
  readonly descriptor: PropertyDescriptorDto;
  readonly value: string | null;
  readonly onClose: () => void;
}

/** Makes a parameter of a property's value, and lets the property refer to it. */
export function ConvertToParameter({ descriptor, value, onClose }: ConvertProps) {
  const { context, set } = usePropertyEditing();
  const { displayName, sensitive } = descriptor;
  const isHidden = value === MASK;
  const [name, setName] = useState(parameterNameFor(displayName));
  const [text, setText] = useState(isHidden ? '' : (value ?? ''));
  const [description, setDescription] = useState('');
  const add = useAddParameter();
  if (!context) return null;
  const taken = context.component.parameters.some(({ parameter }) => parameter.name === name);
  const problem = name.trim() === '' ? 'The name must not be empty' : taken ? `${context.component.name} has a parameter '${name}' already` : undefined;
  const submit = () => {
    if (problem) return;
    const parameter = { name, description, sensitive, value: text };
    add.mutate(
      { contextId: context.id, parameter },
      {
        onSuccess: () => {
          set(descriptor.name, `#{${name}}`);
          noticeDone(`Made parameter ${name}`, `${displayName} refers to it as soon as you apply your changes.`);
          onClose();
        },
      },
    );
  };
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" type="submit" busy={add.isPending} disabled={problem !== undefined}>
        Convert
      </Button>
    </>
  );
  return (
    <Dialog title="Convert to parameter" subtitle={`A new parameter of ${context.component.name}`} onClose={onClose} actions={actions} onSubmit={submit}>
      <TextField label="Name" value={name} onChange={setName} error={problem} autoFocus />
      <TextField
        label="Value"
        type={sensitive ? 'password' : 'text'}
        value={text}
        onChange={setText}
        hint={isHidden ? 'The stored value is never shown: type it again.' : undefined}
        autoComplete="new-password"
      />
      <TextField label="Description" value={description} onChange={setDescription} />
      {add.error && (
        <p className="callout" data-tone="danger" role="alert">
          {add.error.message}
        </p>
      )}
    </Dialog>
  );
}
