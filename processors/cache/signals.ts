import { ProcessError } from '../../server/extension/errors.ts';
import type { MapCache } from '../../server/extension/map-cache.ts';

/** The counter that holds what was used up of the total. */
const CONSUMED = 'consumed';
const ATTEMPTS = 20;

interface StoredSignal {
  readonly counts: Record<string, number>;
  readonly attributes: Record<string, string>;
  readonly releasableCount: number;
}

/** What Notify has told about one identifier, and Wait has not used up yet: kept in a cache, as NiFi keeps it. */
export class Signal {
  readonly counts: Record<string, number>;
  readonly attributes: Record<string, string>;
  /** FlowFiles that may go without further notice. */
  releasable: number;

  private constructor({ counts, attributes, releasableCount }: StoredSignal) {
    this.counts = { ...counts };
    this.attributes = { ...attributes };
    this.releasable = releasableCount;
  }

  /** Throws an Error where the cache holds something else under this key. */
  static parse(text: string): Signal {
    const { counts, attributes, releasableCount } = JSON.parse(text) as Partial<StoredSignal>;
    if (typeof counts !== 'object') throw new ProcessError('The cache holds something else under this identifier: choose another Release Signal Identifier.');
    return new Signal({ counts, attributes: attributes ?? {}, releasableCount: releasableCount ?? 0 });
  }

  static empty(): Signal {
    return new Signal({ counts: {}, attributes: {}, releasableCount: 0 });
  }

  toText(): string {
    return JSON.stringify({ counts: this.counts, attributes: this.attributes, releasableCount: this.releasable } satisfies StoredSignal);
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
