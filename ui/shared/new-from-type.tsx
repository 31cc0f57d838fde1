import { useState } from 'react';
import type { DocumentedTypeDto } from '../api/properties.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';
import { shortType } from './format.ts';
import { Failure, Loading } from './message.tsx';
import { TypePicker } from './type-picker.tsx';

interface NewFromTypeProps {
  readonly title: string;
  readonly subtitle?: string;
  /** Undefined while they are read. */
  readonly types: readonly DocumentedTypeDto[] | undefined;
  /** Why they could not be read. */
  readonly failure: Error | null;
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly busy: boolean;
  /** Why nothing was made. */
  readonly error: Error | null;
  readonly onMake: (type: DocumentedTypeDto) => void;
  readonly onClose: () => void;
}

/** Picks a type for a new component, and a name. */
export function NewFromType({ title, subtitle, types, failure, name, onName, busy, error, onMake, onClose }: NewFromTypeProps) {
  const [chosen, setChosen] = useState<DocumentedTypeDto>();
  const type = chosen ?? types?.[0];
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" busy={busy} disabled={!type} onClick={() => type && onMake(type)}>
        Create
      </Button>
    </>
  );
  return (
    <Dialog title={title} subtitle={subtitle} size="large" onClose={onClose} actions={actions}>
      {types ? (
        <>
          <TypePicker types={types} chosen={type} onChoose={setChosen} onAccept={onMake} />
          <TextField label="Name" placeholder={type ? shortType(type.type) : undefined} value={name} onChange={onName} />
        </>
      ) : failure ? (
        <Failure title="The types could not be read" error={failure} />
      ) : (
        <Loading>Reading the types</Loading>
      )}
      {error && (
        <p className="callout" data-tone="danger" role="alert">
          {error.message}
        </p>
      )}
    </Dialog>
  );
}
