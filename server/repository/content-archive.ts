/** How much content without a FlowFile is kept for replay. */
export interface ArchiveLimits {
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
}

interface SealedSegment {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly sealed: number;
}

const CLEAN_MILLIS = 5000;

/** Counts who refers to which segment, and decides which sealed ones may go. */
export class ContentArchive {
  readonly #limits: ArchiveLimits;
  readonly #now: () => number;
  readonly #remove: (segment: number) => void;
  readonly #sealed = new Map<number, SealedSegment>();
  readonly #references = new Map<number, number>();
  readonly #pins = new Map<object, Set<number>>();
  #nextClean = 0;

  constructor(limits: ArchiveLimits, now: () => number, remove: (segment: number) => void) {
    this.#limits = limits;
    this.#now = now;
    this.#remove = remove;
  }

  has(segment: number): boolean {
    return this.#sealed.has(segment);
  }

  /** A segment that is not written to any more. */
  add(segment: number, size: number, sealed = this.#now()): void {
    this.#sealed.set(segment, { size, sealed });
  }

  retain(segment: number): void {
    if (segment > 0) this.#references.set(segment, (this.#references.get(segment) ?? 0) + 1);
  }

  release(segment: number): void {
    const left = (this.#references.get(segment) ?? 0) - 1;
    if (left > 0) this.#references.set(segment, left);
    else this.#references.delete(segment);
  }

  /** A session has written the segment and not yet committed. */
  pin(segment: number, owner: object): void {
    const pins = this.#pins.get(owner);
    if (pins) pins.add(segment);
    else this.#pins.set(owner, new Set([segment]));
  }

  unpin(owner: object): void {
    this.#pins.delete(owner);
  }

  /** Drops the oldest unreferenced segments until the archive is within its limits. Looks at most every few seconds. */
  clean(): void {
    const now = this.#now();
    if (now < this.#nextClean) return;
    this.#nextClean = now + CLEAN_MILLIS;
    const pinned = new Set([...this.#pins.values()].flatMap((pins) => [...pins]));
    const archived = [...this.#sealed].filter(([segment]) => !this.#references.has(segment) && !pinned.has(segment)).sort(([, a], [, b]) => a.sealed - b.sealed);
    let bytes = archived.reduce((sum, [, { size }]) => sum + size, 0);
    for (const [segment, { size, sealed }] of archived) {
      if (bytes <= this.#limits.maxBytes && now - sealed <= this.#limits.maxAge) break;
      this.#sealed.delete(segment);
      this.#remove(segment);
      bytes -= size;
    }
  }
}
