import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { SparklinesDto } from '../../server/rest/dto/sparklines.ts';
import { createStore, useSelected } from '../shared/store.ts';
import { request } from './client.ts';

/** The server counts in steps of fifteen seconds: so often the last one is worth a look. */
const POLL_MILLIS = 3000;

/** FlowFiles in each step of the last five minutes, by component. What looks as before is the same array, so that it is not drawn again. */
const sparklineStore = createStore<ReadonlyMap<string, readonly number[]>>(new Map());

const same = (one: readonly number[] | undefined, other: readonly number[]): boolean => one?.length === other.length && other.every((count, at) => count === one[at]);

function keep({ components }: SparklinesDto): void {
  const before = sparklineStore.get();
  const next = components.map(({ id, flowFiles }) => [id, same(before.get(id), flowFiles) ? before.get(id)! : flowFiles] as const);
  sparklineStore.set(new Map(next));
}

/** Keeps the sparklines of a group up to date. */
export function useSparklines(groupId: string): void {
  const { data } = useQuery({
    queryKey: ['sparklines', groupId],
    queryFn: ({ signal }) => request<SparklinesDto>(`/api/process-groups/${encodeURIComponent(groupId)}/sparklines`, { signal }),
    refetchInterval: POLL_MILLIS,
  });
  useEffect(() => {
    if (data) keep(data);
  }, [data]);
}

/** Undefined where nothing went through. */
export function useSparkline(id: string): readonly number[] | undefined {
  return useSelected(sparklineStore, (lines) => lines.get(id));
}
