import { ProcessError } from '../../server/extension/errors.ts';
import type { MapCache } from '../../server/extension/map-cache.ts';

/** The counter that holds what was used up of the total. */
const CONSUMED = 'consumed';
const ATTEMPTS = 20;

interface StoredSignal {
  readonly counts: Record<string, number>;
  readonly attributes: Record<string, string>;
  readonly releasableCount: number;
  readonly unsettled?: readonly string[];
}

/** What Notify has told about one identifier, and Wait has not used up yet: kept in a cache, as NiFi keeps it. */
export class Signal {
  readonly counts: Record<string, number>;
  readonly attributes: Record<string, string>;
  /** FlowFiles that may go without further notice. */
  releasable: number;
  /**
   * FlowFiles whose part in the counts is done, but whose session may not be stored yet. A session that comes again, after a kill
   * between the cache and its own storing, finds itself here and does not do its part twice.
   */
  readonly #unsettled: Set<string>;

  private constructor({ counts, attributes, releasableCount, unsettled }: StoredSignal) {
    this.#unsettled = new Set(unsettled);
    this.counts = { ...counts };
    this.attributes = { ...attributes };
    this.releasable = releasableCount;
  }

  /** Throws an Error where the cache holds something else under this key. */
  static parse(text: string): Signal {
    const { counts, attributes, releasableCount, unsettled } = JSON.parse(text) as Partial<StoredSignal>;
    if (typeof counts !== 'object') throw new ProcessError('The cache holds something else under this identifier: choose another Release Signal Identifier.');
    return new Signal({ counts, attributes: attributes ?? {}, releasableCount: releasableCount ?? 0, unsettled });
  }

  static empty(): Signal {
    return new Signal({ counts: {}, attributes: {}, releasableCount: 0 });
  }

  toText(): string {
    const unsettled = this.#unsettled.size > 0 ? [...this.#unsettled] : undefined;
    return JSON.stringify({ counts: this.counts, attributes: this.attributes, releasableCount: this.releasable, unsettled } satisfies StoredSignal);
  }

  /** Marks these parts as done; returns those that were not yet. */
  mark(parts: readonly string[]): string[] {
    const fresh = parts.filter((part) => !this.#unsettled.has(part));
    for (const part of fresh) this.#unsettled.add(part);
    return fresh;
  }

  /** Their sessions are stored: the marks go. */
  settle(parts: readonly string[]): void {
    for (const part of parts) this.#unsettled.delete(part);
  }

  isMarked(part: string): boolean {
    return this.#unsettled.has(part);
  }

  /** Whether nobody can be let go by it, and nobody asks for it any more. */
  get isUsedUp(): boolean {
    return this.total === 0 && this.releasable === 0 && this.#unsettled.size === 0;
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** Of one counter, or of all where no name is given. */
  count(name: string | undefined): number {
    return name ? (this.counts[name] ?? 0) : this.total;
  }

  /** Turns counts into permissions, `perPass` for each `target` counts, if there are fewer than `wanted`; returns how many may go. */
  release(name: string | undefined, target: number, perPass: number, wanted: number): number {
    if (this.releasable < wanted) {
      const count = this.count(name);
      const rest = count % target;
      this.releasable += Math.floor(count / target) * perPass;
      if (name) this.counts[name] = rest;
      else this.counts[CONSUMED] = (this.counts[CONSUMED] ?? 0) - (count - rest);
    }
    const released = Math.min(this.releasable, wanted);
    this.releasable -= released;
    return released;
  }
}

/** Changes a signal, however many do so at once. Throws ProcessError. */
export async function changeSignal(cache: MapCache, id: string, change: (signal: Signal) => void): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const present = await cache.get(id);
    const signal = present ? Signal.parse(present.value) : Signal.empty();
    change(signal);
    if (await cache.replace(id, signal.toText(), present?.revision)) return;
  }
  throw new ProcessError(`The signal '${id}' is changed by others all the time: it is tried again.`);
}

/** Once their sessions are stored: takes the marks of these parts off; `whole` also the signal where nothing of it is left. */
export async function settleSignal(cache: MapCache, id: string, parts: readonly string[], whole = false): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const present = await cache.get(id);
    if (!present) return;
    const signal = Signal.parse(present.value);
    signal.settle(parts);
    if (whole && signal.isUsedUp ? await cache.remove(id, present.revision) : await cache.replace(id, signal.toText(), present.revision)) return;
  }
}
