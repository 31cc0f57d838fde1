import type { FlowLocation, FlowRegistry, StoredFlow } from '../../extension/flow-registry.ts';
import type { Position, RevisionClaim } from '../component.ts';
import { ConflictError, InvalidRequestError } from '../errors.ts';
import type { FlowBuilder } from '../flow-builder.ts';
import type { FlowController } from '../flow-controller.ts';
import { compareFlows, type FlowDifference } from '../flow-definition/compare.ts';
import type { FlowDefinition } from '../flow-definition/format.ts';
import { contentsOf } from '../flow-definition/import.ts';
import { Synchronizer } from '../flow-definition/synchronize.ts';
import type { FlowRegistryClientNode } from '../flow-registry-client-node.ts';
import type { ProcessGroup } from '../process-group.ts';
import { checkRevision } from '../revision.ts';
import { localChanges } from './local-changes.ts';
import { attachNested, withNested, withPresentNested } from './nested.ts';
import { RegistryWatch } from './registry-watch.ts';
import { registrySnapshot, storeSnapshot } from './snapshots.ts';
import { type StoredVersionControl, VersionControl, type VersionedFlowState } from './version-control.ts';
import { coordinatesOf, flowIdFor, type SaveAsVersion, type WantedVersion } from './wanted-version.ts';

/** Throws where whoever asks may not bring what a version holds. */
export type Approve = (definition: FlowDefinition) => void;

/** Groups under version control. Refusals are as in FlowController, and RegistryError where the registry refuses. */
export class VersionControlService {
  readonly #flow: FlowController;
  readonly #builder: FlowBuilder;
  readonly #watch: RegistryWatch;
  /** Groups that are being saved or changed: a second request has to wait. */
  readonly #busy = new Set<ProcessGroup>();

  constructor(flow: FlowController, builder: FlowBuilder) {
    this.#flow = flow;
    this.#builder = builder;
    this.#watch = new RegistryWatch(flow);
  }

  /** Asks the registries for newer versions now and once a minute. */
  start(): void {
    this.#watch.start();
  }

  stop(): void {
    this.#watch.stop();
  }

  /** Asks the registry of a group now. Never rejects: what is wrong becomes the group's state. */
  refresh(group: ProcessGroup): Promise<void> {
    return this.#watch.look([group]);
  }

  /** Throws ConflictError where the group is not under version control. */
  of(group: ProcessGroup): VersionControl {
    if (group.versionControl) return group.versionControl;
    throw new ConflictError(`Process group ${group.label} is not under version control. Save it to a registry first.`);
  }

  /** How the group differs from the version that it follows; nothing where it follows none, or what it holds is not known. */
  modifications(group: ProcessGroup): readonly FlowDifference[] {
    const control = group.versionControl;
    if (!control?.snapshot) return [];
    const at = this.#flow.runtime.edits;
    if (control.modifications?.at !== at) control.modifications = { at, found: localChanges(this.#flow, group, control.snapshot) };
    return control.modifications.found;
  }

  /** NiFi's state of the group, and why; undefined where it follows no version. */
  state(group: ProcessGroup): { readonly state: VersionedFlowState; readonly explanation: string } | undefined {
    const control = group.versionControl;
    if (!control) return undefined;
    if (control.failure !== undefined) return { state: 'SYNC_FAILURE', explanation: control.failure };
    const modified = this.modifications(group).length > 0;
    if (control.isStale && modified) return { state: 'LOCALLY_MODIFIED_AND_STALE', explanation: 'Local changes have been made and a newer version of this flow is available' };
    if (control.isStale) return { state: 'STALE', explanation: 'A newer version of this flow is available' };
    if (modified) return { state: 'LOCALLY_MODIFIED', explanation: 'Local changes have been made' };
    return { state: 'UP_TO_DATE', explanation: 'Flow version is current' };
  }

  /** Saves a group as the next version of a flow, the first where the flow is new. The group follows it from then on. */
  async save(group: ProcessGroup, claim: RevisionClaim, wanted: SaveAsVersion): Promise<void> {
    checkRevision(group, claim);
    if (!group.group) throw new InvalidRequestError('The root group cannot be put under version control. Put a group inside it there.');
    const client = this.#flow.controllerLevel('FLOW_REGISTRY_CLIENT', wanted.registryId);
    this.#checkSameFlow(group, wanted);
    this.#checkNested(group, 'saved');
    // What is saved is what the revision stands for, whatever is edited while the registry is opened.
    const snapshot = registrySnapshot(this.#flow, group);
    await this.#alone(group, () => client.use((registry) => this.#save(group, claim, wanted, snapshot, client, registry)));
  }

  async #save(
    group: ProcessGroup,
    claim: RevisionClaim,
    wanted: SaveAsVersion,
    { definition, components }: ReturnType<typeof registrySnapshot>,
    client: FlowRegistryClientNode,
    registry: FlowRegistry,
  ): Promise<void> {
    const flowId = group.versionControl?.coordinates.flowId ?? wanted.flowId ?? flowIdFor(wanted.flowName ?? group.name);
    const location: FlowLocation = { branch: group.versionControl?.coordinates.branch ?? wanted.branch ?? registry.defaultBranch, bucket: wanted.bucketId, flow: flowId };
    const flowName = wanted.flowName ?? group.versionControl?.stored.flowName ?? group.name;
    const { version } = await registry.save({
      location,
      name: flowName,
      description: wanted.description,
      definition: definition as unknown as Readonly<Record<string, unknown>>,
      comments: wanted.comments,
      author: claim.user ?? 'anonymous',
      follows: group.versionControl?.version,
      force: wanted.force,
    });
    const coordinates = { ...coordinatesOf(client, registry, location), version };
    const stored = { coordinates, bucketName: wanted.bucketId, flowName, flowDescription: wanted.description ?? group.versionControl?.stored.flowDescription };
    this.#edit(group, claim, () => {
      // Whoever reads the version back has to find the same components.
      for (const [identifier, component] of components) {
        if (component === group || component.versionedId === identifier || this.#flow.find(component.id) !== component) continue;
        component.versionedId = identifier;
        this.#flow.runtime.touch(component);
      }
      this.#follow(group, stored, definition, version);
    });
  }

  /** NiFi's rule: a group under version control can only become the next version of its own flow. */
  #checkSameFlow(group: ProcessGroup, { registryId, bucketId, flowId, branch }: SaveAsVersion): void {
    const known = group.versionControl?.coordinates;
    if (!known) return;
    const same = registryId === known.registryId && bucketId === known.bucketId && (flowId ?? known.flowId) === known.flowId && (branch ?? known.branch) === known.branch;
    if (!same) throw new ConflictError(`Process group ${group.label} follows the flow ${known.flowId} in the bucket ${known.bucketId} already. Stop its version control first.`);
  }

  #checkNested(group: ProcessGroup, done: string): void {
    for (const each of group.tree()) {
      if (each !== group && this.modifications(each).length > 0) {
        throw new ConflictError(`Process group ${group.label} cannot be ${done} because the group ${each.name} in it has local changes of its own. Save or revert those first.`);
      }
    }
  }

  /** Puts a version on the canvas as a new group that follows it. */
  async import(
    parent: ProcessGroup,
    claim: RevisionClaim,
    wanted: WantedVersion,
    place: { name?: string; position?: Position },
    approve: Approve = () => undefined,
  ): Promise<ProcessGroup> {
    const client = this.#flow.controllerLevel('FLOW_REGISTRY_CLIENT', wanted.registryId);
    return client.use(async (registry) => {
      const { stored, definition, control } = await this.#read(client, registry, wanted);
      approve(definition);
      if (this.#flow.find(parent.id) !== parent) throw new ConflictError(`The group ${parent.name} was removed while the flow was read.`);
      const name = place.name ?? definition.flowContents.name ?? stored.flow.name;
      return this.#flow.batch(() => {
        const group = this.#flow.import(parent, claim, definition, { ...place, name });
        this.#follow(group, control, definition, stored.isLatest ? stored.version : undefined);
        attachNested(this.#flow, group, definition, client);
        return group;
      });
    });
  }

  /** How one version of a flow became another, perhaps of another flow. */
  difference(registryId: string, [before, after]: readonly [Omit<WantedVersion, 'registryId'>, Omit<WantedVersion, 'registryId'>]): Promise<FlowDifference[]> {
    const client = this.#flow.controllerLevel('FLOW_REGISTRY_CLIENT', registryId);
    return client.use(async (registry) => {
      const [from, to] = [await this.#read(client, registry, before), await this.#read(client, registry, after)];
      return compareFlows(from.definition.flowContents, to.definition.flowContents);
    });
  }

  async #read(
    client: FlowRegistryClientNode,
    registry: FlowRegistry,
    wanted: Omit<WantedVersion, 'registryId'>,
  ): Promise<{ stored: StoredFlow; definition: FlowDefinition; control: StoredVersionControl }> {
    const location: FlowLocation = { branch: wanted.branch ?? registry.defaultBranch, bucket: wanted.bucketId, flow: wanted.flowId };
    const stored = await registry.read(location, wanted.version);
    const given = stored.definition as unknown as FlowDefinition;
    contentsOf(given);
    const definition = await withNested(given, registry);
    const coordinates = { ...coordinatesOf(client, registry, location), version: stored.version };
    return { stored, definition, control: { coordinates, bucketName: wanted.bucketId, flowName: stored.flow.name, flowDescription: stored.flow.description } };
  }

  /** Makes a group what another version holds. Throws ConflictError at once where it has local changes. */
  changeVersion(group: ProcessGroup, claim: RevisionClaim, wanted: WantedVersion, approve: Approve = () => undefined): Promise<void> {
    checkRevision(group, claim);
    const { coordinates } = this.of(group);
    if (coordinates.registryId !== wanted.registryId || coordinates.bucketId !== wanted.bucketId || coordinates.flowId !== wanted.flowId) {
      throw new ConflictError(
        `Process group ${group.label} follows the flow ${coordinates.flowId} in the bucket ${coordinates.bucketId}, not ${wanted.flowId} in ${wanted.bucketId}.`,
      );
    }
    if (this.modifications(group).length > 0)
      throw new ConflictError(`The version of process group ${group.label} cannot be changed because it has local changes. Save or revert them first.`);
    this.#checkNested(group, 'changed');
    return this.#alone(group, () => this.#switch(group, claim, { ...wanted, branch: wanted.branch ?? coordinates.branch }, approve));
  }

  /** Makes a group what its version holds. */
  revert(group: ProcessGroup, claim: RevisionClaim, approve: Approve = () => undefined): Promise<void> {
    checkRevision(group, claim);
    const { coordinates } = this.of(group);
    return this.#alone(group, () => this.#switch(group, claim, coordinates, approve));
  }

  async #switch(group: ProcessGroup, claim: RevisionClaim, wanted: WantedVersion, approve: Approve): Promise<void> {
    const known = this.of(group);
    const client = this.#flow.controllerLevel('FLOW_REGISTRY_CLIENT', wanted.registryId);
    const same = wanted.version === known.version && wanted.branch === known.coordinates.branch;
    // A version never changes: what is known of it need not be read again, and a registry that is away does not matter.
    const read = same && known.snapshot ? undefined : await client.use((registry) => this.#read(client, registry, wanted));
    const definition = read?.definition ?? known.snapshot!;
    approve(definition);
    const latest = read?.stored.isLatest ? read.stored.version : (known.latest ?? known.version);
    await this.#become(group, claim, definition, client, () => {
      this.#follow(group, read?.control ?? known.stored, definition, latest);
      if (!read) group.versionControl!.failure = known.failure;
    });
  }

  /** As `changeVersion`, from contents that were read elsewhere (NiFi's cluster does so). */
  async replace(group: ProcessGroup, claim: RevisionClaim, wanted: WantedVersion, definition: FlowDefinition): Promise<void> {
    const known = this.of(group);
    const client = this.#flow.controllerLevel('FLOW_REGISTRY_CLIENT', wanted.registryId);
    const { branch = known.coordinates.branch, ...rest } = wanted;
    const stored = { ...known.stored, coordinates: { ...known.coordinates, ...rest, branch } };
    await this.#alone(group, () => this.#become(group, claim, definition, client, () => this.#follow(group, stored, definition, known.latest)));
  }

  async #become(group: ProcessGroup, claim: RevisionClaim, definition: FlowDefinition, client: FlowRegistryClientNode, then: () => void): Promise<void> {
    const target = { ...definition, flowContents: withPresentNested(this.#flow, group, contentsOf(definition)) };
    await new Synchronizer(this.#flow, this.#builder, group, target).run(claim, () => {
      then();
      attachNested(this.#flow, group, definition, client);
    });
  }

  /** Says which version a group follows and which identifiers its components have there, as one that knows better found them (NiFi's clusters). */
  assign(group: ProcessGroup, claim: RevisionClaim, wanted: WantedVersion & { flowName?: string }, identifiers: Readonly<Record<string, string>>): void {
    const client = this.#flow.controllerLevel('FLOW_REGISTRY_CLIENT', wanted.registryId);
    const { branch, bucketId, flowId, version, flowName } = wanted;
    const known = group.versionControl;
    const snapshot = known?.version === version && known.coordinates.flowId === flowId ? known.snapshot : undefined;
    this.#flow.change(group, claim, () => {
      for (const component of [group, ...group.descendants()]) {
        component.versionedId = identifiers[component.id] ?? component.versionedId;
        this.#flow.runtime.touch(component);
      }
      const coordinates = { registryId: client.id, storageLocation: known?.coordinates.storageLocation, branch, bucketId, flowId, version };
      this.#follow(group, { coordinates, bucketName: bucketId, flowName: flowName ?? flowId }, snapshot, known?.latest);
    });
  }

  /** What the version of a group holds, without what only counts here. Throws ConflictError where it is not known. */
  snapshot(group: ProcessGroup): FlowDefinition {
    const { snapshot, failure } = this.of(group);
    if (!snapshot) throw new ConflictError(`What the version of ${group.label} holds is not known: ${failure ?? 'it is being read from the registry. Try again.'}`);
    const plain = (key: string, value: unknown): unknown => (key === 'versionedFlowCoordinates' ? undefined : value);
    return JSON.parse(JSON.stringify(snapshot), plain) as FlowDefinition;
  }

  /** The group follows no version any more; what is in it stays. */
  disconnect(group: ProcessGroup, claim: RevisionClaim): void {
    this.of(group);
    this.#flow.change(group, claim, () => {
      group.versionControl = undefined;
      storeSnapshot(this.#flow.runtime, group);
    });
  }

  #follow(group: ProcessGroup, stored: StoredVersionControl, snapshot: FlowDefinition | undefined, latest: string | undefined): void {
    group.versionControl = new VersionControl(stored, snapshot);
    group.versionControl.latest = latest;
    this.#flow.runtime.touch(group);
    storeSnapshot(this.#flow.runtime, group);
  }

  /** What was committed cannot be taken back: whatever happened to the group meanwhile, it follows the commit. */
  #edit(group: ProcessGroup, claim: RevisionClaim, edit: () => void): void {
    if (this.#flow.find(group.id) !== group) throw new ConflictError(`The group ${group.name} was removed while it was saved. The version is in the registry.`);
    this.#flow.change(group, { ...claim, version: group.revision.version }, edit);
  }

  async #alone<T>(group: ProcessGroup, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(group)) throw new ConflictError(`Process group ${group.label} is being saved or changed at the moment. Wait until that is done.`);
    this.#busy.add(group);
    try {
      return await work();
    } finally {
      this.#busy.delete(group);
    }
  }
}
