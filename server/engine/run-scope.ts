import { RUN_ATTRIBUTE } from '../extension/session.ts';
import type { FlowFileRecord } from './flowfile-record.ts';
import { sharesIn } from './run-shares.ts';

/** A sync's process group as the tracker sees it: how many FlowFiles of each run are in its queues. */
export class RunScope {
  /** The group's id. */
  readonly syncId: string;
  /** Runs that may have ended, as nothing of them is queued any more. */
  readonly emptied = new Set<number>();
  readonly #queued = new Map<number, number>();

  constructor(syncId: string) {
    this.syncId = syncId;
  }

  /** FlowFiles of a run in the group's queues, those included that sessions hold. */
  queued(run: number): number {
    return this.#queued.get(run) ?? 0;
  }

  /** The runs of which something is queued. */
  get runs(): Iterable<number> {
    return this.#queued.keys();
  }

  entered(record: FlowFileRecord): void {
    const text = record.committed.own.get(RUN_ATTRIBUTE);
    if (text !== undefined) for (const [run] of sharesIn(text)) this.#queued.set(run, this.queued(run) + 1);
  }

  left(record: FlowFileRecord): void {
    const text = record.committed.own.get(RUN_ATTRIBUTE);
    if (text === undefined) return;
    for (const [run] of sharesIn(text)) {
      const left = this.queued(run) - 1;
      if (left > 0) this.#queued.set(run, left);
      else {
        this.#queued.delete(run);
        this.emptied.add(run);
      }
    }
  }
}
