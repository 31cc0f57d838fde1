import type { Component } from './component.ts';
import { DEFINITION_KINDS } from './component-types.ts';
import { Connection } from './connection.ts';
import { CONTROLLER_LEVEL, type ControllerLevelKind, type ControllerLevelNode } from './controller-level.ts';
import { ControllerServiceNode } from './controller-service-node.ts';
import { NotFoundError } from './errors.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import { Funnel } from './funnel.ts';
import { Label } from './label.ts';
import { ParameterContext } from './parameter-context.ts';
import { Port, type PortKind } from './port.ts';
import { ProcessGroup } from './process-group.ts';
import { ProcessorNode } from './processor-node.ts';

/** Components by id. Each throws NotFoundError where there is none of that kind. */
export class FlowLookup {
  readonly runtime: FlowRuntime;
  readonly root: ProcessGroup;

  constructor(runtime: FlowRuntime, root: ProcessGroup) {
    this.runtime = runtime;
    this.root = root;
  }

  /** Of any kind; undefined where there is none. */
  find(id: string): Component | undefined {
    return this.runtime.components.get(id);
  }

  /** `root` stands for the root group. */
  group(id: string): ProcessGroup {
    return id === 'root' ? this.root : this.#get(id, ProcessGroup, 'process group');
  }

  processor(id: string): ProcessorNode {
    return this.#get(id, ProcessorNode, 'processor');
  }

  connection(id: string): Connection {
    return this.#get(id, Connection, 'connection');
  }

  port(id: string, kind: PortKind): Port {
    const what = kind === 'INPUT_PORT' ? 'input port' : 'output port';
    const port = this.#get(id, Port, what);
    if (port.kind !== kind) throw notFound(what, id);
    return port;
  }

  funnel(id: string): Funnel {
    return this.#get(id, Funnel, 'funnel');
  }

  label(id: string): Label {
    return this.#get(id, Label, 'label');
  }

  service(id: string): ControllerServiceNode {
    return this.#get(id, ControllerServiceNode, 'controller service');
  }

  /** A component outside of every group. */
  controllerLevel<K extends ControllerLevelKind>(kind: K, id: string): ControllerLevelNode<K> {
    const { node, declaredAs } = CONTROLLER_LEVEL[kind];
    return this.#get<Component>(id, node, DEFINITION_KINDS[declaredAs]) as ControllerLevelNode<K>;
  }

  /** Those of a kind, by name. */
  allControllerLevel<K extends ControllerLevelKind>(kind: K): ControllerLevelNode<K>[] {
    const found = [...this.all<Component>(CONTROLLER_LEVEL[kind].node)] as ControllerLevelNode<K>[];
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  parameterContext(id: string): ParameterContext {
    return this.#get(id, ParameterContext, 'parameter context');
  }

  #get<T extends Component>(id: string, type: new (...args: never[]) => T, what: string): T {
    const component = this.runtime.components.get(id);
    if (component instanceof type) return component;
    throw notFound(what, id);
  }

  /** Every component of a class. */
  *all<T extends Component>(type: abstract new (...args: never[]) => T): Generator<T> {
    for (const component of this.runtime.components.values()) if (component instanceof type) yield component;
  }
}

function notFound(what: string, id: string): NotFoundError {
  return new NotFoundError(`Unable to find ${what} with id '${id}'.`);
}
