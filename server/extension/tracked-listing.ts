import type { StateScope } from './component.ts';
import { ProcessError } from './errors.ts';
import { advanced, type EntityTracker, isNew, type ListedEntity, progressState, readProgress } from './listing.ts';
import { MAP_CACHE } from './map-cache.ts';
import { property } from './property.ts';
import type { ProcessSession } from './session.ts';

/** NiFi's strategies of a listing. */
export type ListingStrategy = 'timestamps' | 'entities' | 'none' | 'time-window';
export type TimestampPrecision = 'auto-detect' | 'millis' | 'seconds' | 'minutes';

/** What a listing of files asks where it may track entities. */
export const entityTracking = {
  cache: property.service('Entity Tracking State Cache', 'For Tracking Entities: where the files that were listed are remembered', MAP_CACHE),
  window: property.duration('Entity Tracking Time Window', 'For Tracking Entities: files changed longer ago are neither listed nor remembered', {
    default: '3 hours',
    required: false,
    expressions: 'environment',
  }),
  initial: property.choice(
    'Entity Tracking Initial Listing Target',
    'For Tracking Entities: what the first listing takes',
    { window: 'Tracking Time Window', all: 'All Available' },
    { default: 'all', required: false },
  ),
};

export interface TrackingRules {
  readonly strategy: ListingStrategy;
  readonly precision: TimestampPrecision;
  /** For `entities`. */
  readonly tracker: EntityTracker | undefined;
  /** Where the listing looks: what was remembered of another place does not count. */
  readonly place: string;
  readonly scope: StateScope;
}

type Sized = ListedEntity & { readonly size: number };

/** What is to be listed now; `remember` notes that it was, with the session. */
export interface Choice<T> {
  readonly listed: readonly T[];
  remember(session: ProcessSession): void;
}

/** How long a file may still grow that is new by a clock so exact, milliseconds; NiFi's figures. */
const LAG: Readonly<Record<Exclude<TimestampPrecision, 'auto-detect'>, number>> = { millis: 100, seconds: 1000, minutes: 60_000 };

function lagOf(precision: TimestampPrecision, found: readonly ListedEntity[]): number {
  if (precision !== 'auto-detect') return LAG[precision];
  if (found.some(({ modified }) => modified % 1000 > 0)) return LAG.millis;
  return found.some(({ modified }) => modified % 60_000 > 0) ? LAG.seconds : LAG.minutes;
}

/** Those of what was found (the oldest first) that are new by the strategy. `now` in milliseconds since 1970. Throws ProcessError. */
export async function chooseNew<T extends Sized>(found: readonly T[], session: ProcessSession, rules: TrackingRules, now: number): Promise<Choice<T>> {
  switch (rules.strategy) {
    case 'none':
      return { listed: found, remember: () => undefined };
    case 'entities':
      return byEntities(found, rules, now);
    case 'time-window':
      return byTimeWindow(found, session, rules, now);
    default:
      return byTimestamps(found, session, rules);
  }
}

const stateOf = (session: ProcessSession, { place, scope }: TrackingRules): ReadonlyMap<string, string> => {
  const state = session.getState(scope);
  return (state.get('place') ?? place) === place ? state : new Map();
};

function byTimestamps<T extends Sized>(found: readonly T[], session: ProcessSession, rules: TrackingRules): Choice<T> {
  const progress = readProgress(stateOf(session, rules));
  const listed = found.filter((entity) => isNew(entity, progress));
  return { listed, remember: () => session.setState(rules.scope, { ...progressState(advanced(progress, listed)), place: rules.place }) };
}

function byTimeWindow<T extends Sized>(found: readonly T[], session: ProcessSession, rules: TrackingRules, now: number): Choice<T> {
  const from = Number(stateOf(session, rules).get('listing.timestamp') ?? Number.NEGATIVE_INFINITY);
  const until = now - lagOf(rules.precision, found);
  const listed = found.filter(({ modified }) => modified >= from && modified < until);
  const state = { 'listing.timestamp': String(until), 'processed.timestamp': String(until), place: rules.place };
  return { listed, remember: () => session.setState(rules.scope, state) };
}

async function byEntities<T extends Sized>(found: readonly T[], { tracker }: TrackingRules, now: number): Promise<Choice<T>> {
  if (!tracker) throw new ProcessError('Entity Tracking State Cache must be set for the strategy Tracking Entities.');
  const listed = await tracker.choose(found, now);
  return {
    listed,
    remember(session) {
      const { save } = tracker.remember(listed);
      // Where the cache cannot be reached this run still knows; after a restart they are listed twice rather than never.
      session.afterCommit(() => void save().catch(() => undefined));
    },
  };
}
