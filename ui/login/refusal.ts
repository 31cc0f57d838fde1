import { ApiError } from '../api/client.ts';

/** Why somebody was not let in. */
export interface Refusal {
  readonly message: string;
  /** Whether name or password are to blame. */
  readonly isCredentials: boolean;
  /** Seconds after which the next try is looked at. */
  readonly retryAfter?: number;
}

/** What a failed login says to the person in front of it. */
export function refusalOf(failure: unknown): Refusal {
  if (!(failure instanceof ApiError)) return { message: failure instanceof Error ? failure.message : String(failure), isCredentials: false };
  if (failure.status === 429) return { message: 'You can try again now.', isCredentials: false, retryAfter: failure.retryAfter ?? 1 };
  if (failure.status === 400) return { message: 'The user or the password is not right.', isCredentials: true };
  return { message: failure.message, isCredentials: false };
}
