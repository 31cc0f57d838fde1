import { withAssetValues } from './asset-values.ts';
import { AssetStore } from './assets.ts';
import type { BulletinBoard } from './bulletins.ts';
import type { Clock } from './clock.ts';
import type { Component, Position, RevisionClaim } from './component.ts';
import type { Connection } from './connection.ts';
import { ConfiguredComponent } from './configured-component.ts';
import type { ControllerLevelKind, ControllerLevelNode, ControllerLevelSpec } from './controller-level.ts';
import { ControllerServiceNode } from './controller-service-node.ts';
import type { ControllerSettings } from './controller-settings.ts';
import { CounterBoard } from './counter-board.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import { FlowBuilder } from './flow-builder.ts';
import { FlowLookup } from './flow-lookup.ts';
import { FlowReport } from './flow-report.ts';
import { FlowRuntime, type EngineConfig, type FlowEvent } from './flow-runtime.ts';
import type { ConnectionSpec, GroupSpec, ParameterContextSpec, PortSpec, ProcessorSpec, ServiceSpec } from './flow-specs.ts';
import { loadFlow } from './flow-storage.ts';

export type { ConnectionSpec, GroupSpec, ParameterContextSpec, PortSpec, ProcessorSpec, ServiceSpec } from './flow-specs.ts';
import { moveComponents } from './flow-moves.ts';
import { Funnel } from './funnel.ts';
import type { Label, LabelEdit } from './label.ts';
import type { ParameterContext, ParameterContextEdit } from './parameter-context.ts';
import { type ParameterImpact, impactOf } from './parameter-impact.ts';
import type { ParameterProviderNode } from './parameter-provider-node.ts';
import { applyProvided, type GroupConfiguration } from './parameter-provision.ts';
import { ParameterUpdate } from './parameter-update.ts';
import { Port, type PortKind } from './port.ts';
import type { ProcessGroup } from './process-group.ts';
import { ProcessorNode } from './processor-node.ts';
import { ProvenanceQueries } from './provenance-query.ts';
import type { ReportingTaskNode } from './reporting-task-node.ts';
import { RemovedComponents } from './removed-components.ts';
import { checkRevision, nextRevision } from './revision.ts';
import { StatusHistory } from './status-history.ts';
import { exportReportingTasks, type ImportedTasks, importReportingTasks } from './flow-definition/reporting-tasks.ts';
import type { FlowDefinition, GroupContents, ReportingTaskSnapshot } from './flow-definition/format.ts';
import { exportGroup, exportSelection, type ExportOptions } from './flow-definition/export.ts';
import { importGroup, pasteContents, type Pasted } from './flow-definition/import.ts';
import { Synchronizer } from './flow-definition/synchronize.ts';
import { VersionControlService } from './version-control/service.ts';

/**
 * The flow: everything that others do to it goes through here. What changes the flow is stored before it returns. Refusals are
 * NotFoundError, ConflictError and InvalidRequestError; StorageError where the change could not be stored.
 */
export class FlowController extends FlowLookup {
  readonly parameterContexts: ReadonlyMap<string, ParameterContext>;
  /** Controller-level services: outside of every group. */
  readonly controllerServices: ReadonlyMap<string, ControllerServiceNode>;
  readonly settings: ControllerSettings;
  readonly bulletins: BulletinBoard;
  readonly assets: AssetStore;
  readonly counters: CounterBoard;
  readonly provenance: ProvenanceQueries;
  readonly statusHistory: StatusHistory;
  readonly versions: VersionControlService;
  readonly #builder: FlowBuilder;
  readonly removed: RemovedComponents;

  private constructor(runtime: FlowRuntime) {
    const loaded = loadFlow(runtime);
    super(runtime, loaded.root);
    this.bulletins = runtime.bulletins;
    runtime.analysis.refresh(runtime.components.values());
    runtime.view = new FlowReport(loaded.root, runtime.bulletins, runtime.clock);
    this.parameterContexts = loaded.parameterContexts;
    this.controllerServices = loaded.controllerServices;
    this.settings = loaded.settings;
    this.assets = new AssetStore(runtime.config.assetDirectory);
    // Those of a context that was removed stay until now: it may be brought back.
    this.assets.keepOnly(new Set(loaded.parameterContexts.keys()));
    this.removed = new RemovedComponents(runtime, loaded);
    this.#builder = new FlowBuilder(runtime, loaded, this.assets, this.removed);
    this.counters = new CounterBoard(runtime);
    this.provenance = new ProvenanceQueries(runtime);
    this.statusHistory = new StatusHistory(runtime, loaded.root);
    this.versions = new VersionControlService(this, this.#builder);
  }

  /** Loads the flow and its queued FlowFiles; nothing runs until `start`. */
  static open(config: EngineConfig): FlowController {
    return new FlowController(new FlowRuntime(config));
  }

  /** Starts what was running or enabled when the flow was last stored, and the once-a-minute capture of the status history. */
  start(): void {
    this.runtime.running = true;
    this.statusHistory.start();
    this.versions.start();
    for (const funnel of this.all(Funnel)) funnel.resume();
    for (const node of this.all(ConfiguredComponent)) node.resume();
    for (const processor of this.all(ProcessorNode)) processor.resume();
    for (const port of this.all(Port)) port.resume();
  }

  /**
   * Ends all tasks and services and stores everything; what has not ended after `patience` milliseconds is given up, its
   * sessions rolled back. What was running stays so in the store and runs again after `start`.
   */
  async stop(patience = 3000): Promise<void> {
    this.runtime.running = false;
    this.statusHistory.stop();
    this.versions.stop();
    const processors = [...this.all(ProcessorNode)];
    const besides = [...this.runtime.controllerLevel()].filter(({ kind }) => kind !== 'CONTROLLER_SERVICE');
    const stopped = Promise.all([...processors, ...this.all(Port), ...this.all(Funnel), ...besides].map((node) => node.suspend()));
    if (!(await within(this.runtime.clock, patience, stopped))) for (const processor of processors) if (processor.isActive) processor.terminate();
    const disabled = Promise.all([...this.all(ControllerServiceNode)].map((service) => service.suspend()));
    await within(this.runtime.clock, patience / 3, disabled);
    this.runtime.journal.flush();
  }

  /** Returns what ends the subscription. */
  subscribe(listener: (event: FlowEvent) => void): () => void {
    return this.runtime.subscribe(listener);
  }

  // ---- edits

  /**
   * Edits a component: checks the revision that the edit is based on, runs it, counts the revision up, stores, tells
   * subscribers. `edit` uses the component's own methods (`configure`, `start`, `stop` ...). A stale revision is an
   * InvalidRequestError, unless the same client wrote last (NiFi).
   */
  change<N extends Component, T>(node: N, claim: RevisionClaim, edit: (node: N) => T): T {
    checkRevision(node, claim);
    return this.runtime.edit(() => {
      const before = node.toStored();
      const result = edit(node);
      node.revision = nextRevision(node.revision, claim);
      this.runtime.touch(node);
      this.runtime.tell({ type: 'edited', component: node, user: claim.user, before, after: node.toStored() });
      return result;
    });
  }

  /** Several edits as one: stored together. */
  batch<T>(edits: () => T): T {
    return this.runtime.edit(edits);
  }

  createProcessor(group: ProcessGroup, claim: RevisionClaim, spec: ProcessorSpec): ProcessorNode {
    return this.#create(claim, () => this.#builder.processor(group, spec));
  }

  /** Without a group: a controller-level service. */
  createService(group: ProcessGroup | null, claim: RevisionClaim, spec: ServiceSpec): ControllerServiceNode {
    return this.#create(claim, () => this.#builder.service(group, spec));
  }

  /** A component outside of every group: a reporting task, a parameter provider ... */
  createControllerLevel<K extends ControllerLevelKind>(kind: K, claim: RevisionClaim, spec: ControllerLevelSpec<K>): ControllerLevelNode<K> {
    return this.#create(claim, () => this.#builder.controllerLevel(kind, spec));
  }

  createConnection(group: ProcessGroup, claim: RevisionClaim, spec: ConnectionSpec): Connection {
    return this.#create(claim, () => this.#builder.connection(group, spec));
  }

  createPort(group: ProcessGroup, kind: PortKind, claim: RevisionClaim, spec: PortSpec): Port {
    return this.#create(claim, () => this.#builder.port(group, kind, spec));
  }

  createFunnel(group: ProcessGroup, claim: RevisionClaim, position?: Position): Funnel {
    return this.#create(claim, () => this.#builder.funnel(group, position));
  }

  createLabel(group: ProcessGroup, claim: RevisionClaim, spec: LabelEdit): Label {
    return this.#create(claim, () => this.#builder.label(group, spec));
  }

  createGroup(parent: ProcessGroup, claim: RevisionClaim, spec: GroupSpec): ProcessGroup {
    return this.#create(claim, () => this.#builder.group(parent, spec));
  }

  createParameterContext(claim: RevisionClaim, spec: ParameterContextSpec): ParameterContext {
    return this.#create(claim, () => this.#builder.parameterContext(spec));
  }

  #create<N extends Component>(claim: RevisionClaim, build: () => N): N {
    if (claim.version !== 0) throw new InvalidRequestError('A revision of 0 must be specified when creating a new component.');
    return this.runtime.edit(() => {
      const node = build();
      node.revision = nextRevision(node.revision, claim);
      this.runtime.tell({ type: 'created', component: node, user: claim.user, after: node.toStored() });
      return node;
    });
  }

  /** Removes a component; a group with everything in it, a source with the empty connections that lead away from it. Throws ConflictError. */
  remove(node: Component, claim: RevisionClaim): void {
    checkRevision(node, claim);
    this.runtime.edit(() => this.#builder.remove(node, claim.user));
  }

  /** Brings back what was removed since the start, under the old ids; nothing of it runs. Throws NotFoundError and ConflictError. */
  restore(ids: readonly string[], claim: RevisionClaim): Component[] {
    return this.runtime.edit(() => this.removed.restore(ids, claim));
  }

  /** Points a connection to another destination. Use inside `change`. */
  redirect(connection: Connection, destinationId: string): void {
    this.#builder.redirect(connection, destinationId);
  }

  /** Moves components of one group to another. Throws ConflictError where connections would be torn. */
  move(components: readonly Component[], target: ProcessGroup, user?: string): void {
    this.runtime.edit(() => moveComponents(this.runtime, components, target, user));
  }

  /** Starts, stops, enables or disables everything in a group. Resolves when what was to stop has stopped; what was asked is stored at once. */
  schedule(group: ProcessGroup, state: 'RUNNING' | 'STOPPED' | 'ENABLED' | 'DISABLED'): Promise<void> {
    return this.runtime.edit(() => {
      if (state === 'RUNNING') group.startAll();
      else if (state === 'STOPPED') return group.stopAll();
      else if (state === 'ENABLED') group.enableAll();
      else group.disableAll();
      return Promise.resolve();
    });
  }

  /** Enables or disables all services in a group and below. Throws ConflictError where running components use one that is to be disabled. */
  activateServices(group: ProcessGroup, state: 'ENABLED' | 'DISABLED'): Promise<void> {
    const services = [...group.tree()].flatMap((each) => [...each.services.values()]);
    if (state === 'DISABLED') for (const service of services) checkUnused(service);
    return this.runtime.edit(async () => {
      const ends = services.map((service) => (state === 'ENABLED' ? service.enable() : service.disable()));
      await Promise.all(ends);
    });
  }

  // ---- parameters

  /** Begins an update: stops what uses the changed parameters, applies, and starts it again. Throws at once where the edit cannot be. */
  updateParameterContext(context: ParameterContext, claim: RevisionClaim, edit: ParameterContextEdit): ParameterUpdate {
    checkRevision(context, claim);
    if (edit.name !== undefined) this.#builder.checkContextName(edit.name, context);
    const resolved = { ...edit, parameters: withAssetValues(this.assets, context.id, edit.parameters) };
    return new ParameterUpdate(this, [{ context, claim, edit: resolved }]).begin();
  }

  /** Begins to write what a parameter provider has fetched into contexts; see applyProvided. */
  applyProvided(provider: ParameterProviderNode, claim: RevisionClaim, groups: readonly GroupConfiguration[]): ParameterUpdate {
    checkRevision(provider, claim);
    return applyProvided(this, provider, groups, claim);
  }

  /** What an edit of a context would make valid or invalid. */
  validateParameters(context: ParameterContext, edit: ParameterContextEdit): ParameterImpact[] {
    return impactOf(this, context, edit);
  }

  /** Groups that a context is bound to. */
  boundGroups(context: ParameterContext): ProcessGroup[] {
    return [...this.root.tree()].filter(({ parameterContext }) => parameterContext === context);
  }

  // ---- flow definitions

  export(group: ProcessGroup, options?: ExportOptions): FlowDefinition {
    return exportGroup(this, group, options);
  }

  /** Puts a definition on the canvas as a new group, or throws and changes nothing. */
  import(parent: ProcessGroup, claim: RevisionClaim, definition: FlowDefinition, place: { name?: string; position?: Position } = {}): ProcessGroup {
    return this.#create(claim, () => importGroup(this, this.#builder, parent, definition, place, claim));
  }

  /** Makes a group what a definition says; what has the same identifier stays. Rejects with ConflictError, and changes nothing then. */
  replace(group: ProcessGroup, claim: RevisionClaim, definition: FlowDefinition): Promise<void> {
    return new Synchronizer(this, this.#builder, group, definition).run(claim);
  }

  exportReportingTasks(tasks: readonly ReportingTaskNode[]): ReportingTaskSnapshot {
    return exportReportingTasks(this, tasks);
  }

  /** Makes the tasks of a snapshot and the services that they use, or throws and changes nothing. */
  importReportingTasks(snapshot: ReportingTaskSnapshot, claim: RevisionClaim): ImportedTasks {
    return this.runtime.edit(() => importReportingTasks(this, this.#builder, snapshot, claim));
  }

  /** What `paste` puts elsewhere. */
  copy(group: ProcessGroup, ids: readonly string[]): GroupContents {
    return exportSelection(this, group, ids);
  }

  /** Puts copied components into a group, moved by `offset`. */
  paste(group: ProcessGroup, contents: GroupContents, offset: Position = { x: 0, y: 0 }, claim: RevisionClaim = { version: 0 }): Pasted {
    return this.runtime.edit(() => pasteContents(this, this.#builder, group, contents, offset, claim));
  }
}

/** Whether the work ends in time. */
function within(clock: Clock, millis: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(millis, () => resolve(false));
    work.then(() => resolve(true), reject).finally(cancel);
  });
}

function checkUnused(service: ControllerServiceNode): void {
  const user = service.users().find((node) => node.kind === 'PROCESSOR' && node.isActive);
  if (user) throw new ConflictError(`Cannot disable ${service.label} because it is referenced by ${user.label}, which is running. Stop it first.`);
}
