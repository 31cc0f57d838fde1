import { QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ServerLostError } from './client.ts';
import { groupFlowOptions } from './flow.ts';

const LONGEST_WAIT_MILLIS = 10_000;

/** A lost server is asked again, at growing distances, until it answers; a refusal is final. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: (_failures, error) => error instanceof ServerLostError,
        retryDelay: (failures) => Math.min(1000 * 2 ** failures, LONGEST_WAIT_MILLIS),
        staleTime: 500,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

export interface ServerHealth {
  readonly isLost: boolean;
  /** Asks at once instead of waiting for the next attempt. */
  retryNow(): void;
}

/** Whether the server answers, as the canvas of a group sees it. */
export function useServerHealth(groupId: string): ServerHealth {
  const client = useQueryClient();
  // Watches the canvas's own query; asks for nothing itself.
  const { failureReason } = useQuery({ ...groupFlowOptions(groupId), enabled: false });
  const [, setTries] = useState(0);
  return {
    isLost: failureReason instanceof ServerLostError,
    retryNow: () => {
      setTries((tries) => tries + 1);
      void client.refetchQueries({ type: 'active' }, { cancelRefetch: true });
    },
  };
}
