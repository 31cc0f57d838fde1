import type { StateScope } from '../extension/component.ts';
import type { Component, ComponentKind, RevisionClaim, StoredBase } from './component.ts';
import { Connectable } from './connectable.ts';
import { Connection, type StoredConnection } from './connection.ts';
import { checkEnds } from './connection-rules.ts';
import { CONTROLLER_LEVEL_KINDS, type ControllerLevelKind, controllerLevelNode } from './controller-level.ts';
import type { StoredConfigured } from './configured-component.ts';
import { ControllerServiceNode, type StoredService } from './controller-service-node.ts';
import { ConflictError, NotFoundError } from './errors.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import type { LoadedFlow } from './flow-storage.ts';
import { Funnel } from './funnel.ts';
import { Label } from './label.ts';
import { ParameterContext, type StoredParameterContext } from './parameter-context.ts';
import { Port, type StoredPort } from './port.ts';
import { ProcessGroup, type StoredGroup } from './process-group.ts';
import { ProcessorNode, type StoredProcessor } from './processor-node.ts';
import { nextRevision } from './revision.ts';

/** Kinds that can come back, in the order in which they can be made. */
const ORDER: readonly ComponentKind[] = [
  'PARAMETER_CONTEXT',
  'PROCESS_GROUP',
  'CONTROLLER_SERVICE',
  ...CONTROLLER_LEVEL_KINDS,
  'PROCESSOR',
  'INPUT_PORT',
  'OUTPUT_PORT',
  'FUNNEL',
  'LABEL',
  'CONNECTION',
];
const SCOPES: readonly StateScope[] = ['local', 'cluster'];
/** So many are kept; the oldest are forgotten first. */
const MOST = 20_000;

/** A component as it was when it was removed: secrets encrypted, as they are stored. */
interface Removed {
  readonly id: string;
  readonly kind: ComponentKind;
  /** Null: it stood outside of every group. */
  readonly groupId: string | null;
  readonly form: StoredBase;
  readonly state: readonly { readonly scope: StateScope; readonly entries: ReadonlyMap<string, string> }[];
  /** What went because this one went: the contents of a group, the connections that led away. */
  readonly along: readonly string[];
  /** Of a parameter context: the groups that were bound to it. */
  readonly bound: readonly string[];
}

/** What goes with a component that is removed. */
export interface Consequences {
  readonly along?: readonly Component[];
  readonly bound?: readonly ProcessGroup[];
}

const idsOf = (components: readonly Component[]): string[] => components.map(({ id }) => id);

/**
 * What was removed since the start, so that it can be brought back under its old id: configuration, secrets, state and place. What
 * was in a queue cannot come back: a connection is removed only when it is empty. Call inside an edit of the runtime.
 */
export class RemovedComponents {
  readonly #runtime: FlowRuntime;
  readonly #flow: LoadedFlow;
  readonly #removed = new Map<string, Removed>();

  constructor(runtime: FlowRuntime, flow: LoadedFlow) {
    this.#runtime = runtime;
    this.#flow = flow;
  }

  /** Takes note of a component that is about to be removed. */
  note(component: Component, { along, bound }: Consequences = {}): void {
    const { id, kind, group } = component;
    if (!ORDER.includes(kind)) return;
    const { journal } = this.#runtime;
    const state = SCOPES.map((scope) => ({ scope, entries: journal.state(id, scope).entries })).filter(({ entries }) => entries.size > 0);
    const known = this.#removed.get(id);
    this.#removed.delete(id);
    this.#removed.set(id, {
      id,
      kind,
      groupId: group?.id ?? null,
      form: component.toStored(),
      state,
      along: along ? idsOf(along) : (known?.along ?? []),
      bound: bound ? idsOf(bound) : (known?.bound ?? []),
    });
    for (const oldest of this.#removed.keys()) {
      if (this.#removed.size <= MOST) break;
      this.#removed.delete(oldest);
    }
  }

  /** Brings components back, with what went along with them. All or none: throws NotFoundError and ConflictError. Nothing of it runs. */
  restore(ids: readonly string[], claim: RevisionClaim): Component[] {
    const wanted = this.#withAlong(ids);
    const ordered = [...wanted].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    const made: Component[] = [];
    try {
      for (const removed of parentsFirst(ordered)) made.push(this.#build(removed));
    } catch (thrown) {
      for (const component of made.reverse()) this.#undo(component);
      throw thrown;
    }
    for (const component of made) this.#announce(component, claim);
    return made;
  }

  /** Groups that held removed components or would be bound to them, in so far as they are there. */
  groupsOf(ids: readonly string[]): ProcessGroup[] {
    const removed = this.#known(ids);
    const groups = removed.flatMap(({ groupId, bound }) => [groupId ?? '', ...bound]).map((id) => this.#runtime.components.get(id));
    return [...new Set(groups)].filter((group) => group instanceof ProcessGroup);
  }

  /** Kinds of those that stood outside of every group. */
  kindsOutside(ids: readonly string[]): Set<ComponentKind> {
    const outside = this.#known(ids).filter(({ groupId }) => groupId === null);
    return new Set(outside.map(({ kind }) => kind));
  }

  /** Types of processors, services and the like, with those of what went along. */
  typesOf(ids: readonly string[]): string[] {
    const found = this.#known(ids);
    const types = found.flatMap(({ form }) => ('type' in form && typeof form.type === 'string' ? [form.type] : []));
    const along = found.flatMap((each) => each.along);
    return along.length > 0 ? [...types, ...this.typesOf(along)] : types;
  }

  #known(ids: readonly string[]): Removed[] {
    return ids.map((id) => this.#removed.get(id)).filter((removed) => removed !== undefined);
  }

  #withAlong(ids: readonly string[]): Set<Removed> {
    const wanted = new Set<Removed>();
    for (const id of ids) {
      const removed = this.#removed.get(id);
      if (!removed) throw new NotFoundError(`Component ${id} cannot be brought back: it was not removed since the server started.`);
      wanted.add(removed);
      for (const each of this.#withAlong(removed.along.filter((other) => this.#removed.has(other)))) wanted.add(each);
    }
    return wanted;
  }

  #build(removed: Removed): Component {
    const { components } = this.#runtime;
    if (components.has(removed.id)) throw new ConflictError(`${removed.form.name || removed.kind} (${removed.id}) cannot be brought back: it is there.`);
    const component = removed.groupId === null ? this.#makeOutside(removed) : this.#makeWithin(removed, removed.groupId);
    this.#runtime.register(component);
    if (component instanceof Connection) component.attach();
    return component;
  }

  #makeWithin(removed: Removed, groupId: string): Component {
    const group = this.#runtime.components.get(groupId);
    if (!(group instanceof ProcessGroup))
      throw new ConflictError(`${removed.form.name || removed.kind} (${removed.id}) cannot be brought back: its group is gone. Bring that back first.`);
    const component = this.#make(removed, group);
    group.add(component);
    return component;
  }

  #makeOutside(removed: Removed): Component {
    const { id, kind, form } = removed;
    if (kind === 'PARAMETER_CONTEXT') return this.#context(removed);
    const { type, bundle } = form as StoredConfigured;
    if (kind !== 'CONTROLLER_SERVICE') return restored(controllerLevelNode(this.#runtime, kind as ControllerLevelKind, id, type, bundle), form as never);
    const service = restored(new ControllerServiceNode(this.#runtime, id, null, type, bundle), form as StoredService);
    this.#flow.controllerServices.set(id, service);
    return service;
  }

  #context({ id, form, bound }: Removed): ParameterContext {
    const { parameterContexts } = this.#flow;
    if ([...parameterContexts.values()].some(({ name }) => name === form.name))
      throw new ConflictError(`Parameter context ${form.name} (${id}) cannot be brought back: another one has its name now. Rename that first.`);
    const stored = form as StoredParameterContext;
    const inherited = stored.inherited.map((each) => parameterContexts.get(each)).filter((each) => each !== undefined);
    if (inherited.length < stored.inherited.length)
      throw new ConflictError(`Parameter context ${form.name} (${id}) cannot be brought back: one that it inherits from is gone. Bring that back first.`);
    for (const group of this.#unbound(bound)) group.checkRebindable();
    const context = new ParameterContext(this.#runtime, id, form.name);
    context.restore(stored, inherited);
    parameterContexts.set(id, context);
    return context;
  }

  /** Those of the groups that are there and have no context. */
  #unbound(ids: readonly string[]): ProcessGroup[] {
    return ids.map((id) => this.#runtime.components.get(id)).filter((group) => group instanceof ProcessGroup && !group.parameterContext) as ProcessGroup[];
  }

  #make({ id, kind, form }: Removed, group: ProcessGroup): Component {
    switch (kind) {
      case 'PROCESS_GROUP':
        return this.#group(id, group, form as StoredGroup);
      case 'CONTROLLER_SERVICE': {
        const { type, bundle } = form as StoredService;
        return restored(new ControllerServiceNode(this.#runtime, id, group, type, bundle), form as StoredService);
      }
      case 'PROCESSOR': {
        const { type, bundle } = form as StoredProcessor;
        return restored(new ProcessorNode(this.#runtime, id, group, type, bundle), form as StoredProcessor);
      }
      case 'INPUT_PORT':
      case 'OUTPUT_PORT':
        group.checkPortName(kind, form.name);
        return restored(new Port(this.#runtime, id, group, kind, form.name), form as StoredPort);
      case 'FUNNEL':
        return restored(new Funnel(this.#runtime, id, group), form);
      case 'LABEL':
        return restored(new Label(this.#runtime, id, group), form as Parameters<Label['restore']>[0]);
      default:
        return this.#connection(id, group, form as StoredConnection);
    }
  }

  #group(id: string, parent: ProcessGroup, form: StoredGroup): ProcessGroup {
    const group = new ProcessGroup(this.#runtime, id, parent, form.name);
    const context = this.#runtime.components.get(form.parameterContext ?? '');
    group.restore(form, context instanceof ParameterContext ? context : undefined);
    return group;
  }

  #connection(id: string, group: ProcessGroup, form: StoredConnection): Connection {
    const [source, destination] = [form.source, form.destination].map((end) => this.#runtime.components.get(end));
    if (!(source instanceof Connectable) || !(destination instanceof Connectable))
      throw new ConflictError(`Connection ${form.name || id} cannot be brought back: what it connected is gone. Bring that back first.`);
    checkEnds(group, source, destination);
    return restored(new Connection(this.#runtime, id, group, source, destination), form);
  }

  #announce(component: Component, claim: RevisionClaim): void {
    const removed = this.#removed.get(component.id)!;
    this.#removed.delete(component.id);
    if (component instanceof ParameterContext) for (const group of this.#unbound(removed.bound)) group.bind(component);
    if (component instanceof ControllerServiceNode) for (const user of component.users()) user.forgetValidation();
    for (const { scope, entries } of removed.state) this.#runtime.journal.setState(component.id, scope, entries);
    component.revision = nextRevision(component.revision, claim);
    this.#runtime.touch(component);
    this.#runtime.tell({ type: 'created', component, user: claim.user, after: component.toStored() });
  }

  #undo(component: Component): void {
    if (component instanceof Connection) component.detach();
    this.#flow.controllerServices.delete(component.id);
    this.#flow.parameterContexts.delete(component.id);
    component.group?.delete(component);
    this.#runtime.unregister(component);
  }
}

function restored<S, C extends Component & { restore(form: S): void }>(component: C, form: S): C {
  component.restore(form);
  return component;
}

/** Groups in such an order that each comes after the one that holds it; the rest as it is. */
function parentsFirst(removed: readonly Removed[]): Removed[] {
  const groups = removed.filter(({ kind }) => kind === 'PROCESS_GROUP');
  const byId = new Map(groups.map((group) => [group.id, group]));
  const depth = (group: Removed): number => {
    const parent = byId.get(group.groupId ?? '');
    return parent ? depth(parent) + 1 : 0;
  };
  return [...groups.sort((a, b) => depth(a) - depth(b)), ...removed.filter(({ kind }) => kind !== 'PROCESS_GROUP')];
}
