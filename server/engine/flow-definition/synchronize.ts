import type { Component, RevisionClaim } from '../component.ts';
import { Connection } from '../connection.ts';
import { ControllerServiceNode } from '../controller-service-node.ts';
import { ConflictError } from '../errors.ts';
import type { FlowBuilder } from '../flow-builder.ts';
import type { FlowController } from '../flow-controller.ts';
import { Port } from '../port.ts';
import type { ProcessGroup } from '../process-group.ts';
import { ProcessorNode } from '../processor-node.ts';
import { checkRevision, nextRevision } from '../revision.ts';
import type { FlowDefinition } from './format.ts';
import { announce, contentsOf } from './import.ts';
import { ContextImport } from './import-contexts.ts';
import { GroupImport, groupEdit } from './import-group.ts';
import { type Stoppable, SynchronizePlan } from './synchronize-plan.ts';

/** How long something may take to stop, milliseconds (NiFi's too). */
const PATIENCE = 30_000;
/** Somebody may start again what was stopped, but not for ever. */
const MOST_ROUNDS = 5;

/**
 * Makes a group what a definition says. What has the same identifier stays: its id, its state, its place on the canvas, what is
 * queued. Only what differs is stopped, changed and started again. Throws ConflictError where data would be lost or something
 * does not stop, and leaves everything as it was.
 */
export class Synchronizer {
  readonly #flow: FlowController;
  readonly #builder: FlowBuilder;
  readonly #group: ProcessGroup;
  readonly #definition: FlowDefinition;
  readonly #suspended = new Set<Stoppable>();

  constructor(flow: FlowController, builder: FlowBuilder, group: ProcessGroup, definition: FlowDefinition) {
    this.#flow = flow;
    this.#builder = builder;
    this.#group = group;
    this.#definition = definition;
  }

  /** Throws at once what is plain from the start. `and` is done in the same edit, before anything is stored. */
  run(claim: RevisionClaim, and: () => void = () => undefined): Promise<void> {
    checkRevision(this.#group, claim);
    this.#plan().check();
    return this.#run(claim, and);
  }

  #plan(): SynchronizePlan {
    return new SynchronizePlan(this.#flow, this.#group, contentsOf(this.#definition));
  }

  async #run(claim: RevisionClaim, and: () => void): Promise<void> {
    const wasActive = [...this.#group.tree()].some((group) => [...group.processors.values()].some(({ isActive }) => isActive));
    let made: readonly Component[] = [];
    try {
      const plan = await this.#rest();
      this.#flow.change(this.#group, claim, () => {
        made = this.#apply(plan, claim, wasActive);
        and();
      });
    } finally {
      this.#resume();
    }
    if (wasActive) this.#flow.batch(() => start(made));
  }

  /** Stops what has to rest, until nothing of it runs. */
  async #rest(): Promise<SynchronizePlan> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const plan = this.#plan();
      plan.check();
      const active = plan.toStop().filter(({ isActive }) => isActive);
      if (active.length === 0) return plan;
      const [services, others] = [active.filter((node) => node instanceof ControllerServiceNode), active.filter((node) => !(node instanceof ControllerServiceNode))];
      await this.#suspend(others);
      await this.#suspend(services);
    }
    throw new ConflictError(`Cannot change ${this.#group.name}: what has to stop for it is started again and again. Stop the group first.`);
  }

  async #suspend(nodes: readonly Stoppable[]): Promise<void> {
    if (nodes.length === 0) return;
    for (const node of nodes) this.#suspended.add(node);
    const { clock } = this.#flow.runtime;
    let cancel = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = clock.after(PATIENCE, () => {
        const slow = nodes.find(({ isActive }) => isActive) ?? nodes[0]!;
        reject(new ConflictError(`Cannot change ${this.#group.name}: ${slow.label} did not stop within 30 seconds. Stop it and terminate its threads first.`));
      });
    });
    await Promise.race([Promise.all(nodes.map((node) => node.suspend())), late]).finally(cancel);
  }

  #resume(): void {
    const here = [...this.#suspended].filter((node) => this.#flow.find(node.id) === node);
    for (const node of here) if (node instanceof ControllerServiceNode) node.resume();
    for (const node of here) if (!(node instanceof ControllerServiceNode)) node.resume();
  }

  #apply(plan: SynchronizePlan, claim: RevisionClaim, active: boolean): readonly Component[] {
    const contents = contentsOf(this.#definition);
    const contexts = new ContextImport(this.#flow, this.#builder, this.#definition);
    const { kept, differences } = plan;
    const importing = new GroupImport(this.#flow, this.#builder, this.#definition, { contexts, kept, differences, dormant: !active });
    try {
      this.#remove(plan, importing);
      importing.log.remember(this.#group);
      const edit = groupEdit(contents, contexts);
      this.#group.configure({ ...edit, parameterContext: edit.parameterContext ?? null });
      importing.fill(this.#group, contents);
    } catch (thrown) {
      importing.undo();
      contexts.undo();
      throw thrown;
    }
    this.#tell(plan, importing, contexts, claim);
    return importing.made;
  }

  /** Connections first, groups last. */
  #remove({ removed }: SynchronizePlan, { log }: GroupImport): void {
    const rank = (component: Component): number => (component instanceof Connection ? 0 : component.kind === 'PROCESS_GROUP' ? 2 : 1);
    for (const component of removed.toSorted((a, b) => rank(a) - rank(b))) {
      this.#builder.take(component);
      log.push(() => this.#builder.putBack(component));
    }
  }

  #tell({ removed }: SynchronizePlan, importing: GroupImport, contexts: ContextImport, claim: RevisionClaim): void {
    const { runtime } = this.#flow;
    announce(this.#flow, [...contexts.created, ...importing.made], claim);
    for (const component of removed) runtime.tell({ type: 'removed', component, user: claim.user, before: component.toStored() });
    for (const [component, before] of importing.log.changed) {
      if (component === this.#group) continue;
      component.revision = nextRevision(component.revision, claim);
      runtime.touch(component);
      runtime.tell({ type: 'edited', component, user: claim.user, before, after: component.toStored() });
    }
    for (const group of this.#group.tree()) group.forgetValidation();
  }
}

/** New components of a group that runs run too (NiFi). */
function start(made: readonly Component[]): void {
  for (const node of made) if (node instanceof ProcessorNode && node.state !== 'DISABLED') node.start();
  for (const node of made) if (node instanceof Port && node.state !== 'DISABLED' && node.isValid) node.start();
}
