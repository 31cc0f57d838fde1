import { randomUUID } from 'node:crypto';
import { withAssetValues } from './asset-values.ts';
import type { AssetStore } from './assets.ts';
import type { Component, Position } from './component.ts';
import { type Bundle, DEFINITION_KINDS, type DefinitionKind } from './component-types.ts';
import { ConfiguredComponent } from './configured-component.ts';
import { Connectable } from './connectable.ts';
import { Connection } from './connection.ts';
import { checkEnds } from './connection-rules.ts';
import { CONTROLLER_LEVEL, type ControllerLevelKind, type ControllerLevelNode, controllerLevelNode, type ControllerLevelSpec } from './controller-level.ts';
import { ControllerServiceNode } from './controller-service-node.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from './errors.ts';
import type { ConnectionSpec, GroupSpec, ParameterContextSpec, PortSpec, ProcessorSpec, ServiceSpec } from './flow-specs.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import type { LoadedFlow } from './flow-storage.ts';
import { FlowRegistryClientNode } from './flow-registry-client-node.ts';
import { Funnel } from './funnel.ts';
import { Label, type LabelEdit } from './label.ts';
import { ParameterContext } from './parameter-context.ts';
import { ParameterProviderNode } from './parameter-provider-node.ts';
import { Port, type PortKind } from './port.ts';
import { ProcessGroup } from './process-group.ts';
import { ProcessorNode } from './processor-node.ts';
import type { RemovedComponents } from './removed-components.ts';

/** Of a type that is not installed and came without one. */
export const NO_BUNDLE: Bundle = { group: 'unknown', artifact: 'unknown', version: 'unversioned' };

/** Makes and removes components. Call inside an edit of the runtime. */
export class FlowBuilder {
  readonly #runtime: FlowRuntime;
  readonly #flow: LoadedFlow;
  readonly #assets: AssetStore;
  readonly #removed: RemovedComponents;

  constructor(runtime: FlowRuntime, flow: LoadedFlow, assets: AssetStore, removed: RemovedComponents) {
    this.#runtime = runtime;
    this.#flow = flow;
    this.#assets = assets;
    this.#removed = removed;
  }

  /** With `ghost`, a type that is not installed is kept as it is; else it is an InvalidRequestError. */
  processor(group: ProcessGroup, spec: ProcessorSpec, ghost?: Bundle): ProcessorNode {
    if (!ghost) this.#checkType('processor', spec.type);
    const node = new ProcessorNode(this.#runtime, randomUUID(), group, spec.type, ghost ?? NO_BUNDLE);
    node.configure(spec);
    return this.#add(node, group);
  }

  service(group: ProcessGroup | null, spec: ServiceSpec, ghost?: Bundle): ControllerServiceNode {
    if (!ghost) this.#checkType('controller-service', spec.type);
    const node = new ControllerServiceNode(this.#runtime, randomUUID(), group, spec.type, ghost ?? NO_BUNDLE);
    node.configure(spec);
    if (group) return this.#add(node, group);
    this.#flow.controllerServices.set(node.id, node);
    this.#runtime.register(node);
    return node;
  }

  /** A component outside of every group: a reporting task, a parameter provider ... */
  controllerLevel<K extends ControllerLevelKind>(kind: K, spec: ControllerLevelSpec<K>, ghost?: Bundle): ControllerLevelNode<K> {
    if (!ghost) this.#checkType(CONTROLLER_LEVEL[kind].declaredAs, spec.type);
    const node = controllerLevelNode(this.#runtime, kind, randomUUID(), spec.type, ghost ?? NO_BUNDLE);
    node.configure(spec);
    this.#runtime.register(node);
    return node;
  }

  /** Throws InvalidRequestError where a type is not installed. */
  #checkType(kind: DefinitionKind, type: string): void {
    if (!this.#runtime.types.find(kind, type)) throw new InvalidRequestError(`There is no ${DEFINITION_KINDS[kind]} type ${type}.`);
  }

  connection(group: ProcessGroup, spec: ConnectionSpec): Connection {
    const [source, destination] = [this.#connectable(spec.source), this.#connectable(spec.destination)];
    checkEnds(group, source, destination);
    const connection = new Connection(this.#runtime, randomUUID(), group, source, destination);
    connection.prepare(spec);
    this.#add(connection, group);
    connection.attach();
    return connection;
  }

  redirect(connection: Connection, destinationId: string): void {
    const destination = this.#connectable(destinationId);
    checkEnds(connection.group, connection.source, destination);
    connection.redirect(destination);
  }

  #connectable(id: string): Connectable {
    const component = this.#runtime.components.get(id);
    if (component instanceof Connectable) return component;
    throw new NotFoundError(`Unable to find a component with id '${id}' that can be connected.`);
  }

  port(group: ProcessGroup, kind: PortKind, spec: PortSpec): Port {
    if (!spec.name?.trim()) throw new InvalidRequestError('A port needs a name.');
    group.checkPortName(kind, spec.name);
    const port = new Port(this.#runtime, randomUUID(), group, kind, spec.name);
    port.configure({ ...spec, name: undefined });
    return this.#add(port, group);
  }

  funnel(group: ProcessGroup, position: Position = { x: 0, y: 0 }): Funnel {
    const funnel = new Funnel(this.#runtime, randomUUID(), group);
    funnel.moveTo(position);
    return this.#add(funnel, group);
  }

  label(group: ProcessGroup, spec: LabelEdit): Label {
    const label = new Label(this.#runtime, randomUUID(), group);
    label.configure(spec);
    return this.#add(label, group);
  }

  group(parent: ProcessGroup, spec: GroupSpec): ProcessGroup {
    if (!spec.name?.trim()) throw new InvalidRequestError('A process group needs a name.');
    const group = new ProcessGroup(this.#runtime, randomUUID(), parent, spec.name);
    group.configure(spec);
    return this.#add(group, parent);
  }

  parameterContext(spec: ParameterContextSpec): ParameterContext {
    this.checkContextName(spec.name);
    const context = new ParameterContext(this.#runtime, randomUUID(), spec.name);
    context.apply({ ...spec, parameters: withAssetValues(this.#assets, context.id, spec.parameters) });
    this.#flow.parameterContexts.set(context.id, context);
    this.#runtime.register(context);
    return context;
  }

  /** Names of parameter contexts are unique. */
  checkContextName(name: string | undefined, except?: ParameterContext): void {
    if (!name?.trim()) throw new InvalidRequestError('A parameter context needs a name.');
    const same = [...this.#flow.parameterContexts.values()].find((context) => context.name === name && context !== except);
    if (same) throw new ConflictError(`There is a parameter context named '${name}' already. Choose another name.`);
  }

  #add<N extends Component>(node: N, group: ProcessGroup): N {
    group.add(node);
    this.#runtime.register(node);
    return node;
  }

  // ---- removal

  /** Throws ConflictError where it must stay; then nothing is removed. */
  remove(node: Component, user?: string): void {
    if (node instanceof FlowRegistryClientNode) this.#checkNotFollowed(node);
    if (node instanceof ProcessGroup) this.#removeGroup(node, user);
    else if (node instanceof Connectable) this.#removeConnectable(node, user);
    else if (node instanceof ParameterContext) this.#removeContext(node, user);
    else {
      if (node instanceof ParameterProviderNode) this.#checkUnbound(node);
      if (node instanceof Connection || node instanceof ConfiguredComponent) node.checkRemovable();
      this.#drop(node, user);
    }
  }

  #checkUnbound(provider: ParameterProviderNode): void {
    const bound = [...this.#flow.parameterContexts.values()].filter(({ provision }) => provision?.providerId === provider.id);
    if (bound.length === 0) return;
    throw new ConflictError(
      `Cannot remove parameter provider ${provider.label} because parameters of ${bound.map(({ name }) => name).join(', ')} come from it. Remove these parameter contexts first.`,
    );
  }

  #checkNotFollowed(client: FlowRegistryClientNode): void {
    const group = [...this.#flow.root.tree()].find(({ versionControl }) => versionControl?.coordinates.registryId === client.id);
    if (group)
      throw new ConflictError(`Cannot remove flow registry client ${client.label} because the group ${group.name} follows a version in it. Stop its version control first.`);
  }

  #removeConnectable(node: Connectable, user?: string): void {
    const stops = node.kind !== 'FUNNEL' && node.isActive;
    if (stops) throw new ConflictError(`Cannot remove ${node.label} because it is running. Stop it first.`);
    const from = [...node.incoming].find(({ source }) => source !== node);
    if (from) throw new ConflictError(`Cannot remove ${node.label} because it is the destination of ${from.label}. Remove that connection first.`);
    for (const connection of node.outgoing) connection.checkRemovable();
    this.#removed.note(node, { along: [...node.outgoing] });
    for (const connection of [...node.outgoing]) this.#drop(connection, user);
    this.#drop(node, user);
  }

  #removeGroup(group: ProcessGroup, user?: string): void {
    if (!group.group) throw new ConflictError('The root group cannot be removed.');
    group.checkRemovable();
    this.#removed.note(group, { along: [...group.descendants()] });
    this.clear(group, user);
    this.#drop(group, user);
  }

  /** Removes everything in a group; it must be removable. */
  clear(group: ProcessGroup, user?: string): void {
    this.dropAll([...group.members()], user);
  }

  /** Removes members of a group, connections first; they must be removable. */
  dropAll(members: readonly Component[], user?: string): void {
    for (const member of members) if (member instanceof ProcessGroup) this.clear(member, user);
    for (const member of members) if (member instanceof Connection) this.#drop(member, user);
    for (const member of members) if (!(member instanceof Connection)) this.#drop(member, user);
  }

  /** Takes a component out of the flow; a connection must be empty. `putBack` is its opposite. */
  take(node: Component): void {
    if (node instanceof Connection) node.detach();
    node.group?.delete(node);
    this.#runtime.unregister(node);
  }

  putBack(node: Component): void {
    node.group?.add(node);
    this.#runtime.register(node);
    if (node instanceof Connection) node.attach();
  }

  /** Takes back what was just made and nobody has heard of. */
  discard(node: Component): void {
    if (node instanceof Connection) node.detach();
    if (node instanceof ControllerServiceNode) void node.disable();
    this.#flow.controllerServices.delete(node.id);
    if (node instanceof ParameterContext) this.#flow.parameterContexts.delete(node.id);
    node.group?.delete(node);
    this.#runtime.unregister(node);
  }

  #removeContext(context: ParameterContext, user?: string): void {
    const heir = [...this.#flow.parameterContexts.values()].find(({ inherited }) => inherited.includes(context));
    if (heir) throw new ConflictError(`Cannot remove parameter context ${context.name} because ${heir.name} inherits from it. Change that first.`);
    const bound = [...this.#flow.root.tree()].filter(({ parameterContext }) => parameterContext === context);
    for (const group of bound) group.checkRebindable();
    this.#removed.note(context, { bound });
    for (const group of bound) group.bind(null);
    this.#flow.parameterContexts.delete(context.id);
    this.#drop(context, user);
  }

  #drop(node: Component, user?: string): void {
    this.#removed.note(node);
    if (node instanceof Connection) node.detach();
    node.group?.delete(node);
    if (node instanceof ControllerServiceNode) {
      this.#flow.controllerServices.delete(node.id);
      for (const used of node.users()) used.forgetValidation();
    }
    this.#runtime.unregister(node);
    this.#runtime.tell({ type: 'removed', component: node, user, before: node.toStored() });
  }
}
