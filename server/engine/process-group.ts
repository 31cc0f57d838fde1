import { parseDataSize } from '../extension/units.ts';
import { messageOf } from '../extension/errors.ts';
import { Component, type ComponentEdit, type StoredBase } from './component.ts';
import type { Connectable } from './connectable.ts';
import type { Connection } from './connection.ts';
import type { ControllerServiceNode } from './controller-service-node.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import { FlowFileGate } from './flowfile-gate.ts';
import type { Funnel } from './funnel.ts';
import { GroupScope } from './group-scope.ts';
import type { Label } from './label.ts';
import type { ParameterContext } from './parameter-context.ts';
import type { Port, PortKind } from './port.ts';
import { duration } from './processor-config.ts';
import type { ProcessorNode } from './processor-node.ts';
import type { PropertyScope } from './property-scope.ts';
import type { Runtime } from './runtime.ts';
import { type StoredVersionControl, VersionControl } from './version-control/version-control.ts';

/** NiFi's settings of a process group. */
export interface GroupSettings {
  readonly flowfileConcurrency: 'UNBOUNDED' | 'SINGLE_FLOWFILE_PER_NODE' | 'SINGLE_BATCH_PER_NODE';
  readonly flowfileOutboundPolicy: 'STREAM_WHEN_AVAILABLE' | 'BATCH_OUTPUT';
  /** What new connections in the group begin with. */
  readonly defaultFlowFileExpiration: string;
  readonly defaultBackPressureObjectThreshold: number;
  readonly defaultBackPressureDataSizeThreshold: string;
  readonly logFileSuffix?: string;
  /** Kept for NiFi's clients; groups always run on the standard engine. */
  readonly executionEngine: 'STATELESS' | 'STANDARD' | 'INHERITED';
  readonly maxConcurrentTasks: number;
  readonly statelessFlowTimeout: string;
}

export interface GroupEdit extends ComponentEdit, Partial<GroupSettings> {
  /** The context to bind; null unbinds. */
  readonly parameterContext?: ParameterContext | null;
}

export interface StoredGroup extends StoredBase {
  readonly settings: GroupSettings;
  readonly parameterContext?: string;
  readonly versionControl?: StoredVersionControl;
}

const DEFAULT_SETTINGS: GroupSettings = {
  flowfileConcurrency: 'UNBOUNDED',
  flowfileOutboundPolicy: 'STREAM_WHEN_AVAILABLE',
  defaultFlowFileExpiration: '0 sec',
  defaultBackPressureObjectThreshold: 10_000,
  defaultBackPressureDataSizeThreshold: '1 GB',
  executionEngine: 'INHERITED',
  maxConcurrentTasks: 1,
  statelessFlowTimeout: '1 min',
};
const SETTINGS = [...Object.keys(DEFAULT_SETTINGS), 'logFileSuffix'] as (keyof GroupSettings)[];

/** A group on the canvas: a tree of components, with a parameter context and rules for what enters and leaves it. */
export class ProcessGroup extends Component {
  readonly kind = 'PROCESS_GROUP';
  readonly processors = new Map<string, ProcessorNode>();
  readonly inputPorts = new Map<string, Port>();
  readonly outputPorts = new Map<string, Port>();
  readonly funnels = new Map<string, Funnel>();
  readonly labels = new Map<string, Label>();
  readonly connections = new Map<string, Connection>();
  readonly services = new Map<string, ControllerServiceNode>();
  readonly groups = new Map<string, ProcessGroup>();
  /** What property texts of the group's components may refer to. */
  readonly propertyScope: PropertyScope = new GroupScope(this);
  readonly gate = new FlowFileGate(this);
  /** Which version in a registry it follows; undefined where it is not under version control. */
  versionControl: VersionControl | undefined = undefined;
  #settings = DEFAULT_SETTINGS;
  #parameterContext: ParameterContext | null = null;

  constructor(runtime: Runtime, id: string, parent: ProcessGroup | null, name: string) {
    super(runtime, id, name, parent);
  }

  get settings(): GroupSettings {
    return this.#settings;
  }

  get parameterContext(): ParameterContext | null {
    return this.#parameterContext;
  }

  configure(edit: GroupEdit): void {
    const given = SETTINGS.filter((field) => edit[field] !== undefined && edit[field] !== null);
    const next: GroupSettings = { ...this.#settings, ...Object.fromEntries(given.map((field) => [field, edit[field]])) };
    checkSettings(next);
    const context = edit.parameterContext;
    if (context !== undefined && context !== this.#parameterContext) this.bind(context);
    this.#settings = next;
    this.editBase(edit);
    this.runtime.touch(this);
    this.runtime.changed(this);
  }

  /** Throws ConflictError where a running component refers to parameters, so that the context must stay. */
  checkRebindable(): void {
    const running = [...this.configured()].find((node) => node.isActive && node.properties.parameterNames.size > 0);
    if (running) throw new ConflictError(`Cannot change the parameter context of ${this.name} because ${running.label} is running and refers to parameters. Stop it first.`);
  }

  /** Throws ConflictError as checkRebindable does. */
  bind(context: ParameterContext | null): void {
    this.checkRebindable();
    this.#parameterContext = context;
    this.forgetValidation();
    this.runtime.touch(this);
  }

  // ---- members

  /** Everything directly in it, groups included. */
  *members(): Generator<Component> {
    yield* this.groups.values();
    yield* this.services.values();
    yield* this.connectables();
    yield* this.labels.values();
    yield* this.connections.values();
  }

  *ports(): Generator<Port> {
    yield* this.inputPorts.values();
    yield* this.outputPorts.values();
  }

  *connectables(): Generator<Connectable> {
    yield* this.processors.values();
    yield* this.ports();
    yield* this.funnels.values();
  }

  /** Processors and controller services directly in it: what has properties. */
  *configured(): Generator<ProcessorNode | ControllerServiceNode> {
    yield* this.processors.values();
    yield* this.services.values();
  }

  /** It and all groups below it. */
  *tree(): Generator<ProcessGroup> {
    yield this;
    for (const group of this.groups.values()) yield* group.tree();
  }

  /** Everything in it and below it. */
  *descendants(): Generator<Component> {
    for (const group of this.tree()) yield* group.members();
  }

  /** Whether `group` is it or somewhere below it. */
  contains(group: ProcessGroup | null): boolean {
    for (let at = group; at; at = at.group) if (at === this) return true;
    return false;
  }

  add(member: Component): void {
    this.#membersOf(member).set(member.id, member);
  }

  delete(member: Component): void {
    this.#membersOf(member).delete(member.id);
  }

  #membersOf(member: Component): Map<string, Component> {
    const maps: Record<string, Map<string, Component>> = {
      PROCESSOR: this.processors,
      INPUT_PORT: this.inputPorts,
      OUTPUT_PORT: this.outputPorts,
      FUNNEL: this.funnels,
      LABEL: this.labels,
      CONNECTION: this.connections,
      CONTROLLER_SERVICE: this.services,
      PROCESS_GROUP: this.groups,
    };
    return maps[member.kind]!;
  }

  /** Ports of one kind have different names. Throws ConflictError. */
  checkPortName(kind: PortKind, name: string): void {
    for (const port of kind === 'INPUT_PORT' ? this.inputPorts.values() : this.outputPorts.values()) {
      if (port.name === name) throw new ConflictError(`The group ${this.name} has a port named '${name}' already. Choose another name.`);
    }
  }

  // ---- state

  /** Whether any FlowFile is inside it, in queues or in the hands of its components. */
  get holdsData(): boolean {
    for (const group of this.tree()) for (const { queue } of group.connections.values()) if (!queue.isEmpty) return true;
    return false;
  }

  /** Whether any FlowFile inside it does not yet stand before one of its own output ports. */
  get processesData(): boolean {
    for (const group of this.tree()) {
      for (const { queue, destination } of group.connections.values()) {
        if (!queue.isEmpty && !(destination.kind === 'OUTPUT_PORT' && destination.group === this)) return true;
      }
    }
    return false;
  }

  /** Starts everything in it and below that is not disabled; what is not valid waits until it is. */
  startAll(): void {
    for (const group of this.tree()) {
      for (const processor of group.processors.values()) if (processor.state !== 'DISABLED') processor.start();
      for (const port of group.ports()) if (port.state !== 'DISABLED' && port.isValid) port.start();
    }
  }

  /** Resolves when everything has stopped. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.tree()].flatMap((group) => [...group.processors.values(), ...group.ports()].map((node) => node.stop())));
  }

  /** Disabled to stopped. */
  enableAll(): void {
    for (const group of this.tree()) for (const node of [...group.processors.values(), ...group.ports()]) node.enable();
  }

  /** Disables what is not running. */
  disableAll(): void {
    for (const group of this.tree()) for (const node of [...group.processors.values(), ...group.ports()]) if (!node.isActive) node.disable();
  }

  /** Parameters or services changed: all its components are checked anew. */
  forgetValidation(): void {
    for (const node of this.configured()) node.forgetValidation();
  }

  /** Throws ConflictError where anything in it forbids that it is removed. */
  checkRemovable(): void {
    for (const port of this.ports()) {
      const outside = [...port.incoming, ...port.outgoing].find(({ group }) => group !== this);
      if (outside)
        throw new ConflictError(`Cannot remove group ${this.name} because its port ${port.name} is connected from outside by ${outside.label}. Remove that connection first.`);
    }
    this.checkContentsRemovable();
  }

  /** Throws ConflictError where something in it runs, is enabled, or holds data. */
  checkContentsRemovable(): void {
    for (const group of this.tree()) group.#checkMembersRemovable();
  }

  #checkMembersRemovable(): void {
    for (const { queue, label } of this.connections.values()) {
      if (!queue.isEmpty) throw new ConflictError(`Cannot remove group ${this.name} because ${label} holds ${queue.objectCount} FlowFiles. Empty it first.`);
    }
    for (const node of [...this.processors.values(), ...this.ports()]) {
      if (node.isActive) throw new ConflictError(`Cannot remove group ${this.name} because ${node.label} is running. Stop it first.`);
    }
    for (const service of this.services.values()) {
      if (service.isActive)
        throw new ConflictError(`Cannot remove group ${this.name} because controller service ${service.label} is ${service.state.toLowerCase()}. Disable it first.`);
    }
  }

  toStored(): StoredGroup {
    return { ...this.storedBase(), settings: this.#settings, parameterContext: this.#parameterContext?.id, versionControl: this.versionControl?.toStored() };
  }

  /** `context` is the one that was bound, where it is still there. */
  restore(stored: StoredGroup, context: ParameterContext | undefined): void {
    this.restoreBase(stored);
    this.#settings = { ...DEFAULT_SETTINGS, ...stored.settings };
    this.#parameterContext = context ?? null;
    this.versionControl = stored.versionControl && VersionControl.restore(stored.versionControl);
  }
}

const CHOICES = {
  flowfileConcurrency: ['UNBOUNDED', 'SINGLE_FLOWFILE_PER_NODE', 'SINGLE_BATCH_PER_NODE'],
  flowfileOutboundPolicy: ['STREAM_WHEN_AVAILABLE', 'BATCH_OUTPUT'],
  executionEngine: ['STATELESS', 'STANDARD', 'INHERITED'],
} as const;

function checkSettings(settings: GroupSettings): void {
  for (const [field, allowed] of Object.entries(CHOICES)) {
    const value = settings[field as keyof typeof CHOICES];
    if (!(allowed as readonly string[]).includes(value)) throw new InvalidRequestError(`'${value}' is not a value of ${field}: it must be one of ${allowed.join(', ')}.`);
  }
  const threshold = settings.defaultBackPressureObjectThreshold;
  if (!Number.isInteger(threshold) || threshold < 0) throw new InvalidRequestError('The default back pressure object threshold must be a whole number, 0 or more.');
  duration('Default FlowFile expiration', settings.defaultFlowFileExpiration);
  try {
    parseDataSize(settings.defaultBackPressureDataSizeThreshold);
  } catch (thrown) {
    throw new InvalidRequestError(`Default back pressure data size threshold '${settings.defaultBackPressureDataSizeThreshold}' is not valid: ${messageOf(thrown)}.`);
  }
}
