import type { Component } from './component.ts';
import { Connectable } from './connectable.ts';
import { Connection } from './connection.ts';
import { ControllerServiceNode } from './controller-service-node.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import { Port } from './port.ts';
import { ProcessGroup } from './process-group.ts';
import { ProcessorNode } from './processor-node.ts';

/** Moves components of one group to another. Throws ConflictError where a connection would be torn; then nothing has moved. */
export function moveComponents(runtime: FlowRuntime, components: readonly Component[], target: ProcessGroup, user?: string): void {
  const moved = new Set(components);
  for (const component of moved) checkMovable(component, moved, target);
  for (const component of moved) {
    const before = component.toStored();
    component.group!.delete(component);
    component.enterGroup(target);
    target.add(component);
    runtime.tell({ type: 'edited', component, user, before, after: component.toStored() });
  }
  // Services may be out of reach now, and parameters others.
  for (const node of runtime.components.values()) if (node instanceof ProcessorNode || node instanceof ControllerServiceNode) node.forgetValidation();
  runtime.graphChanged();
}

function checkMovable(component: Component, moved: ReadonlySet<Component>, target: ProcessGroup): void {
  const { group } = component;
  if (!group) throw new InvalidRequestError(`${component.label} cannot be moved.`);
  if (component instanceof ProcessGroup && component.contains(target)) throw new ConflictError(`Group ${component.name} cannot be moved into itself.`);
  for (const connection of connectionsOf(component)) {
    if (!moved.has(connection)) throw new ConflictError(`Cannot move ${component.label} without ${connection.label}. Move both, with what it connects.`);
  }
  if (component instanceof Connection) for (const end of [component.source, component.destination]) checkEndMoves(component, end, moved);
  if (component instanceof Port) target.checkPortName(component.kind, component.name);
  if (component instanceof ControllerServiceNode && component.isActive)
    throw new ConflictError(`Cannot move ${component.label} because it is ${component.state.toLowerCase()}. Disable it first.`);
  const rests = component instanceof ProcessorNode && component.isActive && group.parameterContext !== target.parameterContext && component.properties.parameterNames.size > 0;
  if (rests) throw new ConflictError(`Cannot move ${component.label} because it is running and refers to parameters of another context. Stop it first.`);
}

/** Connections at its ends; of a group those at its ports that lie outside. */
function connectionsOf(component: Component): Connection[] {
  if (component instanceof Connectable) return [...component.incoming, ...component.outgoing];
  if (!(component instanceof ProcessGroup)) return [];
  return [...component.ports()].flatMap((port) => [...port.incoming, ...port.outgoing]).filter(({ group }) => group === component.group);
}

function checkEndMoves(connection: Connection, end: Connectable, moved: ReadonlySet<Component>): void {
  if (!moved.has(end) && !moved.has(end.group)) throw new ConflictError(`Cannot move ${connection.label} without ${end.label}. Move both.`);
}
