/** What NiFi shows of a component: sums over the last five minutes. */
export interface Figures {
  flowFilesIn: number;
  bytesIn: number;
  flowFilesOut: number;
  bytesOut: number;
  bytesRead: number;
  bytesWritten: number;
  /** Triggers that ended. */
  tasks: number;
  /** What they took, milliseconds. */
  taskMillis: number;
  flowFilesRemoved: number;
  flowFilesReceived: number;
  bytesReceived: number;
  flowFilesSent: number;
  bytesSent: number;
}

const FIELDS = [
  'flowFilesIn',
  'bytesIn',
  'flowFilesOut',
  'bytesOut',
  'bytesRead',
  'bytesWritten',
  'tasks',
  'taskMillis',
  'flowFilesRemoved',
  'flowFilesReceived',
  'bytesReceived',
  'flowFilesSent',
  'bytesSent',
] as const;

export function noFigures(): Figures {
  return {
    flowFilesIn: 0,
    bytesIn: 0,
    flowFilesOut: 0,
    bytesOut: 0,
    bytesRead: 0,
    bytesWritten: 0,
    tasks: 0,
    taskMillis: 0,
    flowFilesRemoved: 0,
    flowFilesReceived: 0,
    bytesReceived: 0,
    flowFilesSent: 0,
    bytesSent: 0,
  };
}

/** Adds `other` to `figures` and returns it. */
export function addFigures(figures: Figures, other: Figures): Figures {
  for (const field of FIELDS) figures[field] += other[field];
  return figures;
}

/** So long is a step of the rolling figures, and so many there are. */
export const SLOT_MILLIS = 15_000;
export const SLOTS = 20;

/** Sums over a rolling five minutes, in steps of fifteen seconds, and since the process started. */
export class RollingStatistics {
  readonly total = noFigures();
  #slots: { since: number; figures: Figures }[] = [];
  #currentEnd = 0;
  #current = noFigures();

  /** The figures to add to at this moment. */
  at(now: number): Figures {
    if (now >= this.#currentEnd) this.#turn(now);
    return this.#current;
  }

  /** The last five minutes. */
  sum(now: number): Figures {
    const from = now - SLOT_MILLIS * SLOTS;
    return this.#slots.filter(({ since }) => since > from).reduce((sum, { figures }) => addFigures(sum, figures), noFigures());
  }

  /** One figure of each step of the last five minutes, oldest first; the last one is the step that has not ended. */
  steps(now: number, of: (figures: Figures) => number): number[] {
    const steps = new Array<number>(SLOTS).fill(0);
    for (const { since, figures } of this.#slots) {
      const at = SLOTS - 1 - Math.floor((now - since) / SLOT_MILLIS);
      if (at >= 0 && at < SLOTS) steps[at]! += of(figures);
    }
    return steps;
  }

  /** Everything since the process started. */
  sinceStart(): Figures {
    return addFigures({ ...this.total }, this.#current);
  }

  #turn(now: number): void {
    addFigures(this.total, this.#current);
    this.#current = noFigures();
    this.#currentEnd = now + SLOT_MILLIS;
    this.#slots.push({ since: now, figures: this.#current });
    if (this.#slots.length > SLOTS) this.#slots.shift();
  }
}
