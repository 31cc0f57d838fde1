import { randomUUID } from 'node:crypto';
import { messageOf } from '../extension/errors.ts';
import type { RevisionClaim } from './component.ts';
import type { ControllerServiceNode } from './controller-service-node.ts';
import { ConflictError } from './errors.ts';
import type { FlowController } from './flow-controller.ts';
import type { ParameterContext, ParameterContextEdit } from './parameter-context.ts';
import { affectedBy } from './parameter-impact.ts';
import type { ProcessorNode } from './processor-node.ts';
import { checkRevision, nextRevision } from './revision.ts';

/** One step of an update, with NiFi's description. */
export interface UpdateStep {
  readonly description: string;
  readonly complete: boolean;
  readonly failureReason: string | undefined;
}

/** A context and what is to change in it. */
export interface ContextChange {
  readonly context: ParameterContext;
  readonly claim: RevisionClaim;
  readonly edit: ParameterContextEdit;
}

const steps = (updating: string) => [
  'Stopping Affected Processors',
  'Disabling Affected Controller Services',
  updating,
  'Re-Enabling Affected Controller Services',
  'Restarting Affected Processors',
];

/** How long re-enabled services may take before processors that need them are left to wait by themselves, milliseconds. */
const ENABLE_PATIENCE = 30_000;

/**
 * A change of parameters under way. What it stops is only suspended: it is still stored as running, so that it runs again
 * even if the process dies in the middle.
 */
export class ParameterUpdate {
  readonly id = randomUUID();
  readonly changes: readonly ContextChange[];
  /** Contexts that were made along with it. */
  readonly created: ParameterContext[] = [];
  /** Milliseconds since 1970. */
  readonly submitted: number;
  lastUpdated: number;
  /** Components that use what changes. */
  readonly affected: readonly (ProcessorNode | ControllerServiceNode)[];
  failureReason: string | undefined = undefined;
  complete = false;
  /** Resolves when the update has ended, well or not. */
  done: Promise<void> = Promise.resolve();
  readonly #flow: FlowController;
  readonly #descriptions: readonly string[];
  #stepsDone = 0;
  readonly #cancellation = new AbortController();

  /** Throws ConflictError where the edit contradicts itself. */
  constructor(flow: FlowController, changes: readonly ContextChange[], updating = 'Updating Parameter Context') {
    this.#flow = flow;
    this.changes = changes;
    this.#descriptions = steps(updating);
    this.submitted = flow.runtime.clock.now();
    this.lastUpdated = this.submitted;
    this.affected = [...new Set(changes.flatMap(({ context, edit }) => affectedBy(flow, context, edit)))];
  }

  get steps(): UpdateStep[] {
    return this.#descriptions.map((description, index) => ({
      description,
      complete: index < this.#stepsDone,
      failureReason: index === this.#stepsDone ? this.failureReason : undefined,
    }));
  }

  get percentCompleted(): number {
    return Math.round((this.#stepsDone / this.#descriptions.length) * 100);
  }

  /** What it is doing, or why it ended. */
  get state(): string {
    if (this.failureReason !== undefined) return `Failed: ${this.failureReason}`;
    return this.complete ? 'Complete' : this.#descriptions[this.#stepsDone]!;
  }

  begin(): this {
    this.done = this.#run();
    return this;
  }

  /** Ends it before the parameters are changed, also while it waits for what does not stop; later it has no effect. */
  cancel(): void {
    this.#cancellation.abort(new Error('Request was cancelled by user'));
  }

  /** Stops all that run. Throws where it is cancelled meanwhile. */
  async #suspend(nodes: readonly (ProcessorNode | ControllerServiceNode)[]): Promise<void> {
    const { signal } = this.#cancellation;
    signal.throwIfAborted();
    let stopWaiting = (): void => undefined;
    const cancelled = new Promise<never>((_, reject) => {
      stopWaiting = () => reject(signal.reason);
      signal.addEventListener('abort', stopWaiting, { once: true });
    });
    const stopped = Promise.all(nodes.filter(({ isActive }) => isActive).map((node) => node.suspend()));
    await Promise.race([stopped, cancelled]).finally(() => signal.removeEventListener('abort', stopWaiting));
  }

  async #run(): Promise<void> {
    const services = withDependents(this.affected.filter((node) => node.kind === 'CONTROLLER_SERVICE'));
    const users = services.flatMap((service) => service.users()).filter((node) => node.kind === 'PROCESSOR');
    const processors = [...new Set([...this.affected.filter((node) => node.kind === 'PROCESSOR'), ...users])];
    try {
      await this.#suspend(processors);
      this.#step();
      await this.#suspend(services);
      this.#step();
      // Somebody may have started one of them meanwhile.
      await this.#suspend([...processors, ...services]);
      this.#apply();
      this.#step();
    } catch (thrown) {
      this.failureReason = messageOf(thrown);
    }
    for (const service of services) service.resume();
    if (this.failureReason === undefined) await this.#settled(services);
    this.#step();
    for (const processor of processors) processor.resume();
    this.#step();
    this.complete = true;
  }

  #step(): void {
    if (this.failureReason === undefined) this.#stepsDone++;
    this.lastUpdated = this.#flow.runtime.clock.now();
  }

  #apply(): void {
    // Stopping took a while: somebody else may have changed or removed a context.
    for (const { context, claim } of this.changes) {
      if (this.#flow.find(context.id) !== context) throw new ConflictError(`Parameter context ${context.label} was removed meanwhile.`);
      checkRevision(context, claim);
    }
    this.#flow.runtime.edit(() => {
      for (const change of this.changes) this.#applyTo(change);
    });
  }

  #applyTo({ context, claim, edit }: ContextChange): void {
    const { root, runtime } = this.#flow;
    const before = context.toStored();
    context.apply(edit);
    context.revision = nextRevision(context.revision, claim);
    for (const group of root.tree()) if (group.parameterContext?.inheritsFrom(context)) group.forgetValidation();
    runtime.tell({ type: 'edited', component: context, user: claim.user, before, after: context.toStored() });
  }

  /** Waits until the services are enabled, or it is plain that they will not be. */
  #settled(services: readonly ControllerServiceNode[]): Promise<void> {
    const pending = (): boolean => services.some(({ state, isValid }) => state === 'ENABLING' && isValid);
    if (!pending()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        unsubscribe();
        cancel();
        resolve();
      };
      const unsubscribe = this.#flow.subscribe(() => {
        if (!pending()) finish();
      });
      const cancel = this.#flow.runtime.clock.after(ENABLE_PATIENCE, finish);
    });
  }
}

/** The services, and those that use them, directly or not. */
function withDependents(services: readonly ControllerServiceNode[]): ControllerServiceNode[] {
  const found = new Set(services);
  for (const service of found) for (const user of service.users()) if (user.kind === 'CONTROLLER_SERVICE') found.add(user);
  return [...found];
}
