import { type Limit, RateLimiter } from '../../server/extension/rate-limiter.ts';
import { SharedLimits } from '../../server/extension/shared-limits.ts';

/** What counts against the limits of one account: search has a limit of its own. */
export interface AccountLimits {
  readonly general: RateLimiter;
  readonly search: RateLimiter;
}

/** What HubSpot grants until its answers say otherwise (HubSpot, "API usage guidelines"). */
const GENERAL: Limit = { max: 190, millis: 10_000 };
const SECOND = 1000;

const shared = new SharedLimits<AccountLimits>(() => ({ general: new RateLimiter(GENERAL), search: new RateLimiter({ max: 1, millis: SECOND }) }));

/** The limits of the account that a token stands for: all who use the token share them. Let go with `releaseLimits`. */
export function limitsOf(url: string, token: string, searchesPerSecond: number): AccountLimits {
  const limits = shared.take(url, token);
  limits.search.limit = { max: searchesPerSecond, millis: SECOND };
  return limits;
}

export function releaseLimits(url: string, token: string): void {
  shared.release(url, token);
}
