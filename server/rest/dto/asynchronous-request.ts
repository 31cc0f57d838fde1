import type { AsynchronousRequest } from '../asynchronous-requests.ts';
import type { EntityView } from './common.ts';

/** What update-, validation-, verification- and replace-requests have in common. */
export interface RequestDto {
  requestId: string;
  uri: string;
  submissionTime: string;
  lastUpdated: string;
  complete: boolean;
  failureReason?: string;
  percentCompleted: number;
  state: string;
}

export function requestDto({ id, submitted, updated, finished, failure }: AsynchronousRequest<unknown>, uri: string, { times }: EntityView): RequestDto {
  return {
    requestId: id,
    uri,
    submissionTime: times.timestamp(submitted),
    lastUpdated: times.timestamp(updated),
    complete: finished,
    failureReason: failure,
    percentCompleted: finished ? 100 : 0,
    state: requestState(finished, failure),
  };
}

export function requestState(finished: boolean, failure: string | undefined): string {
  if (!finished) return 'Running';
  return failure === undefined ? 'Complete' : 'Failed';
}

/** The same, as listing- and drop-requests say it. */
export interface QueueRequestDto {
  id: string;
  uri: string;
  submissionTime: string;
  lastUpdated: string;
  finished: boolean;
  failureReason?: string;
  percentCompleted: number;
  state: string;
}

export function queueRequestDto({ id, submitted, updated, finished, failure }: AsynchronousRequest<unknown>, uri: string, { times }: EntityView): QueueRequestDto {
  return {
    id,
    uri,
    submissionTime: times.timestamp(submitted),
    lastUpdated: times.timestamp(updated),
    finished,
    failureReason: failure,
    percentCompleted: finished ? 100 : 0,
    state: finished ? (failure === undefined ? 'Completed successfully' : 'Failed') : 'Running',
  };
}
