import { RUN_ATTRIBUTE } from '../extension/session.ts';
import type { Clock } from './clock.ts';
import type { FlowFileRecord } from './flowfile-record.ts';
import type { Store } from './repositories.ts';
import { type Figure, Run, type RunCause, type StoredRejectedRow, type StoredRun } from './run.ts';
import { apportioned, sharedBy, sharesIn } from './run-shares.ts';
import type { RunScope } from './run-scope.ts';
import { REJECTED_KEPT, type Tally } from './run-tally.ts';
import type { Session } from './session.ts';

/** What changed of runs since the last turn. */
export interface RunChanges {
  readonly runs: readonly StoredRun[];
  readonly removed: readonly number[];
  readonly rejected: readonly StoredRejectedRow[];
}

/**
 * Follows the runs of syncs. A run begins with a trigger of a source (a processor of the sync's group that nothing leads to), is carried
 * by the FlowFiles that come of it, and ends when its source has finished and nothing of it is left in the group's queues. Counts are
 * stored in the unit of work of the session that made them.
 */
export class RunTracker {
  /** By the ids of all groups that belong to syncs. */
  scopes: ReadonlyMap<string, RunScope> = new Map();
  /** The groups that are syncs. */
  readonly tracked = new Set<string>();
  /** Told once it is stored that a run has begun, ended, or met an error. */
  onChange: (run: Run, what: 'begun' | 'ended' | 'error') => void = () => undefined;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #afterStored: (action: () => void) => void;
  readonly #due: () => void;
  readonly #open = new Map<number, Run>();
  readonly #dirty = new Set<Run>();
  readonly #removed = new Set<number>();
  readonly #rejected: StoredRejectedRow[] = [];
  readonly #causes = new Map<string, RunCause>();
  readonly #latest = new Map<string, Run>();
  #nextRun: number;
  #nextRow: number;

  constructor(store: Store, clock: Clock, journal: { afterStored(action: () => void): void; committed(): void }) {
    this.#store = store;
    this.#clock = clock;
    this.#afterStored = (action) => journal.afterStored(action);
    this.#due = () => journal.committed();
    this.#nextRun = store.nextRun;
    this.#nextRow = store.nextRejectedRow;
    for (const stored of store.openRuns()) this.#open.set(stored.id, Run.restore(stored));
  }

  get active(): boolean {
    return this.scopes.size > 0;
  }

  /** The runs that go on, of one sync, newest first. */
  openRuns(syncId: string): Run[] {
    return [...this.#open.values()].filter(({ data }) => data.syncId === syncId).sort((a, b) => b.id - a.id);
  }

  queued(run: Run): number {
    return this.scopes.get(run.data.syncId)?.queued(run.id) ?? 0;
  }

  /** The next run of a source is begun for this reason. */
  expect(sourceId: string, cause: RunCause): void {
    this.#causes.set(sourceId, cause);
  }

  /** A run that no source begins: rows that are sent again. */
  begin(scope: RunScope, source: { readonly id: string; readonly name: string }, cause: RunCause): Run {
    const run = new Run(this.#nextRun++, { syncId: scope.syncId, sourceId: source.id, sourceName: source.name, cause, started: this.#clock.now() });
    this.#open.set(run.id, run);
    this.#touch(run, 'begun');
    return run;
  }

  // ---- sessions

  /** A trigger of a source that runs at set times begins a run. */
  triggered(session: Session): void {
    const { schedule } = session.runnable.settings;
    if (schedule.strategy === 'cron' || schedule.period > 0 || session.runnable.state === 'once') this.runOf(session);
  }

  /** The run of a source's session, begun where there is none; undefined for what is no source. */
  runOf(session: Session): Run | undefined {
    const { runnable } = session;
    if (session.run) return session.run;
    const scope = this.scopes.get(runnable.groupId);
    if (!scope || runnable.incoming.length > 0 || runnable.settings.needsInput) return undefined;
    const cause = this.#causes.get(runnable.id) ?? (runnable.state === 'once' ? 'MANUAL' : 'SCHEDULE');
    this.#causes.delete(runnable.id);
    const run = this.begin(scope, runnable, cause);
    run.reading = true;
    session.run = run;
    return run;
  }

  /** What a FlowFile that a session makes without parents belongs to. */
  ownOf(session: Session): string | undefined {
    const run = this.runOf(session);
    return run ? String(run.id) : sharedBy(session.records);
  }

  /** What happened belongs to the session's runs, whatever becomes of the session. */
  happened(session: Session, figure: Figure, amount: number): void {
    this.#count(this.ownOf(session), figure, amount);
    this.#due();
  }

  /** Before a commit settles its FlowFiles: those that go to failure. */
  noteFailures(session: Session): void {
    if (!this.scopes.has(session.runnable.groupId)) return;
    for (const { plan, current } of session.records) {
      if (plan !== 'failure') continue;
      for (const run of this.#runsOf(current.own.get(RUN_ATTRIBUTE))) {
        run.failures++;
        run.addError(this.#clock.now(), session.runnable, current.own.get('error.message') ?? `A FlowFile was routed to failure by ${session.runnable.name}.`);
        this.#touch(run, 'error');
      }
    }
  }

  /** A session was committed: what it says of rows counts, and runs may have ended. */
  committed(session: Session): void {
    for (const tally of session.tallies) this.#add(session, tally);
    const { runnable, run } = session;
    if (run) {
      session.run = null;
      run.reading = false;
      this.#touch(run);
      this.#settle(run);
    }
    if (this.#isRetried(runnable.id)) for (const each of this.#runsOf(sharedBy(session.records))) if (each.retrying === runnable.id) this.#succeeded(each);
    this.settle();
  }

  /** A session was rolled back because of an error. */
  failed(session: Session, message: string): void {
    const { run, runnable } = session;
    const now = this.#clock.now();
    for (const each of run ? [run] : this.#runsOf(sharedBy(session.records))) {
      each.addError(now, runnable, message);
      if (!run) each.retrying = runnable.id;
      this.#touch(each, 'error');
    }
    if (!run) return;
    session.run = null;
    run.sourceFailed = true;
    run.reading = false;
    this.#settle(run);
    this.#due();
  }

  /** A source's session was given up, as it was stopped. */
  abandoned(run: Run): void {
    run.reading = false;
    run.dropped++;
    this.#touch(run);
    this.#settle(run);
    this.#due();
  }

  /** FlowFiles were dropped from a queue, or have expired there. */
  dropped(records: readonly FlowFileRecord[]): void {
    for (const { committed } of records)
      for (const run of this.#runsOf(committed.own.get(RUN_ATTRIBUTE))) {
        run.dropped++;
        this.#touch(run);
      }
    this.settle();
  }

  /** Ends the runs of which nothing is left. */
  settle(): void {
    for (const scope of this.scopes.values()) {
      if (scope.emptied.size === 0) continue;
      for (const id of scope.emptied) {
        const run = this.#open.get(id);
        if (run) this.#settle(run);
      }
      scope.emptied.clear();
    }
  }

  /** After a start: runs of which nothing is queued were interrupted while their source was at work. */
  endInterrupted(): void {
    for (const run of this.#open.values()) {
      if (this.queued(run) > 0) {
        run.reading = false;
        continue;
      }
      run.sourceFailed = true;
      run.addError(
        this.#clock.now(),
        { id: run.data.sourceId, name: run.data.sourceName },
        'Millrace ended while this run was reading. Nothing of it was stored; the next run reads it again.',
      );
      this.#touch(run, 'error');
      run.reading = false;
      this.#settle(run);
    }
  }

  // ---- the journal

  get hasChanges(): boolean {
    return this.#dirty.size + this.#removed.size + this.#rejected.length > 0;
  }

  changes(): RunChanges {
    return { runs: Array.from(this.#dirty, (run) => run.toStored()), removed: [...this.#removed], rejected: [...this.#rejected] };
  }

  stored(): void {
    this.#dirty.clear();
    this.#removed.clear();
    this.#rejected.length = 0;
  }

  /** A run by number, open or not; undefined where it is not kept any more. */
  find(id: number): Run | undefined {
    const known = this.#open.get(id) ?? [...this.#dirty].find((run) => run.id === id);
    if (known) return known;
    const stored = this.#removed.has(id) ? undefined : this.#store.run(id);
    return stored && Run.restore(stored);
  }

  #add(session: Session, { figure, amount, record, rejected }: Tally): void {
    const key = record ? record.current.own.get(RUN_ATTRIBUTE) : this.ownOf(session);
    const [first] = this.#count(key, figure, amount);
    if (rejected && first) for (const each of rejected) this.#keep(first, session, each);
  }

  #count(key: string | undefined, figure: Figure, amount: number): Run[] {
    if (key === undefined) return [];
    return apportioned(amount, sharesIn(key)).flatMap(([id, part]) => {
      const run = this.find(id);
      if (!run) return [];
      run.figures[figure] += part;
      this.#touch(run);
      return [run];
    });
  }

  /** Rows of a FlowFile that several runs share are kept with the first of them. */
  #keep(run: Run, { runnable }: Session, { row, reason }: { readonly row: string; readonly reason: string }): void {
    if (run.kept >= REJECTED_KEPT) return;
    run.kept++;
    this.#rejected.push({ id: this.#nextRow++, run: run.id, syncId: run.data.syncId, at: this.#clock.now(), componentId: runnable.id, componentName: runnable.name, reason, row });
  }

  /** Whether some run waits for this component to succeed. */
  #isRetried(componentId: string): boolean {
    for (const run of this.#open.values()) if (run.retrying === componentId) return true;
    return false;
  }

  #succeeded(run: Run): void {
    run.retrying = null;
    this.#touch(run);
  }

  #runsOf(key: string | undefined): Run[] {
    return key === undefined ? [] : sharesIn(key).flatMap(([id]) => this.find(id) ?? []);
  }

  #settle(run: Run): void {
    if (run.reading || run.ended !== null || this.queued(run) > 0) return;
    run.end(this.#clock.now());
    this.#open.delete(run.id);
    const { sourceId, cause } = run.data;
    const previous = this.#latest.get(sourceId);
    if (previous?.isEmpty && run.isEmpty && cause === previous.data.cause) {
      run.checks += previous.checks;
      this.#removed.add(previous.id);
      this.#dirty.delete(previous);
    }
    this.#latest.set(sourceId, run);
    this.#touch(run, 'ended');
  }

  #touch(run: Run, what?: 'begun' | 'ended' | 'error'): void {
    this.#dirty.add(run);
    if (what) this.#afterStored(() => this.onChange(run, what));
  }
}
