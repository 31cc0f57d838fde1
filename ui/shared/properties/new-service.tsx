import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useConfigurationChanged } from '../../api/editing.ts';
import { createService, type DocumentedTypeDto, type ServiceApi, useServiceTypes } from '../../api/properties.ts';
import type { ControllerServiceEntity } from '../../api/shapes.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { TextField } from '../field.tsx';
import { shortType } from '../format.ts';
import { Failure, Loading } from '../message.tsx';
import { TypePicker } from '../type-picker.tsx';

interface NewServiceProps {
  /** Where it is made; undefined: in the controller. */
  readonly groupId: string | undefined;
  /** Only types that fulfil it are offered. */
  readonly api?: ServiceApi;
  readonly onMade: (service: ControllerServiceEntity) => void;
  readonly onClose: () => void;
}

/** Picks a type and makes a controller service of it. */
export function NewService({ groupId, api, onMade, onClose }: NewServiceProps) {
  const { data: types, error, refetch } = useServiceTypes(api);
  const [chosen, setChosen] = useState<DocumentedTypeDto>();
  const [name, setName] = useState('');
  const changed = useConfigurationChanged();
  const type = chosen ?? types?.[0];
  const make = useMutation({
    mutationFn: (of: DocumentedTypeDto) => createService(groupId, of, name.trim() || undefined),
    onSuccess: async (service) => {
      await changed();
      onMade(service);
    },
  });
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" busy={make.isPending} disabled={!type} onClick={() => type && make.mutate(type)}>
        Create
      </Button>
    </>
  );
  return (
    <Dialog title="New controller service" subtitle={api && `For ${shortType(api.type)}`} size="large" onClose={onClose} actions={actions}>
      {types ? (
        <>
          <TypePicker types={types} chosen={type} onChoose={setChosen} onAccept={(of) => make.mutate(of)} />
          <TextField label="Name" placeholder={type ? shortType(type.type) : undefined} value={name} onChange={setName} />
        </>
      ) : error ? (
        <Failure title="The types could not be read" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>Reading the types</Loading>
      )}
      {make.error && (
        <p className="callout" data-tone="danger" role="alert">
          {make.error.message}
        </p>
      )}
    </Dialog>
  );
}
