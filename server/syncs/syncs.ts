import type { RevisionClaim } from '../engine/component.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../engine/errors.ts';
import type { FlowController } from '../engine/flow-controller.ts';
import type { FlowDefinition } from '../engine/flow-definition/format.ts';
import { nameUuid } from '../engine/name-uuid.ts';
import { ProcessGroup } from '../engine/process-group.ts';
import { refreshRunScopes, SYNC_KIND } from '../engine/run-scopes.ts';
import { checkRevision, nextRevision } from '../engine/revision.ts';
import type { Catalogue, Connector } from './catalogue.ts';
import { preparedDefinition } from './prepared-definition.ts';
import { Sync } from './sync.ts';
import { SyncTests } from './testing.ts';
import type { SyncRecord } from './sync-record.ts';

/** What a sync is made from. */
export interface SyncSpec {
  readonly connector: string;
  readonly name: string;
  readonly parent: ProcessGroup;
  /** Connection id to the id of a parameter context that has its credentials already. */
  readonly shared?: Readonly<Record<string, string>>;
}

/** A definition that is ready to be put on the canvas, and what it will be. */
export interface PreparedSync {
  readonly connector: Connector;
  readonly definition: FlowDefinition;
  readonly spec: SyncSpec;
}

const recordId = (groupId: string): string => nameUuid(`sync of ${groupId}`);

/**
 * The syncs of a flow. A sync is stored with its group and goes with it: who removes the group on the canvas removes the sync, and who
 * brings the group back brings back the sync.
 */
export class Syncs {
  readonly flow: FlowController;
  readonly catalogue: Catalogue;
  readonly tests = new SyncTests(this);
  readonly #syncs = new Map<string, Sync>();
  /** Of groups that were removed since the start. */
  readonly #removed = new Map<string, { connector: Connector; record: SyncRecord }>();

  private constructor(flow: FlowController, catalogue: Catalogue) {
    this.flow = flow;
    this.catalogue = catalogue;
    flow.subscribe(({ type, component }) => {
      if (!(component instanceof ProcessGroup)) return;
      if (type === 'removed') this.#groupRemoved(component);
      else if (type === 'created') this.#groupCreated(component);
    });
  }

  /** The syncs that are stored. One whose connector does not come with this server any more stays stored, as a group. */
  static async open(flow: FlowController, catalogue: Catalogue): Promise<Syncs> {
    const syncs = new Syncs(flow, catalogue);
    const { store } = flow.runtime.config;
    for (const { kind, parentId, json } of store.components()) {
      const group = kind === SYNC_KIND ? flow.find(parentId ?? '') : undefined;
      if (!(group instanceof ProcessGroup)) continue;
      const record = JSON.parse(json) as SyncRecord;
      const connector = await catalogue.find(record.connector);
      if (!connector?.description) continue;
      syncs.#syncs.set(group.id, new Sync(group, connector, record));
      flow.runtime.timeZones.set(group.id, record.timeZone);
    }
    return syncs;
  }

  all(): Sync[] {
    return [...this.#syncs.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(id: string): Sync | undefined {
    return this.#syncs.get(id);
  }

  /** Throws NotFoundError. */
  get(id: string): Sync {
    const sync = this.#syncs.get(id);
    if (!sync) throw new NotFoundError(`Unable to find a sync with id '${id}'. It may have been removed on the canvas.`);
    return sync;
  }

  /** What `create` will put on the canvas, so that it can be checked whether that is allowed. Throws NotFoundError and InvalidRequestError. */
  async prepare(spec: SyncSpec): Promise<PreparedSync> {
    const connector = await this.catalogue.find(spec.connector);
    if (!connector) throw new NotFoundError(`Unable to find a connector named '${spec.connector}'. GET /api/connectors lists those that there are.`);
    if (!connector.description) throw new ConflictError(`The connector ${spec.connector} has no description of a sync: it can only be put on the canvas.`);
    if (spec.name.trim() === '') throw new InvalidRequestError('A sync needs a name.');
    const contexts = [...this.flow.parameterContexts.values()];
    const shared = new Map(Object.entries(spec.shared ?? {}).map(([connection, id]) => [connection, this.flow.parameterContext(id).name]));
    for (const id of shared.keys())
      if (!connector.description.connections.some((each) => each.id === id)) throw new InvalidRequestError(`The connector ${spec.connector} has no connection '${id}'.`);
    const naming = { name: spec.name.trim(), taken: new Set(contexts.map(({ name }) => name)), shared };
    return { connector, definition: preparedDefinition(connector.definition, connector.description.connections, naming), spec };
  }

  /** Puts the sync on the canvas, as a draft: nothing of it runs. */
  create({ connector, definition, spec }: PreparedSync, claim: RevisionClaim, timeZone: string): Sync {
    return this.flow.batch(() => {
      const group = this.flow.import(spec.parent, claim, definition, { name: spec.name.trim(), position: this.#freePlace(spec.parent) });
      const record: SyncRecord = {
        connector: connector.name,
        created: this.flow.runtime.clock.now(),
        createdBy: claim.user ?? 'anonymous',
        active: false,
        revision: nextRevision({ version: 0 }, claim),
        timeZone,
        emails: [],
        webhook: null,
        runLog: null,
        test: null,
      };
      const sync = new Sync(group, connector, record);
      this.#add(sync);
      this.#store(sync);
      return sync;
    });
  }

  /** Changes what the sync has beyond its group, on the revision that the change is based on; stored before it returns. */
  change(sync: Sync, claim: RevisionClaim, edit: Partial<Omit<SyncRecord, 'revision'>>): void {
    checkRevision({ id: sync.id, revision: sync.record.revision }, claim);
    this.amend(sync, { ...edit, revision: nextRevision(sync.record.revision, claim) });
  }

  /** Notes something of a sync that nobody edits, such as what a test came to. */
  amend(sync: Sync, edit: Partial<SyncRecord>): void {
    sync.record = { ...sync.record, ...edit };
    this.flow.runtime.timeZones.set(sync.id, sync.record.timeZone);
    this.#store(sync);
    this.flow.runtime.journal.flush();
  }

  /** The group stays on the canvas, and is no sync any more. */
  forget(sync: Sync): void {
    const { runtime } = this.flow;
    this.#syncs.delete(sync.id);
    runtime.journal.runs.tracked.delete(sync.id);
    runtime.timeZones.forget(sync.id);
    refreshRunScopes(runtime);
    runtime.journal.removeComponent(recordId(sync.id));
    runtime.journal.flush();
  }

  #store(sync: Sync): void {
    this.flow.runtime.journal.saveComponent({ id: recordId(sync.id), kind: SYNC_KIND, parentId: sync.id, json: JSON.stringify(sync.record) });
  }

  #groupRemoved(group: ProcessGroup): void {
    const sync = this.#syncs.get(group.id);
    if (!sync) return;
    this.#syncs.delete(group.id);
    this.flow.runtime.journal.runs.tracked.delete(group.id);
    this.#removed.set(group.id, { connector: sync.connector, record: sync.record });
    this.flow.runtime.journal.removeComponent(recordId(group.id));
    this.flow.runtime.journal.committed();
  }

  /** The group may have been brought back. */
  #groupCreated(group: ProcessGroup): void {
    const removed = this.#removed.get(group.id);
    if (!removed) return;
    this.#removed.delete(group.id);
    const sync = new Sync(group, removed.connector, removed.record);
    this.#add(sync);
    this.amend(sync, {});
  }

  #add(sync: Sync): void {
    const { runtime } = this.flow;
    this.#syncs.set(sync.id, sync);
    runtime.journal.runs.tracked.add(sync.id);
    runtime.timeZones.set(sync.id, sync.record.timeZone);
    refreshRunScopes(runtime);
  }

  /** Below everything that is in the group. */
  #freePlace(parent: ProcessGroup): { x: number; y: number } {
    const bottoms = [...parent.members()].filter(({ kind }) => kind !== 'CONNECTION').map(({ position: { y } }) => y + 220);
    return { x: 100, y: Math.max(100, ...bottoms) };
  }
}
