import type { BulletinLevel, ComponentLog } from '../extension/component.ts';
import { messageOf } from '../extension/errors.ts';
import type { ControllerServiceDefinition, ServiceContract } from '../extension/service.ts';
import { Component, type ComponentEdit, type StoredBase } from './component.ts';
import { componentContext } from './component-context.ts';
import { componentLog } from './component-log.ts';
import { type Bundle, simpleName } from './component-types.ts';
import { ConfiguredProperties, type PropertyEdit, type StoredProperties } from './configured-properties.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import { substituteParameters } from './expression/parameter-references.ts';
import { FlowFileEvaluation } from './flowfile-evaluation.ts';
import type { ProcessGroup } from './process-group.ts';
import type { ProcessorNode } from './processor-node.ts';
import type { PropertyScope, VisibleService } from './property-scope.ts';
import { invalid, validateProperties } from './property-validation.ts';
import { evaluateProperties } from './property-values.ts';
import { controllerScope } from './controller-scope.ts';
import type { Runtime, WaitsForValidity } from './runtime.ts';
import { ServiceRun, type ServiceState } from './service-run.ts';

export type { ServiceState } from './service-run.ts';

export interface ServiceEdit extends ComponentEdit {
  readonly properties?: PropertyEdit;
  readonly sensitiveDynamicPropertyNames?: readonly string[];
  readonly bulletinLevel?: BulletinLevel;
  /** Of NiFi's advanced editors; kept as it is. */
  readonly annotationData?: string;
}

export interface StoredService extends StoredBase {
  readonly type: string;
  readonly bundle: Bundle;
  readonly bulletinLevel: BulletinLevel;
  readonly properties: StoredProperties;
  readonly scheduledState: 'ENABLED' | 'DISABLED';
  readonly annotationData?: string;
}

const LEVELS: readonly string[] = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'NONE'];

/** A controller service: its type, its configuration, and its life cycle (see ServiceRun). Components of its group and below may use it. */
export class ControllerServiceNode extends Component implements WaitsForValidity, VisibleService {
  readonly kind = 'CONTROLLER_SERVICE';
  readonly type: string;
  readonly bundle: Bundle;
  /** Absent where the type is not installed. */
  readonly definition: ControllerServiceDefinition | undefined;
  readonly properties: ConfiguredProperties;
  readonly log: ComponentLog;
  bulletinLevel: BulletinLevel = 'WARN';
  annotationData: string | undefined = undefined;
  #wanted: 'ENABLED' | 'DISABLED' = 'DISABLED';
  readonly #run: ServiceRun;
  #problems: readonly string[] | undefined;

  constructor(runtime: Runtime, id: string, group: ProcessGroup | null, type: string, bundle: Bundle) {
    super(runtime, id, simpleName(type), group);
    this.type = type;
    const known = runtime.types.controllerService(type);
    this.definition = known?.definition;
    this.bundle = known?.bundle ?? bundle;
    this.properties = new ConfiguredProperties(this.definition);
    this.log = componentLog(this, () => this.bulletinLevel);
    this.#run = new ServiceRun(this);
  }

  get isGhost(): boolean {
    return this.definition === undefined;
  }

  /** Throws ConflictError unless it is disabled. */
  configure(edit: ServiceEdit): void {
    const { bulletinLevel } = edit;
    if (this.state !== 'DISABLED') throw new ConflictError(`Cannot modify controller service ${this.label} because it is ${this.state.toLowerCase()}. Disable it first.`);
    if (bulletinLevel !== undefined && !LEVELS.includes(bulletinLevel)) throw new InvalidRequestError(`'${bulletinLevel}' is not a bulletin level.`);
    if (edit.properties || edit.sensitiveDynamicPropertyNames) this.properties.set(edit.properties ?? {}, edit.sensitiveDynamicPropertyNames);
    this.bulletinLevel = bulletinLevel ?? this.bulletinLevel;
    this.annotationData = edit.annotationData ?? this.annotationData;
    this.editBase(edit);
    this.forgetValidation();
    this.runtime.touch(this);
  }

  /** Whether it fulfils the contract; a ghost fulfils none. */
  provides(contract: ServiceContract): boolean {
    return this.definition?.provides.some(({ type }) => type === contract.type) ?? false;
  }

  // ---- validation

  /** What its property texts may refer to. */
  get propertyScope(): PropertyScope {
    return this.group?.propertyScope ?? controllerScope(this.runtime);
  }

  get validationErrors(): readonly string[] {
    this.#problems ??= this.definition
      ? validateProperties(this.definition, this.properties, this.propertyScope)
      : [invalid('Missing Controller Service', 'Any Property', `Could not create Controller Service of type ${this.type}; this type is not installed. Its configuration is kept.`)];
    return this.#problems;
  }

  get isValid(): boolean {
    return this.validationErrors.length === 0;
  }

  forgetValidation(): void {
    this.#problems = undefined;
  }

  // ---- life cycle

  get state(): ServiceState {
    return this.#run.state;
  }

  get isEnabled(): boolean {
    return this.#run.state === 'ENABLED';
  }

  get isActive(): boolean {
    return this.#run.state !== 'DISABLED';
  }

  /** What is stored, and taken up again after a restart. */
  get scheduledState(): 'ENABLED' | 'DISABLED' {
    return this.#wanted;
  }

  get instance(): unknown {
    return this.#run.instance;
  }

  /** Enables it, or waits until it is valid and enables by itself. */
  enable(): void {
    this.#want('ENABLED');
    this.#run.begin();
  }

  /** Stops what uses it, which stays stopped, then releases what it held. */
  disable(): Promise<void> {
    this.#want('DISABLED');
    const users = this.users().map((user) => (user.kind === 'PROCESSOR' ? user.stop() : user.disable()));
    return this.#run.end(users);
  }

  /** Disables it for the engine's own purposes, once `users` have stopped; what the user asked for stays. */
  suspend(users: readonly Promise<void>[] = []): Promise<void> {
    return this.#run.end(users, true);
  }

  resume(): void {
    if (this.#wanted === 'ENABLED') this.#run.begin();
  }

  reconsider(): void {
    this.#run.attempt();
  }

  #want(state: 'ENABLED' | 'DISABLED'): void {
    if (this.#wanted === state) return;
    this.#wanted = state;
    this.runtime.touch(this);
  }

  /** For ServiceRun: makes the service's object. */
  open(signal: AbortSignal): unknown {
    const scope = this.propertyScope;
    const values = evaluateProperties(this.definition!, this.properties, scope, new FlowFileEvaluation(scope));
    return this.definition!.onEnabled(componentContext(this, values, signal));
  }

  reportFailure(what: string, thrown: unknown): void {
    this.log.error(`Failed to ${what}: ${messageOf(thrown)}`);
  }

  // ---- references

  /** Processors and services whose properties name it, running or not. */
  users(): (ProcessorNode | ControllerServiceNode)[] {
    const groups = this.group ? this.group.tree() : [];
    return [...groups].flatMap((group) => [...group.configured()].filter(({ properties }) => this.#isNamedBy(properties, group)));
  }

  #isNamedBy({ serviceIds }: ConfiguredProperties, group: ProcessGroup): boolean {
    if (serviceIds.has(this.id)) return true;
    // A parameter may hold the id.
    return [...serviceIds].some((text) => text.includes('#{') && substituteParameters(text, (name) => group.propertyScope.parameter(name)?.value ?? '') === this.id);
  }

  /** Throws ConflictError while it is not disabled. */
  checkRemovable(): void {
    if (this.isActive) throw new ConflictError(`Cannot remove controller service ${this.label} because it is ${this.state.toLowerCase()}. Disable it first.`);
  }

  override enterGroup(group: ProcessGroup): void {
    super.enterGroup(group);
    this.forgetValidation();
  }

  toStored(): StoredService {
    const { type, bundle, bulletinLevel, annotationData } = this;
    return { ...this.storedBase(), type, bundle, bulletinLevel, properties: this.properties.toStored(this.runtime.secrets), scheduledState: this.#wanted, annotationData };
  }

  restore(stored: StoredService): void {
    this.restoreBase(stored);
    this.bulletinLevel = stored.bulletinLevel;
    this.annotationData = stored.annotationData;
    this.properties.restore(stored.properties, this.runtime.secrets);
    this.#wanted = stored.scheduledState;
    this.forgetValidation();
  }
}
