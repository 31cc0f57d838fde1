import { createHash } from 'node:crypto';
import { type Limit, RateLimiter } from '../../server/extension/rate-limiter.ts';

/** What counts against the limits of one account: search has a limit of its own. */
export interface AccountLimits {
  readonly general: RateLimiter;
  readonly search: RateLimiter;
}

/** What HubSpot grants until its answers say otherwise (HubSpot, "API usage guidelines"). */
const GENERAL: Limit = { max: 190, millis: 10_000 };

const accounts = new Map<string, { limits: AccountLimits; users: number }>();

/** The limits of the account that a token stands for: all who use the token share them. Let go with `releaseLimits`. */
export function limitsOf(url: string, token: string, searchesPerSecond: number): AccountLimits {
  const key = keyOf(url, token);
  const known = accounts.get(key) ?? { limits: { general: new RateLimiter(GENERAL), search: new RateLimiter({ max: searchesPerSecond, millis: 1000 }) }, users: 0 };
  known.users++;
  known.limits.search.limit = { max: searchesPerSecond, millis: 1000 };
  accounts.set(key, known);
  return known.limits;
}

export function releaseLimits(url: string, token: string): void {
  const key = keyOf(url, token);
  const known = accounts.get(key);
  if (known && --known.users === 0) accounts.delete(key);
}

/** Tokens themselves are kept nowhere but in their service. */
const keyOf = (url: string, token: string): string => createHash('sha256').update(`${url}\n${token}`).digest('base64');
