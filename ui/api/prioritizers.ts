import { useQuery } from '@tanstack/react-query';
import { request } from './client.ts';

/** What may order a queue. */
export function usePrioritizers() {
  return useQuery({
    queryKey: ['prioritizers'],
    queryFn: ({ signal }) => request<{ prioritizerTypes: readonly { type: string; description: string }[] }>('/nifi-api/flow/prioritizers', { signal }),
    select: ({ prioritizerTypes }) => prioritizerTypes,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
