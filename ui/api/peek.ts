import { useEffect, useState } from 'react';
import type { PassedFlowFileDto, PeekEntity } from '../../server/rest/dto/peek.ts';
import { ApiError, request } from './client.ts';

export type { PassedFlowFileDto } from '../../server/rest/dto/peek.ts';

const MOST_KEPT = 50;
const POLL_MILLIS = 700;
/** Where it is only said that something came. */
const LEAN_POLL_MILLIS = 1500;

export interface Peek {
  /** Newest first. */
  readonly flowFiles: readonly PassedFlowFileDto[];
  readonly queued: number | undefined;
  readonly error: Error | undefined;
}

/** FlowFiles that come into a connection, as long as somebody looks and has not paused. */
export function usePeek(connectionId: string, { paused = false, contents = true } = {}): Peek {
  const [peek, setPeek] = useState<Peek>({ flowFiles: [], queued: undefined, error: undefined });
  useEffect(() => {
    if (paused) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let after = 0;
    const look = async (): Promise<void> => {
      try {
        const { peek: found } = await request<PeekEntity>(`/api/connections/${encodeURIComponent(connectionId)}/peek?after=${after}&contents=${contents}`, {
          signal: abort.signal,
        });
        // The server's tap begins anew where nobody looked for a while.
        const isNew = found.sequence < after || after === 0;
        after = found.sequence;
        setPeek((old) => ({ flowFiles: merge(isNew ? [] : old.flowFiles, found.flowFiles), queued: found.flowFilesQueued, error: undefined }));
      } catch (failure) {
        if (abort.signal.aborted) return;
        setPeek((old) => ({ ...old, error: failure as Error }));
        // Who may not look, or at what is gone, need not ask again.
        if (failure instanceof ApiError && failure.status < 500) return;
      }
      timer = setTimeout(() => void look(), contents ? POLL_MILLIS : LEAN_POLL_MILLIS);
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [connectionId, paused, contents]);
  return peek;
}

function merge(old: readonly PassedFlowFileDto[], fresh: readonly PassedFlowFileDto[]): readonly PassedFlowFileDto[] {
  return fresh.length === 0 ? old : [...fresh, ...old].slice(0, MOST_KEPT);
}
