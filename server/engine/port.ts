import type { ComponentEdit, StoredBase } from './component.ts';
import { Connectable } from './connectable.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import type { ProcessGroup } from './process-group.ts';
import type { ScheduledState } from './processor-node.ts';
import { invalid } from './property-validation.ts';
import { relay, relaySettings } from './relay.ts';
import type { Runtime } from './runtime.ts';

export type PortKind = 'INPUT_PORT' | 'OUTPUT_PORT';

export interface PortEdit extends ComponentEdit {
  readonly concurrentlySchedulableTaskCount?: number;
  readonly allowRemoteAccess?: boolean;
  readonly portFunction?: 'STANDARD' | 'FAILURE';
}

export interface StoredPort extends StoredBase {
  readonly concurrentTasks: number;
  readonly allowRemoteAccess: boolean;
  readonly portFunction: 'STANDARD' | 'FAILURE';
  readonly scheduledState: ScheduledState;
}

/** Leads FlowFiles into a group (input) or out of it (output). */
export class Port extends Connectable {
  readonly kind: PortKind;
  allowRemoteAccess = false;
  portFunction: 'STANDARD' | 'FAILURE' = 'STANDARD';
  concurrentTasks = 1;
  #wanted: ScheduledState = 'STOPPED';

  constructor(runtime: Runtime, id: string, group: ProcessGroup, kind: PortKind, name: string) {
    super(runtime, id, name, group, kind === 'INPUT_PORT' ? 'Input Port' : 'Output Port');
    this.kind = kind;
    this.runnable.settings = relaySettings;
    this.runnable.work =
      kind === 'INPUT_PORT'
        ? relay(
            () => this.group.gate.admits(this),
            (count) => this.group.gate.admitted(this, count),
          )
        : relay(() => (this.group.gate.releases ? Number.POSITIVE_INFINITY : 0));
    this.runnable.onStopped = () => this.runtime.changed(this);
  }

  configure(edit: PortEdit): void {
    const tasks = edit.concurrentlySchedulableTaskCount;
    if (tasks !== undefined && (!Number.isInteger(tasks) || tasks < 1)) throw new InvalidRequestError('Concurrent tasks must be a whole number greater than 0.');
    const changes = Object.entries(edit).some(([field, value]) => field !== 'position' && value !== undefined);
    if (changes && this.isActive) throw new ConflictError(`Cannot modify port ${this.label} because it is running. Stop it first.`);
    if (edit.name !== undefined && edit.name !== this.name) this.group.checkPortName(this.kind, edit.name);
    this.concurrentTasks = tasks ?? this.concurrentTasks;
    this.allowRemoteAccess = edit.allowRemoteAccess ?? this.allowRemoteAccess;
    this.portFunction = edit.portFunction ?? this.portFunction;
    this.editBase(edit);
    this.syncRunnable();
    this.runtime.touch(this);
  }

  override connectionsChanged(): void {
    // A running port whose last way out is removed has nowhere to lead; it stays scheduled and waits.
    this.runtime.changed(this);
  }

  get validationErrors(): readonly string[] {
    const problems: string[] = [];
    if (this.outgoing.size === 0) problems.push(invalid(`Port '${this.name}'`, undefined, `Output connection for port '${this.name}' is not defined.`));
    if (this.incoming.size === 0 && !this.allowRemoteAccess) problems.push(invalid(`Port '${this.name}'`, undefined, `Port '${this.name}' has no incoming connections.`));
    return problems;
  }

  get isValid(): boolean {
    return this.validationErrors.length === 0;
  }

  get state(): ScheduledState {
    return this.#wanted;
  }

  get scheduledState(): ScheduledState {
    return this.#wanted;
  }

  override get isActive(): boolean {
    return this.runnable.state !== 'stopped';
  }

  /** Throws ConflictError where it is disabled or not valid (ports do not wait as processors do). */
  start(): void {
    if (this.#wanted === 'DISABLED') throw new ConflictError(`Cannot start port ${this.label} because it is disabled. Enable it first.`);
    if (!this.isValid) throw new ConflictError(`Cannot start port ${this.label} because it is not valid: ${this.validationErrors.join(' ')}`);
    this.#want('RUNNING');
    this.resume();
  }

  stop(): Promise<void> {
    if (this.#wanted === 'RUNNING') this.#want('STOPPED');
    return this.suspend();
  }

  /** Stops for the engine's own purposes; what the user asked for stays. */
  suspend(): Promise<void> {
    return this.runtime.scheduler.stop(this.runnable);
  }

  /** Takes up again what the user asked for. */
  resume(): void {
    if (this.#wanted === 'RUNNING' && this.isValid && this.runnable.state === 'stopped') this.runtime.scheduler.start(this.runnable);
  }

  disable(): void {
    if (this.isActive) throw new ConflictError(`Cannot disable port ${this.label} because it is running. Stop it first.`);
    this.#want('DISABLED');
  }

  enable(): void {
    if (this.#wanted === 'DISABLED') this.#want('STOPPED');
  }

  #want(state: ScheduledState): void {
    if (this.#wanted === state) return;
    this.#wanted = state;
    this.runtime.touch(this);
    this.runtime.changed(this);
  }

  toStored(): StoredPort {
    const { concurrentTasks, allowRemoteAccess, portFunction } = this;
    return { ...this.storedBase(), concurrentTasks, allowRemoteAccess, portFunction, scheduledState: this.#wanted };
  }

  restore(stored: StoredPort): void {
    this.restoreBase(stored);
    this.concurrentTasks = stored.concurrentTasks;
    this.allowRemoteAccess = stored.allowRemoteAccess;
    this.portFunction = stored.portFunction;
    this.#wanted = stored.scheduledState;
    this.syncRunnable();
  }
}
