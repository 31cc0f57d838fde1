import { RateLimiter } from '../../server/extension/rate-limiter.ts';
import { SharedLimits } from '../../server/extension/shared-limits.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const of = (burst: number, steady: number): RateLimiter =>
  new RateLimiter([
    { max: burst, millis: SECOND },
    { max: steady, millis: MINUTE },
  ]);

/** Each operation has a burst limit of a second and a steady one of a minute, as its reference page says; they count for the account. */
const granted = () => ({ account: of(1, 15), metrics: of(10, 150), imports: of(10, 150), profiles: of(75, 750), analytics: of(10, 150), events: of(350, 3500) });

export type AccountLimits = ReturnType<typeof granted>;

/** Who has the same key shares the limits of its account. */
export const accountLimits = new SharedLimits<AccountLimits>(granted);

/** The limit that a request falls under. */
export function limiterOf(limits: AccountLimits, path: string): RateLimiter {
  if (path.startsWith('/api/profiles')) return path.includes('predictive_analytics') ? limits.analytics : limits.profiles;
  if (path.startsWith('/api/events')) return limits.events;
  if (path.startsWith('/api/metrics')) return limits.metrics;
  return path.startsWith('/api/accounts') ? limits.account : limits.imports;
}
