import type { StateScope } from '../extension/component.ts';
import type { Clock } from './clock.ts';
import type { FlowFileIds, FlowFileRecord } from './flowfile-record.ts';
import { flowFileIds } from './flowfile-ids.ts';
import { ProvenanceEncoder } from './provenance.ts';
import { RunTracker } from './run-tracker.ts';
import type { ContentRepository, CounterValue, StateVersion, Store, StoredComponent, UnitOfWork } from './repositories.ts';

/**
 * A turn is written once it holds so many changed FlowFiles, or so many milliseconds after its first commit: when the flow is
 * at rest, or at the latest when either has grown to its longest, so that writing it never stalls the loop.
 */
const TURN_FLOWFILES = 1500;
const LONGEST_TURN_FLOWFILES = 5000;
const TURN_MILLIS = 10;
const LONGEST_TURN_MILLIS = 40;
const TURN_PROVENANCE_BYTES = 1024 * 1024;
/** How long to wait before writing is tried again after it failed. */
const RETRY_MILLIS = 1000;

/**
 * Group commit. Sessions commit to memory at once, in one order; the journal gathers what changed and stores the net effect
 * as one unit of work: what is stored is always a prefix of that order. A FlowFile that was made and dropped since the last
 * turn leaves nothing but its provenance.
 *
 * Where storing fails (disk full), nothing is lost: the turn is kept, `healthy` turns false, which holds the scheduler, and
 * writing is tried again until it succeeds.
 */
export class Journal {
  readonly ids: FlowFileIds;
  readonly provenance = new ProvenanceEncoder();
  readonly content: ContentRepository;
  /** The runs of syncs. */
  readonly runs: RunTracker;
  /** False while the store refuses to take a turn. */
  healthy = true;
  /** Told when the store fails and when it has recovered (null). */
  onHealthChange: (failure: Error | null) => void = () => undefined;

  /** Told when what was to run after a commit has thrown. */
  onActionFailure: (failure: Error) => void = () => undefined;

  readonly #store: Store;
  readonly #clock: Clock;
  #dirty: FlowFileRecord[] = [];
  readonly #states = new Map<string, { componentId: string; scope: StateScope; state: StateVersion }>();
  readonly #statesKnown = new Map<string, StateVersion>();
  readonly #counters = new Map<string, CounterValue>();
  readonly #countersChanged = new Set<string>();
  readonly #components = new Map<string, StoredComponent | null>();
  #afterStored: (() => void)[] = [];
  #open = false;
  #opened = 0;
  #cancelTimer = (): void => undefined;
  #nextFlowFile: number;
  #nextEvent: number;
  #nextPosition: number;

  constructor(store: Store, content: ContentRepository, clock: Clock) {
    this.#store = store;
    this.content = content;
    this.#clock = clock;
    this.ids = flowFileIds(store.uuidPrefix);
    this.#nextFlowFile = store.nextFlowFile;
    this.#nextEvent = store.nextEvent;
    this.#nextPosition = store.nextPosition;
    this.runs = new RunTracker(store, clock, this);
    for (const counter of store.counters()) this.#counters.set(`${counter.componentId} ${counter.name}`, counter);
  }

  newFlowFileId(): number {
    return this.#nextFlowFile++;
  }

  newPosition(): number {
    return this.#nextPosition++;
  }

  /** A committed FlowFile changed: new, moved, other attributes or content, removed. */
  touch(record: FlowFileRecord): void {
    if (record.dirty) return;
    record.dirty = true;
    this.#dirty.push(record);
  }

  /** The state of a component, changes of this turn included. */
  state(componentId: string, scope: StateScope): StateVersion {
    const key = `${scope} ${componentId}`;
    let state = this.#statesKnown.get(key);
    if (!state) {
      state = this.#store.state(componentId, scope);
      this.#statesKnown.set(key, state);
    }
    return state;
  }

  setState(componentId: string, scope: StateScope, entries: ReadonlyMap<string, string>): void {
    const previous = this.state(componentId, scope);
    const key = `${scope} ${componentId}`;
    // Versions count what is stored: changes within one turn are one.
    const version = this.#states.has(key) ? previous.version : previous.version + 1;
    const state = { version, at: this.#clock.now(), entries };
    this.#statesKnown.set(key, state);
    this.#states.set(key, { componentId, scope, state });
  }

  /** The versions of a component's state, newest first. */
  stateHistory(componentId: string, scope: StateScope): StateVersion[] {
    this.flush();
    return this.#store.stateHistory(componentId, scope);
  }

  adjustCounter(componentId: string, name: string, delta: number): void {
    const key = `${componentId} ${name}`;
    const value = (this.#counters.get(key)?.value ?? 0) + delta;
    this.#counters.set(key, { componentId, name, value });
    this.#countersChanged.add(key);
  }

  resetCounter(componentId: string, name: string): void {
    const key = `${componentId} ${name}`;
    this.#counters.set(key, { componentId, name, value: 0 });
    this.#countersChanged.add(key);
    this.flush();
  }

  counters(): Iterable<CounterValue> {
    return this.#counters.values();
  }

  /** A change of the flow. Call `flush` before it is acknowledged. */
  saveComponent(component: StoredComponent): void {
    this.#components.set(component.id, component);
  }

  removeComponent(id: string): void {
    this.#components.set(id, null);
    for (const scope of ['local', 'cluster'] as const) this.#statesKnown.delete(`${scope} ${id}`);
    for (const [key, { componentId }] of this.#counters) if (componentId === id) this.#counters.delete(key);
  }

  /** Runs once everything committed so far is stored. */
  afterStored(action: () => void): void {
    this.#afterStored.push(action);
  }

  /** Marks the end of a commit: from now on a turn is due. */
  committed(): void {
    if (this.#open) return;
    this.#open = true;
    this.#opened = this.#clock.now();
    this.#cancelTimer = this.#clock.after(this.healthy ? TURN_MILLIS : RETRY_MILLIS, () => this.tryFlush());
  }

  /**
   * Whether the turn should be written now. `atRest`: everything that came in has gone through, so that the turn holds the
   * least that it can.
   */
  isDue(now: number, atRest: boolean): boolean {
    if (!this.#open || !this.healthy) return false;
    if (this.#dirty.length >= (atRest ? TURN_FLOWFILES : LONGEST_TURN_FLOWFILES) || this.provenance.size >= TURN_PROVENANCE_BYTES) return true;
    return now - this.#opened >= (atRest ? TURN_MILLIS : LONGEST_TURN_MILLIS);
  }

  /** Stores everything committed so far. Throws StorageError; then all of it is kept for the next turn. */
  flush(): void {
    this.#cancelTimer();
    this.#open = false;
    const unit = this.#gather();
    if (!unit) return this.#acknowledge();
    try {
      this.content.flush();
      this.#store.write(unit);
    } catch (failure) {
      this.#failed(failure as Error);
      throw failure;
    }
    this.#stored(unit);
    this.#acknowledge();
    this.content.clean();
  }

  /** As `flush`, but a failure only shows in `healthy`. */
  tryFlush(): void {
    try {
      this.flush();
    } catch {
      // Told by onHealthChange; the turn is kept and tried again.
    }
  }

  #gather(): UnitOfWork | null {
    const inserted: FlowFileRecord[] = [];
    const updated: FlowFileRecord[] = [];
    const moved: FlowFileRecord[] = [];
    const removed: FlowFileRecord[] = [];
    for (const record of this.#dirty) {
      if (record.queue === null) {
        if (record.stored) removed.push(record);
      } else if (!record.stored) inserted.push(record);
      else if (record.committed.own !== record.storedAttributes || record.committed.content !== record.storedContent) updated.push(record);
      else moved.push(record);
    }
    const provenance = this.#takeProvenance();
    const rowless = inserted.length + updated.length + moved.length + removed.length === 0;
    if (rowless && !provenance && !this.runs.hasChanges && this.#states.size + this.#countersChanged.size + this.#components.size === 0) {
      this.#forget(this.#dirty);
      return null;
    }
    const unit: UnitOfWork = {
      inserted,
      updated,
      moved,
      removed,
      provenance,
      states: [...this.#states.values()],
      counters: [...this.#countersChanged].map((key) => this.#counters.get(key)).filter((counter) => counter !== undefined),
      components: [...this.#components.values()].filter((component) => component !== null),
      removedComponents: [...this.#components].filter(([, component]) => component === null).map(([id]) => id),
      runs: this.runs.changes(),
      nextFlowFile: this.#nextFlowFile,
      nextEvent: this.#nextEvent,
      nextPosition: this.#nextPosition,
    };
    return unit;
  }

  /** The block that waits to be written: kept over a failed turn, because the encoder has moved on. */
  #pendingProvenance: UnitOfWork['provenance'] = null;

  #takeProvenance(): UnitOfWork['provenance'] {
    if (this.#pendingProvenance) return this.#pendingProvenance;
    const block = this.provenance.take(this.#nextEvent);
    if (block) this.#nextEvent += block.count;
    this.#pendingProvenance = block;
    return block;
  }

  #forget(records: FlowFileRecord[]): void {
    for (const record of records) record.dirty = false;
    this.#dirty = [];
  }

  #stored(unit: UnitOfWork): void {
    for (const record of unit.inserted) {
      record.stored = true;
      this.content.retain(record.committed.content.segment);
    }
    for (const record of unit.updated) {
      this.content.retain(record.committed.content.segment);
      this.content.release(record.storedContent!.segment);
    }
    for (const record of this.#dirty) {
      if (record.queue === null && record.stored) this.content.release(record.storedContent!.segment);
      record.stored &&= record.queue !== null;
      record.storedAttributes = record.committed.own;
      record.storedContent = record.committed.content;
    }
    this.#forget(this.#dirty);
    this.#pendingProvenance = null;
    this.#states.clear();
    this.#countersChanged.clear();
    this.#components.clear();
    this.runs.stored();
    if (!this.healthy) this.#recovered();
    // Events that came while a failed turn waited make the next one.
    if (this.provenance.count > 0) this.committed();
  }

  #acknowledge(): void {
    const actions = this.#afterStored;
    if (actions.length === 0) return;
    this.#afterStored = [];
    for (const action of actions) {
      try {
        action();
      } catch (failure) {
        // One source's acknowledgement must not keep another's.
        this.onActionFailure(failure as Error);
      }
    }
  }

  #failed(failure: Error): void {
    const wasHealthy = this.healthy;
    this.healthy = false;
    this.committed();
    if (wasHealthy) this.onHealthChange(failure);
  }

  #recovered(): void {
    this.healthy = true;
    this.onHealthChange(null);
  }
}
