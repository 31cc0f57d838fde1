import { useQuery } from '@tanstack/react-query';
import { request } from './client.ts';
import { readable } from './unreadable.ts';
import { pollEvery } from './polling.ts';
import type { BulletinEntity } from './shapes.ts';

/** Bulletins of the whole flow of the last minutes, newest first. */
export function useBulletins() {
  return useQuery({
    queryKey: ['bulletins'],
    queryFn: ({ signal }) => request<{ bulletinBoard: { bulletins: BulletinEntity[] } }>('/nifi-api/flow/bulletin-board?limit=200', { signal }),
    select: ({ bulletinBoard }) => [...readable(bulletinBoard.bulletins)].sort((a, b) => b.id - a.id),
    refetchInterval: pollEvery(2000),
  });
}
