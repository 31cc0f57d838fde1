import { randomUUID } from 'node:crypto';
import { messageOf } from '../extension/errors.ts';
import type { Component, ComponentKind, StoredBase } from './component.ts';
import type { Bundle } from './component-types.ts';
import { Connectable } from './connectable.ts';
import { Connection, type StoredConnection } from './connection.ts';
import type { StoredConfigured } from './configured-component.ts';
import { CONTROLLER_LEVEL, CONTROLLER_LEVEL_KINDS, controllerLevelNode } from './controller-level.ts';
import { ControllerSettings, type StoredSettings } from './controller-settings.ts';
import { ControllerServiceNode, type StoredService } from './controller-service-node.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import { Funnel } from './funnel.ts';
import { Label } from './label.ts';
import { nameUuid } from './name-uuid.ts';
import { ParameterContext, type StoredParameterContext } from './parameter-context.ts';
import { Port, type PortKind, type StoredPort } from './port.ts';
import { ProcessGroup, type StoredGroup } from './process-group.ts';
import { ProcessorNode, type StoredProcessor } from './processor-node.ts';
import type { FlowFileQueue } from './queue.ts';
import { restoreFlowFiles } from './recovery.ts';
import { refreshRunScopes, SYNC_KIND } from './run-scopes.ts';
import type { StoredComponent } from './repositories.ts';
import { restoreSnapshots, SNAPSHOT_KIND } from './version-control/snapshots.ts';

/** The flow's trunk: what every part of the flow hangs on. */
export interface LoadedFlow {
  readonly root: ProcessGroup;
  readonly settings: ControllerSettings;
  readonly parameterContexts: Map<string, ParameterContext>;
  readonly controllerServices: Map<string, ControllerServiceNode>;
}

/** Builds the flow as it is stored, queued FlowFiles included; an empty store gets a root group. */
export function loadFlow(runtime: FlowRuntime): LoadedFlow {
  return runtime.edit(() => {
    const loader = new FlowLoader(runtime);
    loader.load();
    loadFlowFiles(runtime);
    refreshRunScopes(runtime);
    runtime.journal.runs.endInterrupted();
    return loader.flow;
  });
}

class FlowLoader {
  flow!: LoadedFlow;
  readonly #runtime: FlowRuntime;
  readonly #stored = new Map<string, StoredComponent[]>();

  constructor(runtime: FlowRuntime) {
    this.#runtime = runtime;
    for (const stored of runtime.config.store.components()) {
      const same = this.#stored.get(stored.kind);
      if (same) same.push(stored);
      else this.#stored.set(stored.kind, [stored]);
    }
  }

  load(): void {
    const parameterContexts = this.#loadParameterContexts();
    const root = this.#loadGroups(parameterContexts);
    const controllerServices = new Map<string, ControllerServiceNode>();
    this.flow = { root, settings: this.#loadSettings(root), parameterContexts, controllerServices };
    this.#loadMembers(
      'CONTROLLER_SERVICE',
      (id, group, stored: StoredService & { bundle: Bundle }) => new ControllerServiceNode(this.#runtime, id, group, stored.type, stored.bundle),
    );
    for (const kind of CONTROLLER_LEVEL_KINDS) {
      this.#loadMembers(kind, (id, _group, stored: StoredConfigured) => controllerLevelNode(this.#runtime, kind, id, stored.type, stored.bundle));
    }
    this.#loadMembers('PROCESSOR', (id, group, stored: StoredProcessor) => new ProcessorNode(this.#runtime, id, group!, stored.type, stored.bundle));
    for (const kind of ['INPUT_PORT', 'OUTPUT_PORT'] as PortKind[]) {
      this.#loadMembers(kind, (id, group, stored: StoredPort) => new Port(this.#runtime, id, group!, kind, stored.name));
    }
    this.#loadMembers('FUNNEL', (id, group) => new Funnel(this.#runtime, id, group!));
    this.#loadMembers('LABEL', (id, group) => new Label(this.#runtime, id, group!));
    this.#loadMembers('CONNECTION', (id, group, stored: StoredConnection) => this.#connection(id, group!, stored));
    for (const component of this.#runtime.components.values()) if (component instanceof Connection) component.attach();
    for (const { parentId } of this.#stored.get(SYNC_KIND) ?? []) if (parentId !== null) this.#runtime.journal.runs.tracked.add(parentId);
    restoreSnapshots(this.#runtime, this.#stored.get(SNAPSHOT_KIND) ?? []);
  }

  #of(kind: ComponentKind): StoredComponent[] {
    return this.#stored.get(kind) ?? [];
  }

  #loadParameterContexts(): Map<string, ParameterContext> {
    const contexts = new Map<string, ParameterContext>();
    for (const { id } of this.#of('PARAMETER_CONTEXT')) contexts.set(id, new ParameterContext(this.#runtime, id, id));
    for (const stored of this.#of('PARAMETER_CONTEXT')) {
      const context = contexts.get(stored.id)!;
      const form = read<StoredParameterContext>(stored);
      const inherited = form.inherited.map((id) => contexts.get(id)).filter((each) => each !== undefined);
      this.#restore(context, () => context.restore(form, inherited));
      this.#runtime.components.set(context.id, context);
    }
    return contexts;
  }

  #loadGroups(contexts: ReadonlyMap<string, ParameterContext>): ProcessGroup {
    const children = new Map<string | null, StoredComponent[]>();
    for (const stored of this.#of('PROCESS_GROUP')) children.set(stored.parentId, [...(children.get(stored.parentId) ?? []), stored]);
    const grow = (stored: StoredComponent, parent: ProcessGroup | null): ProcessGroup => {
      const form = read<StoredGroup>(stored);
      const group = new ProcessGroup(this.#runtime, stored.id, parent, form.name);
      group.restore(form, contexts.get(form.parameterContext ?? ''));
      this.#runtime.components.set(group.id, group);
      parent?.add(group);
      for (const child of children.get(group.id) ?? []) grow(child, group);
      return group;
    };
    const root = children.get(null)?.[0];
    if (root) return grow(root, null);
    const group = new ProcessGroup(this.#runtime, randomUUID(), null, 'NiFi Flow');
    this.#runtime.register(group);
    return group;
  }

  /** Settings that nobody has changed are not stored: their id follows from that of the root group. */
  #loadSettings(root: ProcessGroup): ControllerSettings {
    const [stored] = this.#of('CONTROLLER');
    const settings = new ControllerSettings(this.#runtime, stored?.id ?? nameUuid(root.id));
    if (stored) this.#restore(settings, () => settings.restore(read<StoredSettings>(stored)));
    this.#runtime.components.set(settings.id, settings);
    return settings;
  }

  #loadMembers<S extends StoredBase>(kind: ComponentKind, make: (id: string, group: ProcessGroup | null, form: S) => (Component & { restore(form: S): void }) | undefined): void {
    for (const stored of this.#of(kind)) {
      const group = stored.parentId === null ? null : this.#runtime.components.get(stored.parentId);
      const form = read<S>(stored);
      const lost = group === undefined || (group === null && kind !== 'CONTROLLER_SERVICE' && !Object.hasOwn(CONTROLLER_LEVEL, kind));
      const member = lost ? undefined : make(stored.id, group as ProcessGroup | null, form);
      if (!member) {
        this.#dropOrphan(stored, form);
        continue;
      }
      this.#restore(member, () => member.restore(form));
      this.#runtime.components.set(member.id, member);
      if (member.group) member.group.add(member);
      else if (member instanceof ControllerServiceNode) this.flow.controllerServices.set(member.id, member);
    }
  }

  #connection(id: string, group: ProcessGroup, { source, destination }: StoredConnection): Connection | undefined {
    const [from, to] = [source, destination].map((end) => this.#runtime.components.get(end));
    return from instanceof Connectable && to instanceof Connectable ? new Connection(this.#runtime, id, group, from, to) : undefined;
  }

  #restore(component: Component, restore: () => void): void {
    try {
      restore();
    } catch (thrown) {
      throw new Error(`Cannot load ${component.kind} ${component.name} (${component.id}): ${messageOf(thrown)}`, { cause: thrown });
    }
  }

  #dropOrphan({ id, kind }: StoredComponent, { name }: StoredBase): void {
    this.#runtime.log({ level: 'warn', time: this.#runtime.clock.now(), message: `${kind} ${name} (${id}) belongs to something that is no longer there; it is removed.` });
    this.#runtime.journal.removeComponent(id);
  }
}

function read<S>({ id, kind, json }: StoredComponent): S {
  try {
    return JSON.parse(json) as S;
  } catch (thrown) {
    throw new Error(`What is stored of ${kind} ${id} cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
}

/** Fills the queues, and says what could not be put back. */
function loadFlowFiles(runtime: FlowRuntime): void {
  const queues = new Map<number, FlowFileQueue>();
  for (const component of runtime.components.values()) if (component instanceof Connection) queues.set(component.queue.key, component.queue);
  const { orphans, withoutContent } = restoreFlowFiles(runtime.config.store, runtime.journal, queues);
  const warn = (message: string): void => runtime.log({ level: 'warn', time: runtime.clock.now(), message });
  if (orphans > 0) warn(`${orphans} FlowFiles were queued in connections that are no longer there; they stay in the database and are left out.`);
  if (withoutContent > 0)
    warn(`The content of ${withoutContent} queued FlowFiles is missing from the data directory. Restore its content folder from a backup, or drop these FlowFiles.`);
}
