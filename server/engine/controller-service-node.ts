import { messageOf } from '../extension/errors.ts';
import type { ServiceContract } from '../extension/service.ts';
import { Activation, type Activated, type ActivationState } from './activation.ts';
import type { Bundle } from './component-types.ts';
import { ConfiguredComponent, type ConfiguredEdit, type StoredConfigured } from './configured-component.ts';
import type { ConfiguredProperties } from './configured-properties.ts';
import type { ControllerLevelNode } from './controller-level.ts';
import { ConflictError } from './errors.ts';
import { substituteParameters } from './expression/parameter-references.ts';
import type { ProcessGroup } from './process-group.ts';
import type { ProcessorNode } from './processor-node.ts';
import type { VisibleService } from './property-scope.ts';
import type { Runtime } from './runtime.ts';

export type ServiceState = 'DISABLED' | 'ENABLING' | 'ENABLED' | 'DISABLING';
export type ServiceEdit = ConfiguredEdit;

export interface StoredService extends StoredConfigured {
  readonly scheduledState: 'ENABLED' | 'DISABLED';
}

/** What may name a service in its properties. */
export type ServiceUser = ProcessorNode | ControllerServiceNode | ControllerLevelNode;

const STATES: Readonly<Record<ActivationState, ServiceState>> = { INACTIVE: 'DISABLED', ACTIVATING: 'ENABLING', ACTIVE: 'ENABLED', DEACTIVATING: 'DISABLING' };

/** A controller service: its type, its configuration, and its life cycle (see Activation). Components of its group and below may use it. */
export class ControllerServiceNode extends ConfiguredComponent<'controller-service'> implements Activated, VisibleService {
  readonly kind = 'CONTROLLER_SERVICE';
  #wanted: 'ENABLED' | 'DISABLED' = 'DISABLED';
  readonly #activation: Activation;

  constructor(runtime: Runtime, id: string, group: ProcessGroup | null, type: string, bundle: Bundle) {
    super(runtime, id, group, 'controller-service', type, bundle);
    this.#activation = new Activation(this);
  }

  checkModifiable(): void {
    if (this.isActive) throw new ConflictError(`Cannot modify controller service ${this.label} because it is ${this.state.toLowerCase()}. Disable it first.`);
  }

  checkRemovable(): void {
    if (this.isActive) throw new ConflictError(`Cannot remove controller service ${this.label} because it is ${this.state.toLowerCase()}. Disable it first.`);
  }

  /** Whether it fulfils the contract; a ghost fulfils none. */
  provides(contract: ServiceContract): boolean {
    return this.definition?.provides.some(({ type }) => type === contract.type) ?? false;
  }

  protected override otherProblems(): readonly string[] {
    return this.runtime.analysis.problemsOf(this.id);
  }

  // ---- life cycle

  get state(): ServiceState {
    return STATES[this.#activation.state];
  }

  get isEnabled(): boolean {
    return this.state === 'ENABLED';
  }

  get isActive(): boolean {
    return this.state !== 'DISABLED';
  }

  /** What is stored, and taken up again after a restart. */
  get scheduledState(): 'ENABLED' | 'DISABLED' {
    return this.#wanted;
  }

  /** What onEnabled returned. Throws while it is not enabled. */
  get instance(): unknown {
    if (!this.isEnabled) throw new Error(`Controller service ${this.label} is ${this.state.toLowerCase()}. Enable it first.`);
    return this.#activation.instance;
  }

  /** Enables it, or waits until it is valid and enables by itself. */
  enable(): void {
    this.#want('ENABLED');
    this.#activation.begin();
  }

  /** Stops what uses it, which stays stopped, then releases what it held. */
  disable(): Promise<void> {
    this.#want('DISABLED');
    const users = this.users().map((user) => (user.kind === 'PROCESSOR' ? user.stop() : user.letGo()));
    return this.#activation.end(users);
  }

  letGo(): Promise<void> {
    return this.disable();
  }

  /** Disables it for the engine's own purposes, once `users` have stopped; what the user asked for stays. */
  override suspend(users: readonly Promise<void>[] = []): Promise<void> {
    return this.#activation.end(users, true);
  }

  override resume(): void {
    if (this.#wanted === 'ENABLED') this.#activation.begin();
  }

  reconsider(): void {
    this.#activation.attempt();
  }

  #want(state: 'ENABLED' | 'DISABLED'): void {
    if (this.#wanted === state) return;
    this.#wanted = state;
    this.runtime.touch(this);
  }

  /** For Activation: makes the service's object. */
  open(signal: AbortSignal): unknown {
    return this.definition!.onEnabled(this.makeContext(signal));
  }

  close(instance: unknown): unknown {
    return this.definition?.onDisabled?.(instance);
  }

  activationChanged(): void {
    for (const user of this.users()) user.forgetValidation();
    this.runtime.changed(this);
  }

  reportFailure(what: string, thrown: unknown): void {
    this.log.error(`Failed to ${what === 'start' ? 'enable' : what}: ${messageOf(thrown)}`);
  }

  // ---- references

  /** Everything whose properties name it, running or not. */
  users(): ServiceUser[] {
    const { group } = this;
    if (!group) return [...this.runtime.controllerLevel()].filter(({ properties }) => properties.serviceIds.has(this.id));
    return [...group.tree()].flatMap((each) => [...each.configured()].filter(({ properties }) => this.#isNamedBy(properties, each)));
  }

  #isNamedBy({ serviceIds }: ConfiguredProperties, group: ProcessGroup): boolean {
    if (serviceIds.has(this.id)) return true;
    // A parameter may hold the id.
    return [...serviceIds].some((text) => text.includes('#{') && substituteParameters(text, (name) => group.propertyScope.parameter(name)?.value ?? '') === this.id);
  }

  override toStored(): StoredService {
    return { ...super.toStored(), scheduledState: this.#wanted };
  }

  override restore(stored: StoredService): void {
    super.restore(stored);
    this.#wanted = stored.scheduledState;
  }
}
