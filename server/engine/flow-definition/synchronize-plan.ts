import type { Component } from '../component.ts';
import { Connectable } from '../connectable.ts';
import { Connection } from '../connection.ts';
import { ControllerServiceNode } from '../controller-service-node.ts';
import { ConflictError } from '../errors.ts';
import type { FlowController } from '../flow-controller.ts';
import { Port, type PortKind } from '../port.ts';
import { ProcessGroup } from '../process-group.ts';
import { ProcessorNode } from '../processor-node.ts';
import { compareFlows, type FlowDifference, subjectOf } from './compare.ts';
import type { DifferenceType } from './difference-fields.ts';
import { identifiedGroup } from './export.ts';
import type { ConnectionContents, GroupContents, PortContents } from './format.ts';

/** What can be stopped and started. */
export type Stoppable = ProcessorNode | Port | ControllerServiceNode;

/** Differences for which nothing has to stop. */
const HARMLESS = new Set<DifferenceType>(['POSITION_CHANGED', 'SCHEDULED_STATE_CHANGED', 'BENDPOINTS_CHANGED', 'ZINDEX_CHANGED', 'LABEL_VALUE_CHANGED', 'SIZE_CHANGED']);

/** What has to happen so that a group becomes what a definition says: which components stay, how they differ, and which go. */
export class SynchronizePlan {
  /** By identifier in the definition. */
  readonly kept = new Map<string, Component>();
  /** By identifier in the definition. */
  readonly differences = new Map<string, Set<DifferenceType>>();
  readonly removed: readonly Component[];
  readonly #group: ProcessGroup;
  readonly #present: ReadonlyMap<string, Component>;
  readonly #found: readonly FlowDifference[];

  constructor(flow: FlowController, group: ProcessGroup, contents: GroupContents) {
    this.#group = group;
    const { definition, components } = identifiedGroup(flow, group, { versionControl: true });
    this.#present = components;
    this.#keepMembers(group, contents);
    this.#keepConnections(contents);
    const staying = new Set(this.kept.values());
    this.removed = [...group.descendants()].filter((component) => !staying.has(component));
    this.#found = compareFlows(renamed(definition.flowContents, this.#newNames()), contents, true).filter(({ type }) => type !== 'SCHEDULED_STATE_CHANGED');
    for (const difference of this.#found) {
      const { identifier } = subjectOf(difference);
      this.differences.set(identifier, (this.differences.get(identifier) ?? new Set()).add(difference.type));
    }
  }

  /** Present identifiers that differ from those in the definition, of ports that stay for their names. */
  #newNames(): Map<string, string> {
    const names = new Map<string, string>();
    const identifiers = new Map([...this.#present].map(([identifier, component]) => [component, identifier]));
    for (const [identifier, component] of this.kept) {
      const present = identifiers.get(component);
      if (present !== undefined && present !== identifier) names.set(present, identifier);
    }
    return names;
  }

  #keepMembers(group: ProcessGroup, contents: GroupContents): void {
    const { processors, controllerServices, inputPorts, outputPorts, funnels, labels, processGroups } = contents;
    for (const { identifier, type } of [...(processors ?? []), ...(controllerServices ?? [])]) {
      this.#keep(group, identifier, (node) => (node instanceof ProcessorNode || node instanceof ControllerServiceNode) && node.type === type);
    }
    for (const port of inputPorts ?? []) this.#keepPort(group, 'INPUT_PORT', port);
    for (const port of outputPorts ?? []) this.#keepPort(group, 'OUTPUT_PORT', port);
    for (const { identifier } of funnels ?? []) this.#keep(group, identifier, ({ kind }) => kind === 'FUNNEL');
    for (const { identifier } of labels ?? []) this.#keep(group, identifier, ({ kind }) => kind === 'LABEL');
    for (const child of processGroups ?? []) {
      const kept = this.#keep(group, child.identifier, (node) => node instanceof ProcessGroup);
      if (kept) this.#keepMembers(kept as ProcessGroup, child);
    }
  }

  #keep(group: ProcessGroup, identifier: string, fits: (node: Component) => boolean): Component | undefined {
    const present = this.#present.get(identifier);
    if (!present || present.group !== group || !fits(present)) return undefined;
    this.kept.set(identifier, present);
    return present;
  }

  /** A port stays for its identifier, else for its name: connections from outside keep leading to it. */
  #keepPort(group: ProcessGroup, type: PortKind, { identifier, name }: PortContents): void {
    if (this.#keep(group, identifier, ({ kind }) => kind === type)) return;
    const same = [...group.ports()].find((port) => port.kind === type && port.name === name);
    if (same) this.kept.set(identifier, same);
  }

  /** A connection stays where its source does. */
  #keepConnections(contents: GroupContents): void {
    for (const { identifier, source } of contents.connections ?? []) {
      const present = this.#present.get(identifier);
      if (present instanceof Connection && this.kept.get(source.id) === present.source) this.kept.set(identifier, present);
    }
    for (const child of contents.processGroups ?? []) this.#keepConnections(child);
  }

  /** Throws ConflictError where data would be lost or a connection from outside be torn. */
  check(): void {
    for (const component of this.removed) {
      if (component instanceof Connection && !component.queue.isEmpty) {
        throw new ConflictError(
          `Cannot change ${this.#group.name}: ${component.label} is not in the new contents and its queue holds ${component.queue.objectCount} FlowFiles. Let them through or empty the queue first.`,
        );
      }
      if (component instanceof Port) this.#checkOutside(component);
    }
  }

  #checkOutside(port: Port): void {
    const outside = [...port.incoming, ...port.outgoing].find(({ group }) => !this.#group.contains(group));
    if (outside) {
      throw new ConflictError(
        `Cannot change ${this.#group.name}: the new contents have no port ${port.name}, which ${outside.label} is connected to. Remove that connection first.`,
      );
    }
  }

  /** What has to rest while the change is made. */
  toStop(): Stoppable[] {
    const stop = new Set<Component>(this.removed);
    for (const difference of this.#found) if (!HARMLESS.has(difference.type)) this.#stopFor(difference, stop);
    for (const component of [...stop]) if (component instanceof Connection) stop.add(component.source).add(component.destination);
    for (const component of stop) if (component instanceof ControllerServiceNode) for (const user of component.users()) stop.add(user);
    return [...stop].filter((component) => component instanceof ProcessorNode || component instanceof Port || component instanceof ControllerServiceNode);
  }

  #stopFor(difference: FlowDifference, stop: Set<Component>): void {
    const subject = subjectOf(difference);
    const component = this.kept.get(subject.identifier);
    if (component && !(component instanceof ProcessGroup)) stop.add(component);
    if (difference.type === 'PARAMETER_CONTEXT_CHANGED') {
      const group = component instanceof ProcessGroup ? component : this.#group;
      for (const node of group.configured()) stop.add(node);
    }
    const { source, destination } = subject as Partial<ConnectionContents>;
    for (const end of [source, destination]) {
      const node = end && this.kept.get(end.id);
      if (node instanceof Connectable) stop.add(node);
    }
  }
}

/** The contents with other identifiers, wherever they are named. */
function renamed(contents: GroupContents, names: ReadonlyMap<string, string>): GroupContents {
  if (names.size === 0) return contents;
  return JSON.parse(JSON.stringify(contents), (key, value: unknown) =>
    (key === 'identifier' || key === 'id') && typeof value === 'string' ? (names.get(value) ?? value) : value,
  ) as GroupContents;
}
