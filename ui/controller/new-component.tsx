import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ControllerLevelEntity, createControllerLevel, useControllerLevelTypes } from '../api/controller-level.ts';
import { useConfigurationChanged } from '../api/editing.ts';
import { recordMade } from '../api/presence.ts';
import type { DocumentedTypeDto } from '../api/properties.ts';
import { NewFromType } from '../shared/new-from-type.tsx';
import type { ControllerKind } from './kinds.ts';

interface NewComponentProps {
  readonly kind: ControllerKind;
  readonly onMade: (entity: ControllerLevelEntity) => void;
  readonly onClose: () => void;
}

export function NewComponent({ kind, onMade, onClose }: NewComponentProps) {
  const { data: types, error } = useControllerLevelTypes(kind.types);
  const client = useQueryClient();
  const changed = useConfigurationChanged();
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: (type: DocumentedTypeDto) => createControllerLevel(kind.makePath, type, name.trim() || undefined),
    onSuccess: async (entity) => {
      recordMade(client, { id: entity.id, name: entity.component.name, path: `${kind.path}/${entity.id}` });
      await changed();
      onMade(entity);
    },
  });
  return (
    <NewFromType
      title={`New ${kind.one.toLowerCase()}`}
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
