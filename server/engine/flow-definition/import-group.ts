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
import type { GroupEdit, GroupSettings, ProcessGroup } from '../process-group.ts';
import { CONFIG_FIELDS, type ProcessorConfig } from '../processor-config.ts';
import type { ContextImport } from './import-contexts.ts';
import { type Declaring, importedProperties, type ImportedProperties } from './import-properties.ts';
import type { ConnectionContents, EndContents, FlowDefinition, GroupContents, PortContents, ProcessorContents, ServiceContents } from './format.ts';

interface Options {
  readonly contexts: ContextImport;
  /** Ports that take the place of those of the same name in the contents. */
  readonly keptPorts?: ReadonlySet<Port>;
  /** Moves what stands directly in the group. */
  readonly offset?: Position;
  /** Makes copies: they belong to no definition, and ports may be renamed. */
  readonly copies?: boolean;
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

/** Builds the contents of a group. Services come first, so that everything else can name them; connections last. */
export class GroupImport {
  /** In order; what a failed import has to take back. */
  readonly made: Component[] = [];
  readonly #flow: FlowController;
  readonly #builder: FlowBuilder;
  readonly #definition: FlowDefinition;
  readonly #options: Options;
  /** By identifier in the definition. */
  readonly #components = new Map<string, Component>();
  readonly #services: { readonly node: ControllerServiceNode; readonly contents: ServiceContents }[] = [];

  constructor(flow: FlowController, builder: FlowBuilder, definition: FlowDefinition, options: Options) {
    this.#flow = flow;
    this.#builder = builder;
    this.#definition = definition;
    this.#options = options;
  }

  fill(group: ProcessGroup, contents: GroupContents): void {
    const offset = this.#options.offset ?? { x: 0, y: 0 };
    this.#addGroups(group, contents, offset);
    for (const { node, contents: service } of this.#services) node.configure(this.#propertiesOf(service, node.properties, node.group!));
    this.#addMembers(group, contents, offset);
    this.#addConnections(group, contents, offset);
    for (const { node, contents: service } of this.#services) if (service.scheduledState === 'ENABLED') node.enable();
  }

  undo(): void {
    for (const component of this.made.toReversed()) this.#builder.discard(component);
  }

  /** The tree of groups with their services. */
  #addGroups(group: ProcessGroup, contents: GroupContents, offset: Position): void {
    for (const service of contents.controllerServices ?? []) {
      const { type, name, comments, bundle, annotationData } = service;
      const bulletinLevel = service.bulletinLevel as BulletinLevel | undefined;
      this.#services.push({
        node: this.#keep(this.#builder.service(group, { type, name, comments, bulletinLevel, annotationData }, bundle ?? NO_BUNDLE), service.identifier),
        contents: service,
      });
    }
    for (const child of contents.processGroups ?? []) {
      const { name = 'Group', comments } = child;
      const edit = { ...groupEdit(child, this.#options.contexts), name, comments, position: moved(child.position, offset) };
      this.#addGroups(this.#keep(this.#builder.group(group, edit), child.identifier), child, ORIGIN);
    }
  }

  #addMembers(group: ProcessGroup, contents: GroupContents, offset: Position): void {
    for (const processor of contents.processors ?? []) this.#addProcessor(group, processor, offset);
    for (const port of contents.inputPorts ?? []) this.#addPort(group, 'INPUT_PORT', port, offset);
    for (const port of contents.outputPorts ?? []) this.#addPort(group, 'OUTPUT_PORT', port, offset);
    for (const { identifier, position } of contents.funnels ?? []) this.#keep(this.#builder.funnel(group, moved(position, offset)), identifier);
    for (const { identifier, label, position, width, height, zIndex, style } of contents.labels ?? []) {
      this.#keep(this.#builder.label(group, { text: label, position: moved(position, offset), width, height, zIndex, style }), identifier);
    }
    for (const child of contents.processGroups ?? []) this.#addMembers(this.#components.get(child.identifier) as ProcessGroup, child, ORIGIN);
  }

  #addProcessor(group: ProcessGroup, contents: ProcessorContents, offset: Position): void {
    const { type, name, comments, bundle, annotationData } = contents;
    const config = Object.fromEntries(CONFIG_FIELDS.map((field) => [field, contents[field]])) as Partial<ProcessorConfig>;
    const spec = { ...config, type, name, comments, annotationData, position: moved(contents.position, offset) };
    const node = this.#keep(this.#builder.processor(group, spec, bundle ?? NO_BUNDLE), contents.identifier);
    node.configure(this.#propertiesOf(contents, node.properties, group));
    if (contents.scheduledState === 'DISABLED') node.disable();
  }

  #addPort(group: ProcessGroup, type: PortContents['type'], contents: PortContents, offset: Position): void {
    const { comments, concurrentlySchedulableTaskCount, allowRemoteAccess, portFunction } = contents;
    const name = contents.name ?? 'port';
    const kept = [...(this.#options.keptPorts ?? [])].find((port) => port.group === group && port.kind === type && port.name === name);
    if (kept) {
      this.#components.set(contents.identifier, kept);
      return;
    }
    const spec = {
      name: this.#freeName(group, type, name),
      comments,
      position: moved(contents.position, offset),
      concurrentlySchedulableTaskCount,
      allowRemoteAccess,
      portFunction,
    };
    const port = this.#keep(this.#builder.port(group, type, spec), contents.identifier);
    if (contents.scheduledState === 'DISABLED') port.disable();
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
    const spec = {
      ...config,
      name: name ?? '',
      source: this.#end(source).id,
      destination: this.#end(destination).id,
      bends: bends?.map((bend) => moved(bend, offset)),
      loadBalancePartitionAttribute: partitioningAttribute,
      loadBalanceStrategy: loadBalanceStrategy as ConnectionConfig['loadBalanceStrategy'] | undefined,
      loadBalanceCompression: loadBalanceCompression as ConnectionConfig['loadBalanceCompression'] | undefined,
    };
    this.#keep(this.#builder.connection(group, spec), identifier);
  }

  #end({ id, name, type }: EndContents): Connectable {
    const component = this.#components.get(id);
    if (component && 'runnable' in component) return component as Connectable;
    throw new InvalidRequestError(`A connection of the flow definition leads to ${type} ${name ?? ''} (${id}), which is not in it.`);
  }

  /** Throws InvalidRequestError where the definition has the identifier twice: nobody could tell what refers to which. */
  #keep<C extends Component>(component: C, identifier: string): C {
    this.made.push(component);
    const other = this.#components.get(identifier);
    if (other) throw new InvalidRequestError(`The flow definition has the identifier ${identifier} twice: for ${other.label} and ${component.label}. Give one of them another.`);
    this.#components.set(identifier, component);
    if (!this.#options.copies) component.versionedId = identifier;
    return component;
  }

  #propertiesOf(contents: Declaring, declared: ConfiguredProperties, group: ProcessGroup): ImportedProperties {
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
