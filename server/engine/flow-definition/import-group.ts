import type { BulletinLevel } from '../../extension/component.ts';
import type { Component, Position } from '../component.ts';
import type { ConfiguredProperties } from '../configured-properties.ts';
import type { Connectable } from '../connectable.ts';
import type { ConnectionConfig } from '../connection.ts';
import type { ControllerServiceNode } from '../controller-service-node.ts';
import { InvalidRequestError } from '../errors.ts';
import { type FlowBuilder, NO_BUNDLE } from '../flow-builder.ts';
import type { FlowController } from '../flow-controller.ts';
import type { Port } from '../port.ts';
import type { ProcessorNode } from '../processor-node.ts';
import { type GroupEdit, type GroupSettings, ProcessGroup } from '../process-group.ts';
import { CONFIG_FIELDS, type ProcessorConfig } from '../processor-config.ts';
import type { DifferenceType } from './difference-fields.ts';
import { followCopy } from '../version-control/nested.ts';
import type { ContextImport } from './import-contexts.ts';
import { type Declaring, importedProperties, type ImportedProperties } from './import-properties.ts';
import { UndoLog } from './undo-log.ts';
import type { ConnectionContents, EndContents, FlowDefinition, GroupContents, PortContents, ProcessorContents, ServiceContents } from './format.ts';

interface Options {
  readonly contexts: ContextImport;
  /** Components that stay, by identifier in the definition, and how each differs from it. */
  readonly kept?: ReadonlyMap<string, Component>;
  readonly differences?: ReadonlyMap<string, ReadonlySet<DifferenceType>>;
  /** Moves what stands directly in the group. */
  readonly offset?: Position;
  /** Makes copies: they belong to no definition, and ports may be renamed. */
  readonly copies?: boolean;
  /** Services that are made stay disabled. */
  readonly dormant?: boolean;
}

/** The settings of a group's contents. */
export function groupEdit(contents: GroupContents, contexts: ContextImport): GroupEdit {
  const { parameterContextName: name } = contents;
  return {
    flowfileConcurrency: contents.flowFileConcurrency as GroupSettings['flowfileConcurrency'],
    flowfileOutboundPolicy: contents.flowFileOutboundPolicy as GroupSettings['flowfileOutboundPolicy'],
    defaultFlowFileExpiration: contents.defaultFlowFileExpiration,
    defaultBackPressureObjectThreshold: contents.defaultBackPressureObjectThreshold,
    defaultBackPressureDataSizeThreshold: contents.defaultBackPressureDataSizeThreshold,
    logFileSuffix: contents.logFileSuffix,
    executionEngine: contents.executionEngine as GroupSettings['executionEngine'],
    maxConcurrentTasks: contents.maxConcurrentTasks,
    statelessFlowTimeout: contents.statelessFlowTimeout,
    parameterContext: name ? contexts.bring(name) : undefined,
  };
}

/**
 * Builds the contents of a group, or makes a group's contents what a definition says: what stays is changed where it differs.
 * Services come first, so that everything else can name them; connections last.
 */
export class GroupImport {
  /** What was made, in order. */
  readonly made: Component[] = [];
  readonly log = new UndoLog();
  readonly #flow: FlowController;
  readonly #builder: FlowBuilder;
  readonly #definition: FlowDefinition;
  readonly #options: Options;
  /** By identifier in the definition. */
  readonly #components = new Map<string, Component>();
  readonly #services: { readonly node: ControllerServiceNode; readonly contents: ServiceContents }[] = [];
  /** Copied groups that follow a version, and those in them. */
  readonly #following = new Set<ProcessGroup | null>();
  /** Relationships can be terminated once no connection leads from them any more. */
  readonly #terminated: { readonly node: ProcessorNode; readonly relationships: readonly string[] }[] = [];

  constructor(flow: FlowController, builder: FlowBuilder, definition: FlowDefinition, options: Options) {
    this.#flow = flow;
    this.#builder = builder;
    this.#definition = definition;
    this.#options = options;
  }

  fill(group: ProcessGroup, contents: GroupContents): void {
    const offset = this.#options.offset ?? { x: 0, y: 0 };
    this.#addGroups(group, contents, offset);
    for (const { node, contents: service } of this.#services)
      if (this.#differs(node, service.identifier)) node.configure(this.#propertiesOf(service, node.properties, node.group!));
    this.#addMembers(group, contents, offset);
    this.#addConnections(group, contents, offset);
    for (const { node, relationships } of this.#terminated) node.configure({ autoTerminatedRelationships: relationships });
    const made = new Set(this.made);
    for (const { node, contents: service } of this.#services) if (service.scheduledState === 'ENABLED' && made.has(node) && !this.#options.dormant) node.enable();
  }

  undo(): void {
    this.log.undo();
  }

  /** Whether it was made just now, or stays and is to be changed. */
  #differs(node: Component, identifier: string): boolean {
    return this.#options.kept?.get(identifier) !== node || this.#options.differences!.has(identifier);
  }

  /** What stays for an identifier, changed where it differs; else what is made now. */
  #place<C extends Component>(identifier: string, make: () => C, change: (node: C) => void): C {
    const kept = this.#options.kept?.get(identifier) as C | undefined;
    if (!kept) return this.keep(make(), identifier);
    this.#name(identifier, kept);
    const types = this.#options.differences!.get(identifier);
    if (types) this.log.remember(kept);
    this.log.identify(kept, identifier);
    if (types) change(kept);
    return kept;
  }

  /** What differs in nothing but its place may run on. */
  #onlyMoved(identifier: string): boolean {
    const types = this.#options.differences?.get(identifier);
    return types !== undefined && [...types].every((type) => type === 'POSITION_CHANGED' || type === 'SCHEDULED_STATE_CHANGED');
  }

  /** The tree of groups with their services. */
  #addGroups(group: ProcessGroup, contents: GroupContents, offset: Position): void {
    for (const service of contents.controllerServices ?? []) {
      const { type, name, comments, bundle, annotationData } = service;
      const edit = { name, comments, bulletinLevel: service.bulletinLevel as BulletinLevel | undefined, annotationData };
      const make = () => this.#builder.service(group, { type, ...edit }, bundle ?? NO_BUNDLE);
      const node = this.#place(service.identifier, make, (kept) => kept.configure({ ...edit, comments: comments ?? '' }));
      this.#services.push({ node, contents: service });
    }
    for (const child of contents.processGroups ?? []) {
      const { name = 'Group', comments } = child;
      const edit = { ...groupEdit(child, this.#options.contexts), name, comments, position: moved(child.position, offset) };
      const change = (kept: ProcessGroup) => kept.configure({ ...edit, comments: comments ?? '', parameterContext: edit.parameterContext ?? null });
      const placed = this.#place(child.identifier, () => this.#builder.group(group, edit), change);
      if (this.#options.copies) followCopy(this.#flow, placed, child);
      if (placed.versionControl && this.#options.copies) this.#following.add(placed);
      this.#addGroups(placed, child, ORIGIN);
    }
  }

  #addMembers(group: ProcessGroup, contents: GroupContents, offset: Position): void {
    for (const processor of contents.processors ?? []) this.#addProcessor(group, processor, offset);
    for (const port of contents.inputPorts ?? []) this.#addPort(group, 'INPUT_PORT', port, offset);
    for (const port of contents.outputPorts ?? []) this.#addPort(group, 'OUTPUT_PORT', port, offset);
    for (const { identifier, position } of contents.funnels ?? []) {
      const at = moved(position, offset);
      this.#place(
        identifier,
        () => this.#builder.funnel(group, at),
        (kept) => kept.moveTo(at),
      );
    }
    for (const { identifier, label, position, width, height, zIndex, style } of contents.labels ?? []) {
      const edit = { text: label, position: moved(position, offset), width, height, zIndex, style };
      this.#place(
        identifier,
        () => this.#builder.label(group, edit),
        (kept) => kept.configure(edit),
      );
    }
    for (const child of contents.processGroups ?? []) this.#addMembers(this.#components.get(child.identifier) as ProcessGroup, child, ORIGIN);
  }

  #addProcessor(group: ProcessGroup, contents: ProcessorContents, offset: Position): void {
    const { identifier, type, name, comments, bundle, annotationData } = contents;
    const config = Object.fromEntries(CONFIG_FIELDS.map((field) => [field, contents[field]])) as Partial<ProcessorConfig>;
    const edit = { ...config, name, comments, annotationData, position: moved(contents.position, offset) };
    const make = (): ProcessorNode => {
      const node = this.#builder.processor(group, { ...edit, type }, bundle ?? NO_BUNDLE);
      this.log.push(() => this.#builder.discard(node));
      node.configure(this.#propertiesOf(contents, node.properties, group));
      if (contents.scheduledState === 'DISABLED') node.disable();
      return node;
    };
    this.#place(identifier, make, (kept) => {
      if (this.#onlyMoved(identifier)) return kept.moveTo(edit.position);
      const { properties, sensitiveDynamicPropertyNames } = this.#propertiesOf(contents, kept.properties, group);
      this.#terminated.push({ node: kept, relationships: config.autoTerminatedRelationships ?? [] });
      kept.configure({
        ...edit,
        autoTerminatedRelationships: undefined,
        comments: comments ?? '',
        annotationData: annotationData ?? '',
        properties,
        sensitiveDynamicPropertyNames,
      });
    });
  }

  #addPort(group: ProcessGroup, type: PortContents['type'], contents: PortContents, offset: Position): void {
    const { identifier, name = 'port', comments, concurrentlySchedulableTaskCount, allowRemoteAccess, portFunction } = contents;
    const edit = { comments, position: moved(contents.position, offset), concurrentlySchedulableTaskCount, allowRemoteAccess, portFunction };
    const make = (): Port => {
      const port = this.#builder.port(group, type, { ...edit, name: this.#freeName(group, type, name) });
      if (contents.scheduledState === 'DISABLED') port.disable();
      return port;
    };
    this.#place(identifier, make, (kept) => {
      if (this.#onlyMoved(identifier)) kept.moveTo(edit.position);
      else kept.configure({ ...edit, comments: comments ?? '', name });
    });
  }

  #freeName(group: ProcessGroup, kind: PortContents['type'], name: string): string {
    if (!this.#options.copies) return name;
    const taken = new Set([...(kind === 'INPUT_PORT' ? group.inputPorts : group.outputPorts).values()].map((port) => port.name));
    let free = name;
    while (taken.has(free)) free = `Copy of ${free}`;
    return free;
  }

  #addConnections(group: ProcessGroup, contents: GroupContents, offset: Position): void {
    for (const connection of contents.connections ?? []) this.#addConnection(group, connection, offset);
    for (const child of contents.processGroups ?? []) this.#addConnections(this.#components.get(child.identifier) as ProcessGroup, child, ORIGIN);
  }

  #addConnection(group: ProcessGroup, contents: ConnectionContents, offset: Position): void {
    const { identifier, name, partitioningAttribute, bends, loadBalanceStrategy, loadBalanceCompression, source, destination, componentType: _, ...config } = contents;
    const edit = {
      ...config,
      name: name ?? '',
      bends: bends?.map((bend) => moved(bend, offset)),
      loadBalancePartitionAttribute: partitioningAttribute,
      loadBalanceStrategy: loadBalanceStrategy as ConnectionConfig['loadBalanceStrategy'] | undefined,
      loadBalanceCompression: loadBalanceCompression as ConnectionConfig['loadBalanceCompression'] | undefined,
    };
    const [from, to] = [this.#end(source), this.#end(destination)];
    this.#place(
      identifier,
      () => this.#builder.connection(group, { ...edit, source: from.id, destination: to.id }),
      (kept) => {
        this.#builder.redirect(kept, to.id);
        kept.configure(edit);
      },
    );
  }

  #end({ id, name, type }: EndContents): Connectable {
    const component = this.#components.get(id);
    if (component && 'runnable' in component) return component as Connectable;
    throw new InvalidRequestError(`A connection of the flow definition leads to ${type} ${name ?? ''} (${id}), which is not in it.`);
  }

  /** Throws InvalidRequestError where the definition has the identifier twice: nobody could tell what refers to which. */
  #name(identifier: string, component: Component): void {
    const other = this.#components.get(identifier);
    if (other) throw new InvalidRequestError(`The flow definition has the identifier ${identifier} twice: for ${other.label} and ${component.label}. Give one of them another.`);
    this.#components.set(identifier, component);
  }

  /** Takes what was just made along, to be told and perhaps taken back. */
  keep<C extends Component>(component: C, identifier: string): C {
    this.made.push(component);
    this.log.push(() => this.#builder.discard(component));
    this.#name(identifier, component);
    // Copies belong to no definition, but what is in a group that follows a version does.
    if (!this.#options.copies || this.#following.has(component.group)) component.versionedId = identifier;
    if (this.#following.has(component.group) && component instanceof ProcessGroup) this.#following.add(component);
    return component;
  }

  /** Of what stays, texts that the definition lacks are unset; sensitive values, which no definition has, stay. */
  #propertiesOf(contents: Declaring, declared: ConfiguredProperties, group: ProcessGroup): ImportedProperties {
    const lacking = [...declared.texts].filter(([name, text]) => (contents.properties?.[name] ?? null) === null && (!declared.isSensitive(name) || text.includes('#{')));
    const unset = Object.fromEntries(lacking.map(([name]) => [name, null]));
    const { properties, sensitiveDynamicPropertyNames } = this.#imported(contents, declared, group);
    return { properties: { ...unset, ...properties }, sensitiveDynamicPropertyNames };
  }

  #imported(contents: Declaring, declared: ConfiguredProperties, group: ProcessGroup): ImportedProperties {
    return importedProperties(this.#flow.runtime, ['processor', 'controller-service'], contents, declared, (identifier) => this.#serviceId(identifier, group));
  }

  /** The service made for an identifier; else one of the group or above with that id, or with the name of the external service. */
  #serviceId(identifier: string, group: ProcessGroup): string {
    const made = this.#components.get(identifier);
    if (made) return made.id;
    const external = this.#definition.externalControllerServices?.[identifier];
    for (let at: ProcessGroup | null = group; at; at = at.group) {
      for (const service of at.services.values()) {
        if (service.id === identifier || service.versionedId === identifier || (external && service.name === external.name)) return service.id;
      }
    }
    return identifier;
  }
}

const ORIGIN: Position = { x: 0, y: 0 };

function moved(position: Position = ORIGIN, offset: Position): Position {
  return { x: position.x + offset.x, y: position.y + offset.y };
}
