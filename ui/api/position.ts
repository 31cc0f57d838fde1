import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { request } from './client.ts';
import { type Changeable, changeComponent, componentPath } from './components.ts';
import type { PlacedKind, PositionDto } from './shapes.ts';

/** Stores where a component stands; returns the version of its new revision. */
export function useMove(groupId: string): (kind: PlacedKind, id: string, position: PositionDto) => Promise<number> {
  const client = useQueryClient();
  return useCallback(
    async (kind, id, position) => {
      const write = (revision: object) => request<Changeable>(componentPath(kind, id), { method: 'PUT', body: { revision, component: { id, position } } });
      const { revision } = await changeComponent(client, { groupId, kind, id }, write);
      return revision.version;
    },
    [client, groupId],
  );
}
