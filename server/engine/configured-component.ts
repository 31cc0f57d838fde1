import type { BulletinLevel, ComponentLog } from '../extension/component.ts';
import { Component, type ComponentEdit, type ComponentKind, type StoredBase } from './component.ts';
import { componentContext } from './component-context.ts';
import { componentLog } from './component-log.ts';
import { type Bundle, DEFINITION_KINDS, type DefinitionKind, type Definitions, simpleName } from './component-types.ts';
import { ConfiguredProperties, type PropertyEdit, type StoredProperties } from './configured-properties.ts';
import { controllerScope } from './controller-scope.ts';
import { InvalidRequestError } from './errors.ts';
import { FlowFileEvaluation } from './flowfile-evaluation.ts';
import type { ProcessGroup } from './process-group.ts';
import type { PropertyScope } from './property-scope.ts';
import { invalid, validateProperties } from './property-validation.ts';
import { evaluateProperties } from './property-values.ts';
import type { Runtime } from './runtime.ts';

/** What an edit may say; what is left out stays. */
export interface ConfiguredEdit extends ComponentEdit {
  readonly properties?: PropertyEdit;
  readonly sensitiveDynamicPropertyNames?: readonly string[];
  readonly bulletinLevel?: BulletinLevel;
  /** Of NiFi's advanced editors; kept as it is. */
  readonly annotationData?: string;
}

export interface StoredConfigured extends StoredBase {
  readonly type: string;
  readonly bundle: Bundle;
  readonly bulletinLevel: BulletinLevel;
  readonly properties: StoredProperties;
  readonly annotationData?: string;
}

/** Kinds of components that are made from a type and configured by properties, and through which no FlowFile passes. */
export type ConfiguredKind = Extract<ComponentKind, 'CONTROLLER_SERVICE' | 'REPORTING_TASK' | 'PARAMETER_PROVIDER' | 'FLOW_ANALYSIS_RULE' | 'FLOW_REGISTRY_CLIENT'>;

const LEVELS: readonly string[] = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'NONE'];

const capitalized = (words: string): string => words.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());

/** A component with a type and properties: configuration, validation, storage. Where the type is not installed it is a ghost that keeps its configuration. */
export abstract class ConfiguredComponent<K extends DefinitionKind = DefinitionKind> extends Component {
  abstract override readonly kind: ConfiguredKind;
  /** Full type name. */
  readonly type: string;
  readonly bundle: Bundle;
  /** Absent where the type is not installed. */
  readonly definition: Definitions[K] | undefined;
  readonly properties: ConfiguredProperties;
  readonly log: ComponentLog;
  bulletinLevel: BulletinLevel = 'WARN';
  annotationData: string | undefined = undefined;
  readonly #definitionKind: K;
  #problems: readonly string[] | undefined;

  constructor(runtime: Runtime, id: string, group: ProcessGroup | null, definitionKind: K, type: string, bundle: Bundle) {
    super(runtime, id, simpleName(type), group);
    this.type = type;
    this.#definitionKind = definitionKind;
    const known = runtime.types.find(definitionKind, type);
    this.definition = known?.definition;
    this.bundle = known?.bundle ?? bundle;
    this.properties = new ConfiguredProperties(this.definition);
    this.log = componentLog(this, () => this.bulletinLevel);
  }

  get isGhost(): boolean {
    return this.definition === undefined;
  }

  /** What it is doing, in NiFi's word for its kind. */
  abstract get state(): string;

  /** Whether it works, so that it must stay as it is. */
  abstract get isActive(): boolean;

  /** Throws ConflictError where it must not be changed at present. */
  abstract checkModifiable(): void;

  /** Throws ConflictError where it must not be removed at present. */
  abstract checkRemovable(): void;

  /** Stops and stays so, because a service that it uses is being disabled. */
  abstract letGo(): Promise<void>;

  /** Takes up again what the user asked for. */
  resume(): void {}

  /** Stops for the engine's own purposes; what the user asked for stays and is stored. */
  suspend(): Promise<void> {
    return Promise.resolve();
  }

  /** Throws ConflictError where it must stay as it is, InvalidRequestError where a value makes no sense. */
  configure(edit: ConfiguredEdit): void {
    // Definitions that come from elsewhere may say null.
    const bulletinLevel = edit.bulletinLevel ?? undefined;
    this.checkModifiable();
    if (bulletinLevel !== undefined && !LEVELS.includes(bulletinLevel)) throw new InvalidRequestError(`'${bulletinLevel}' is not a bulletin level.`);
    if (edit.properties || edit.sensitiveDynamicPropertyNames) this.properties.set(edit.properties ?? {}, edit.sensitiveDynamicPropertyNames);
    this.bulletinLevel = bulletinLevel ?? this.bulletinLevel;
    this.annotationData = edit.annotationData ?? this.annotationData;
    this.editBase(edit);
    this.forgetValidation();
    this.runtime.touch(this);
  }

  // ---- validation

  /** What its property texts may refer to. */
  get propertyScope(): PropertyScope {
    return this.group?.propertyScope ?? controllerScope(this.runtime);
  }

  get validationErrors(): readonly string[] {
    this.#problems ??= this.definition ? [...validateProperties(this.definition, this.properties, this.propertyScope), ...this.otherProblems()] : [this.#ghostProblem()];
    return this.#problems;
  }

  /** What keeps it from working besides its properties. */
  protected otherProblems(): readonly string[] {
    return [];
  }

  #ghostProblem(): string {
    const kind = capitalized(DEFINITION_KINDS[this.#definitionKind]);
    return invalid(`Missing ${kind}`, 'Any Property', `Could not create ${kind} of type ${this.type}; this type is not installed. Its configuration is kept.`);
  }

  get isValid(): boolean {
    return this.validationErrors.length === 0;
  }

  /** Something that validity rests on changed: services, parameters. */
  forgetValidation(): void {
    this.#problems = undefined;
  }

  /** What the declaration's functions receive, made from the present configuration, which must be valid. */
  protected makeContext(signal: AbortSignal): ReturnType<typeof componentContext> {
    const scope = this.propertyScope;
    return componentContext(this, evaluateProperties(this.definition!, this.properties, scope, new FlowFileEvaluation(scope)), signal);
  }

  override enterGroup(group: ProcessGroup): void {
    super.enterGroup(group);
    this.forgetValidation();
  }

  // ---- storage

  toStored(): StoredConfigured {
    const { type, bundle, bulletinLevel, annotationData } = this;
    return { ...this.storedBase(), type, bundle, bulletinLevel, properties: this.properties.toStored(this.runtime.secrets), annotationData };
  }

  restore(stored: StoredConfigured): void {
    this.restoreBase(stored);
    this.bulletinLevel = stored.bulletinLevel;
    this.annotationData = stored.annotationData;
    this.properties.restore(stored.properties, this.runtime.secrets);
    this.forgetValidation();
  }
}
