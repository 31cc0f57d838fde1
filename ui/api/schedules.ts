import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from './client.ts';

/** The next times of a cron schedule; fails with what is wrong with it. */
export function useNextRuns(expression: string | undefined) {
  return useQuery({
    queryKey: ['next-runs', expression],
    queryFn: ({ signal }) => request<{ nextRuns: readonly string[] }>(`/api/schedules/cron?${new URLSearchParams({ expression: expression! })}`, { signal }),
    select: ({ nextRuns }) => nextRuns,
    enabled: expression !== undefined,
    placeholderData: keepPreviousData,
  });
}
