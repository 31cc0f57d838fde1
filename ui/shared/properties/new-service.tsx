import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useConfigurationChanged } from '../../api/editing.ts';
import { recordMade } from '../../api/presence.ts';
import { servicePath } from '../../api/service-activation.ts';
import { createService, type DocumentedTypeDto, type ServiceApi, useServiceTypes } from '../../api/properties.ts';
import type { ControllerServiceEntity } from '../../api/shapes.ts';
import { shortType } from '../format.ts';
import { NewFromType } from '../new-from-type.tsx';

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
  const { data: types, error } = useServiceTypes(api);
  const [name, setName] = useState('');
  const client = useQueryClient();
  const changed = useConfigurationChanged();
  const make = useMutation({
    mutationFn: (of: DocumentedTypeDto) => createService(groupId, of, name.trim() || undefined),
    onSuccess: async (service) => {
      recordMade(client, { id: service.id, name: service.component.name, path: servicePath(service.id), groupId });
      await changed();
      onMade(service);
    },
  });
  return (
    <NewFromType
      title="New controller service"
      subtitle={api && `For ${shortType(api.type)}`}
      types={types}
      failure={error}
      name={name}
      onName={setName}
      busy={make.isPending}
      error={make.error}
      onMake={(type) => make.mutate(type)}
      onClose={onClose}
    />
  );
}
