import type { MapCache } from './map-cache.ts';

/** Something that a listing found: a file, an object. */
export interface ListedEntity {
  /** Tells it from all others of the same place. */
  readonly id: string;
  /** When it was last changed, whole milliseconds since 1970. */
  readonly modified: number;
  /** Tells this state of it from a later one at the same time, where times are coarse; the id where it is not set. */
  readonly mark?: string;
}

const markOf = ({ id, mark }: ListedEntity): string => mark ?? id;

/** What a listing by timestamps remembers: the newest time listed, and what bore it. */
export interface Progress {
  readonly newest: number;
  readonly atNewest: ReadonlySet<string>;
}

/** From the processor's state, under NiFi's keys. */
export function readProgress(state: ReadonlyMap<string, string>): Progress {
  const atNewest = [...state].filter(([key]) => key.startsWith('id.')).map(([, id]) => id);
  return { newest: Number(state.get('processed.timestamp') ?? -1), atNewest: new Set(atNewest) };
}

export function progressState({ newest, atNewest }: Progress): Record<string, string> {
  const ids = [...atNewest].map((id, index) => [`id.${index}`, id]);
  return { 'listing.timestamp': String(newest), 'processed.timestamp': String(newest), ...Object.fromEntries(ids) };
}

export const isNew = (entity: ListedEntity, { newest, atNewest }: Progress): boolean => entity.modified > newest || (entity.modified === newest && !atNewest.has(markOf(entity)));

/** `listed` are new and not empty, the oldest first. */
export function advanced(before: Progress, listed: readonly ListedEntity[]): Progress {
  const newest = listed.at(-1)!.modified;
  const atNewest = listed.filter(({ modified }) => modified === newest).map(markOf);
  return { newest, atNewest: new Set(newest === before.newest ? [...before.atNewest, ...atNewest] : atNewest) };
}

/** The oldest first, so that what is remembered never runs ahead of what was listed. */
export const oldestFirst = (a: ListedEntity, b: ListedEntity): number => a.modified - b.modified || (a.id < b.id ? -1 : 1);

type Tracked = Map<string, readonly [modified: number, size: number]>;

/** How NiFi's Tracking Entities looks. Times in milliseconds. */
export interface EntityTracking {
  readonly cache: MapCache;
  readonly key: string;
  /** What was changed longer ago is neither listed nor remembered. */
  readonly window: number;
  /** Whether the first listing takes everything, however old. */
  readonly startsWithAll: boolean;
}

/** Remembers each thing that was listed, with its time and size, in a map cache: finds what comes with an old timestamp too. */
export class EntityTracker {
  readonly #tracking: EntityTracking;
  #known: Tracked | undefined;

  constructor(tracking: EntityTracking) {
    this.#tracking = tracking;
  }

  /** Which of those found are new, or changed in time or size. Throws ProcessError where the cache cannot be reached. */
  async choose<T extends ListedEntity & { readonly size: number }>(found: readonly T[], now: number): Promise<T[]> {
    const { cache, key, window, startsWithAll } = this.#tracking;
    const stored = this.#known ? undefined : await cache.get(key);
    const isFirst = this.#known === undefined && stored === undefined;
    const known = (this.#known ??= new Map(stored ? (JSON.parse(stored.value) as [string, [number, number]][]) : []));
    const from = isFirst && startsWithAll ? Number.NEGATIVE_INFINITY : now - window;
    for (const [id, [modified]] of known) if (modified < from) known.delete(id);
    return found.filter(({ id, modified, size }) => {
      const [before, length] = known.get(id) ?? [];
      return modified >= from && (before === undefined || modified > before || size !== length);
    });
  }

  /** Takes note of what was listed; `save` stores it once the session is stored. */
  remember(listed: readonly (ListedEntity & { readonly size: number })[]): { save(): Promise<void> } {
    for (const { id, modified, size } of listed) this.#known!.set(id, [modified, size]);
    const text = JSON.stringify([...this.#known!]);
    return { save: () => this.#tracking.cache.put(this.#tracking.key, text) };
  }
}
