/** What is counted of a run; rows, bytes, requests, milliseconds. */
export const FIGURES = ['rowsRead', 'rowsSent', 'rowsUnchanged', 'rowsRejected', 'bytes', 'requests', 'throttledMillis'] as const;
export type Figure = (typeof FIGURES)[number];
export type Figures = Record<Figure, number>;

/** Why a run was begun. */
export type RunCause = 'SCHEDULE' | 'MANUAL' | 'RESTART' | 'RESEND';

/** How a run ended. */
export type RunOutcome = 'COMPLETED' | 'COMPLETED_WITH_REJECTED' | 'FAILED' | 'CANCELLED';

/** Something that went wrong in a run. */
export interface RunError {
  /** Milliseconds since 1970; the latest time. */
  at: number;
  readonly componentId: string;
  readonly componentName: string;
  readonly message: string;
  count: number;
}

/** So many different errors of a run are kept. */
const MOST_ERRORS = 20;
const MOST_CHARACTERS = 4000;

/** As it is stored. */
export interface StoredRun {
  readonly id: number;
  /** The process group that is the sync. */
  readonly syncId: string;
  /** Milliseconds since 1970; null while it goes on. */
  readonly ended: number | null;
  readonly json: string;
}

/** A row that was not accepted, with the reason. */
export interface StoredRejectedRow {
  /** Grows. */
  readonly id: number;
  readonly run: number;
  readonly syncId: string;
  readonly at: number;
  readonly componentId: string;
  readonly componentName: string;
  readonly reason: string;
  /** The row as JSON. */
  readonly row: string;
}

interface RunData {
  readonly syncId: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly cause: RunCause;
  readonly started: number;
}

/** One run of a sync, from the first row read to the last row accepted. The tracker alone changes it. */
export class Run {
  readonly id: number;
  readonly data: RunData;
  readonly figures: Figures;
  ended: number | null = null;
  outcome: RunOutcome | null = null;
  /** Whether its source is at work. */
  reading = false;
  /** The component that failed last and has not succeeded since. */
  retrying: string | null = null;
  /** FlowFiles that came to a relationship named failure. */
  failures = 0;
  /** FlowFiles that somebody dropped from a queue, or that expired there. */
  dropped = 0;
  /** Whether its source failed. */
  sourceFailed = false;
  /** So many runs in a row found nothing; this one stands for all of them. */
  checks = 1;
  /** Rejected rows that are kept. */
  kept = 0;
  errors: RunError[] = [];

  constructor(id: number, data: RunData) {
    this.id = id;
    this.data = data;
    this.figures = Object.fromEntries(FIGURES.map((name) => [name, 0])) as Figures;
  }

  static restore({ id, ended, json }: StoredRun): Run {
    const { data, figures, ...rest } = JSON.parse(json) as Pick<Run, 'data' | 'figures'>;
    const run = new Run(id, data);
    Object.assign(run.figures, figures);
    return Object.assign(run, rest, { ended });
  }

  toStored(): StoredRun {
    const { id, ended, ...rest } = this;
    return { id, ended, syncId: this.data.syncId, json: JSON.stringify(rest) };
  }

  /** Whether nothing was found and nothing went wrong. */
  get isEmpty(): boolean {
    const { rowsRead, rowsSent, rowsUnchanged, rowsRejected } = this.figures;
    return rowsRead + rowsSent + rowsUnchanged + rowsRejected === 0 && this.errors.length === 0 && this.outcome === 'COMPLETED';
  }

  addError(at: number, { id, name }: { readonly id: string; readonly name: string }, text: string): void {
    const message = text.slice(0, MOST_CHARACTERS);
    const known = this.errors.find((error) => error.componentId === id && error.message === message);
    if (known) {
      known.at = at;
      known.count++;
      return;
    }
    this.errors.push({ at, componentId: id, componentName: name, message, count: 1 });
    if (this.errors.length > MOST_ERRORS) this.errors.shift();
  }

  /** Says how it ended. */
  end(at: number): void {
    this.ended = at;
    this.reading = false;
    this.retrying = null;
    this.outcome = this.#verdict();
  }

  #verdict(): RunOutcome {
    const { rowsSent, rowsUnchanged, rowsRejected } = this.figures;
    if (this.sourceFailed) return 'FAILED';
    if (this.dropped > 0) return 'CANCELLED';
    if (this.failures > 0 && rowsSent + rowsUnchanged === 0) return 'FAILED';
    return rowsRejected > 0 || this.failures > 0 ? 'COMPLETED_WITH_REJECTED' : 'COMPLETED';
  }
}
