import type { BulletinSeverity, LogLevel } from '../extension/component.ts';
import type { Clock } from './clock.ts';

const SEVERITIES: Readonly<Record<LogLevel, BulletinSeverity>> = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' };

/** A message that a component shows to people. */
export interface Bulletin {
  /** Grows. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: BulletinSeverity;
  readonly message: string;
  /** `Log Message` for what components log; the name of the subject for the engine's own. */
  readonly category: string;
  /** Absent for bulletins of the engine itself. */
  readonly source?: BulletinSource;
}

export interface BulletinSource {
  readonly id: string;
  readonly name: string;
  /** A ComponentKind. */
  readonly kind: string;
  /** The group that the source is in; for a group, itself. */
  readonly groupId: string | undefined;
}

/** What to look for; patterns are regular expressions that must match somewhere, as in NiFi. */
export interface BulletinFilter {
  /** Only those with a greater id. */
  readonly after?: number;
  readonly message?: RegExp;
  readonly sourceName?: RegExp;
  readonly sourceId?: RegExp;
  readonly groupId?: RegExp;
  /** The newest so many. */
  readonly limit?: number;
}

const LIFE_MILLIS = 5 * 60_000;
/** Per source: a component that complains a thousand times a second must not fill memory. */
const MOST_PER_SOURCE = 100;

/** Bulletins of the last five minutes. */
export class BulletinBoard {
  readonly #clock: Clock;
  readonly #bySource = new Map<string, Bulletin[]>();
  readonly #listeners = new Set<(bulletin: Bulletin) => void>();
  #nextId = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(level: LogLevel, message: string, source?: BulletinSource, category = 'Log Message'): Bulletin {
    const bulletin: Bulletin = { id: this.#nextId++, time: this.#clock.now(), level: SEVERITIES[level], message, category, source };
    const key = source?.id ?? '';
    const known = this.#fresh(key);
    if (known.length >= MOST_PER_SOURCE) known.shift();
    known.push(bulletin);
    this.#bySource.set(key, known);
    for (const listener of this.#listeners) listener(bulletin);
    return bulletin;
  }

  /** Oldest first. */
  find(filter: BulletinFilter = {}): Bulletin[] {
    const found = [...this.#bySource.keys()].flatMap((key) => this.#fresh(key)).filter((bulletin) => matches(bulletin, filter));
    found.sort((a, b) => a.id - b.id);
    return filter.limit === undefined ? found : found.slice(-filter.limit);
  }

  /** Those of one component, oldest first. */
  of(sourceId: string): readonly Bulletin[] {
    return this.#fresh(sourceId);
  }

  /** Removes those of a component that are not newer than `until` (milliseconds since 1970); returns how many. */
  clear(sourceId: string, until = Number.POSITIVE_INFINITY): number {
    const known = this.#fresh(sourceId);
    const left = known.filter(({ time }) => time > until);
    this.#bySource.set(sourceId, left);
    return known.length - left.length;
  }

  forget(sourceId: string): void {
    this.#bySource.delete(sourceId);
  }

  /** Returns what ends the subscription. */
  subscribe(listener: (bulletin: Bulletin) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #fresh(key: string): Bulletin[] {
    const known = this.#bySource.get(key);
    if (!known) return [];
    const from = this.#clock.now() - LIFE_MILLIS;
    const fresh = known.findIndex(({ time }) => time > from);
    if (fresh !== 0) known.splice(0, fresh < 0 ? known.length : fresh);
    if (known.length === 0) this.#bySource.delete(key);
    return known;
  }
}

function matches(bulletin: Bulletin, { after, message, sourceName, sourceId, groupId }: BulletinFilter): boolean {
  if (after !== undefined && bulletin.id <= after) return false;
  if (message && !message.test(bulletin.message)) return false;
  if (sourceName && !sourceName.test(bulletin.source?.name ?? '')) return false;
  if (sourceId && !sourceId.test(bulletin.source?.id ?? '')) return false;
  return !groupId || groupId.test(bulletin.source?.groupId ?? '');
}
