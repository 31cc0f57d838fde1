import type { BulletinLevel } from '../extension/component.ts';
import { messageOf } from '../extension/errors.ts';
import type { ProcessorDefinition } from '../extension/processor.ts';
import type { PropertyMap } from '../extension/property.ts';
import type { StoredBase } from './component.ts';
import { componentContext, TriggerContext } from './component-context.ts';
import { type Bundle, simpleName } from './component-types.ts';
import { ConfiguredProperties, type StoredProperties } from './configured-properties.ts';
import { Connectable } from './connectable.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import { FlowFileEvaluation } from './flowfile-evaluation.ts';
import type { ProcessGroup } from './process-group.ts';
import { CONFIG_FIELDS, defaultProcessorConfig, editedConfig, type ProcessorConfig, type ProcessorEdit, runSettings } from './processor-config.ts';
import { ProcessorRun } from './processor-run.ts';
import { relationshipsOf, validateProcessor } from './processor-validation.ts';
import type { PropertyScope } from './property-scope.ts';
import { evaluateProperties, parameterValue } from './property-values.ts';
import type { Runtime, WaitsForValidity } from './runtime.ts';
import type { Session } from './session.ts';

export type ScheduledState = 'RUNNING' | 'STOPPED' | 'DISABLED';
export type PhysicalState = ScheduledState | 'STARTING' | 'STOPPING' | 'RUN_ONCE';

/** As a processor is stored. */
export interface StoredProcessor extends StoredBase {
  readonly type: string;
  readonly bundle: Bundle;
  readonly config: ProcessorConfig;
  readonly properties: StoredProperties;
  readonly scheduledState: ScheduledState;
  readonly annotationData?: string;
}

/** A processor on the canvas: a type, its configuration, and its life cycle (see ProcessorRun). */
export class ProcessorNode extends Connectable implements WaitsForValidity {
  readonly kind = 'PROCESSOR';
  /** Full type name. */
  readonly type: string;
  readonly bundle: Bundle;
  /** Absent where the type is not installed: the processor is a ghost that only keeps its configuration. */
  readonly definition: ProcessorDefinition | undefined;
  readonly properties: ConfiguredProperties;
  annotationData: string | undefined = undefined;
  #config: ProcessorConfig;
  #wanted: ScheduledState = 'STOPPED';
  readonly #run: ProcessorRun;
  #problems: readonly string[] | undefined;
  #relationships: Readonly<Record<string, string>> | undefined;

  constructor(runtime: Runtime, id: string, group: ProcessGroup, type: string, bundle: Bundle) {
    super(runtime, id, simpleName(type), group, simpleName(type));
    this.type = type;
    const known = runtime.types.find('processor', type);
    this.definition = known?.definition;
    this.bundle = known?.bundle ?? bundle;
    this.properties = new ConfiguredProperties(this.definition);
    this.#config = defaultProcessorConfig(this.definition);
    this.#run = new ProcessorRun(this);
    this.#configChanged();
  }

  // ---- configuration

  get config(): ProcessorConfig {
    return this.#config;
  }

  override get bulletinLevel(): BulletinLevel {
    return this.#config.bulletinLevel;
  }

  /** Whether the type is not installed. */
  get isGhost(): boolean {
    return this.definition === undefined;
  }

  /** The relationships, name to description, as they follow from the configuration. */
  get relationships(): Readonly<Record<string, string>> {
    this.#relationships ??= relationshipsOf(this);
    return this.#relationships;
  }

  /** Throws ConflictError or InvalidRequestError where it runs; a move is always allowed. */
  configure(edit: ProcessorEdit): void {
    this.#checkModifiable(edit);
    const config = editedConfig(this.#config, edit, this.definition);
    for (const name of edit.autoTerminatedRelationships ?? []) this.#checkTerminable(name);
    if (edit.properties || edit.sensitiveDynamicPropertyNames) this.properties.set(edit.properties ?? {}, edit.sensitiveDynamicPropertyNames);
    this.#config = config;
    this.annotationData = edit.annotationData ?? this.annotationData;
    this.editBase(edit);
    this.#configChanged();
    this.runtime.touch(this);
  }

  #checkModifiable(edit: ProcessorEdit): void {
    const { physicalState } = this;
    if (physicalState === 'STOPPED' || physicalState === 'DISABLED') return;
    const changes = CONFIG_FIELDS.filter((field) => field !== 'style' && edit[field] !== undefined);
    if (physicalState === 'RUNNING' && (edit.properties || edit.sensitiveDynamicPropertyNames)) {
      throw new InvalidRequestError(`Cannot modify configuration of ${this.label} while the Processor is running. Stop it first.`);
    }
    if (changes.length > 0 || edit.name !== undefined || edit.comments !== undefined || edit.properties || edit.sensitiveDynamicPropertyNames) {
      throw new ConflictError(`Cannot modify ${this.label} because it is ${physicalState.toLowerCase()}. Stop it first.`);
    }
  }

  #checkTerminable(relationship: string): void {
    if (!this.runnable.outgoing.has(relationship)) return;
    throw new ConflictError(`Cannot terminate relationship '${relationship}' of ${this.label} because a connection leads from it. Remove the connection first.`);
  }

  /** A connected relationship is not terminated any more (as in NiFi). */
  override connectionsChanged(): void {
    const left = this.#config.autoTerminatedRelationships.filter((name) => !this.runnable.outgoing.has(name));
    if (left.length < this.#config.autoTerminatedRelationships.length) {
      this.#config = { ...this.#config, autoTerminatedRelationships: left };
      this.runtime.touch(this);
    }
    this.runnable.autoTerminated = new Set(left);
    this.forgetValidation();
  }

  #configChanged(): void {
    this.#relationships = undefined;
    this.runnable.relationships = new Set(Object.keys(this.relationships));
    this.runnable.autoTerminated = new Set(this.#config.autoTerminatedRelationships);
    this.syncRunnable();
    this.forgetValidation();
  }

  // ---- validation

  /** What is wrong with it, in NiFi's words; empty means valid. */
  get validationErrors(): readonly string[] {
    this.#problems ??= validateProcessor(this);
    return this.#problems;
  }

  get propertyScope(): PropertyScope {
    return this.group.propertyScope;
  }

  get isValid(): boolean {
    return this.validationErrors.length === 0;
  }

  /** Something that validity rests on changed: connections, services, parameters. */
  forgetValidation(): void {
    this.#problems = undefined;
  }

  // ---- life cycle

  /** What the user asked for; a processor that waits until it is valid still counts as stopped. */
  get state(): ScheduledState {
    const physical = this.physicalState;
    if (physical === 'STARTING') return this.isValid ? 'RUNNING' : 'STOPPED';
    if (physical === 'RUN_ONCE') return 'RUNNING';
    return physical === 'STOPPING' ? 'STOPPED' : physical;
  }

  get physicalState(): PhysicalState {
    return this.#wanted === 'DISABLED' ? 'DISABLED' : this.#run.state;
  }

  /** What is stored, and taken up again after a restart. */
  get scheduledState(): ScheduledState {
    return this.#wanted;
  }

  override get isActive(): boolean {
    return this.#run.state !== 'STOPPED';
  }

  /** Starts, or waits until it is valid and starts by itself. Throws ConflictError where it is disabled. */
  start(): void {
    if (this.#wanted === 'DISABLED') throw new ConflictError(`Cannot start ${this.label} because it is disabled. Enable it first.`);
    this.#want('RUNNING');
    this.#run.begin();
  }

  /** Resolves when the last task has ended and the processor has released what it held. */
  stop(): Promise<void> {
    if (this.#wanted === 'RUNNING') this.#want('STOPPED');
    return this.#run.end();
  }

  /** Triggers once. Throws ConflictError where it cannot. */
  runOnce(): void {
    if (this.physicalState !== 'STOPPED') throw new ConflictError(`Cannot run ${this.label} once because it is ${this.physicalState.toLowerCase()}.`);
    if (!this.isValid) throw new ConflictError(`Cannot run ${this.label} once because it is not valid: ${this.validationErrors.join('; ')}`);
    this.#run.beginOnce();
  }

  disable(): void {
    if (this.#wanted === 'DISABLED') return;
    if (this.isActive) throw new ConflictError(`Cannot disable ${this.label} because it is ${this.physicalState.toLowerCase()}. Stop it first.`);
    this.#want('DISABLED');
  }

  /** Disabled to stopped. */
  enable(): void {
    if (this.#wanted === 'DISABLED') this.#want('STOPPED');
  }

  /** Gives up tasks that do not end. Returns how many. Throws ConflictError unless it was told to stop. */
  terminate(): number {
    const { physicalState } = this;
    if (physicalState !== 'STOPPED' && physicalState !== 'STOPPING' && physicalState !== 'DISABLED') {
      throw new ConflictError(`Cannot terminate threads of ${this.label} because it is ${physicalState.toLowerCase()}. Stop it first.`);
    }
    return this.#run.terminate();
  }

  /** Stops for the engine's own purposes; what the user asked for stays and is stored. */
  suspend(): Promise<void> {
    return this.#run.end(true);
  }

  /** Takes up again what the user asked for. */
  resume(): void {
    if (this.#wanted === 'RUNNING') this.#run.begin();
  }

  reconsider(): void {
    this.#run.attempt();
  }

  #want(state: ScheduledState): void {
    if (this.#wanted === state) return;
    this.#wanted = state;
    this.runtime.touch(this);
    this.runtime.changed(this);
  }

  /** For ProcessorRun: everything that onScheduled and onTrigger receive, made from the present configuration. */
  prepare(signal: AbortSignal, once: boolean): { context: ReturnType<typeof componentContext>; trigger(client: unknown): (session: Session) => void | Promise<void> } {
    const definition = this.definition!;
    const scope = this.group.propertyScope;
    const evaluation = new FlowFileEvaluation(scope);
    const context = componentContext(this, evaluateProperties(definition, this.properties, scope, evaluation), signal);
    const settings = runSettings(this.#config, definition, this.runtime.timeZones.of(this.group), parameterValue(scope));
    this.runnable.settings = once ? { ...settings, concurrentTasks: 1 } : settings;
    return { context, trigger: (client) => triggerOf(definition, evaluation, new TriggerContext(this, context, client)) };
  }

  // ---- storage

  toStored(): StoredProcessor {
    const { type, bundle, annotationData } = this;
    return { ...this.storedBase(), type, bundle, config: this.#config, properties: this.properties.toStored(this.runtime.secrets), scheduledState: this.#wanted, annotationData };
  }

  restore(stored: StoredProcessor): void {
    this.restoreBase(stored);
    this.#config = { ...this.#config, ...stored.config };
    this.properties.restore(stored.properties, this.runtime.secrets);
    this.#wanted = stored.scheduledState;
    this.annotationData = stored.annotationData;
    this.#configChanged();
  }

  /** For the log: why it could not start. */
  reportStartFailure(thrown: unknown): void {
    this.log.error(`Failed to start: ${messageOf(thrown)}`);
  }
}

function triggerOf(
  definition: ProcessorDefinition<PropertyMap, string, unknown>,
  evaluation: FlowFileEvaluation,
  context: TriggerContext,
): (session: Session) => void | Promise<void> {
  if (!definition.stateful) return (session) => definition.onTrigger(session, context);
  const { scope } = definition.stateful;
  return (session) => {
    evaluation.state = (key) => session.getState(scope).get(key);
    return definition.onTrigger(session, context);
  };
}
