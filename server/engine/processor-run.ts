import { messageOf } from '../extension/errors.ts';
import type { PhysicalState, ProcessorNode } from './processor-node.ts';
import { ADMINISTRATIVE_YIELD } from './runtime.ts';

type RunPhase = Exclude<PhysicalState, 'DISABLED'>;

/** One span from onScheduled to onStopped. */
interface Span {
  readonly abort: AbortController;
  readonly once: boolean;
  client: unknown;
  /** Whether onScheduled has answered. */
  scheduled: boolean;
}

/**
 * The life cycle of a processor:
 *
 *     STOPPED --begin--> STARTING --onScheduled--> RUNNING --end--> STOPPING --onStopped--> STOPPED
 *                                              \-> RUN_ONCE ------/
 *
 * STARTING lasts while the processor is not valid (`reconsider` looks again) and while onScheduled fails (tried again after the
 * administrative yield). A begin during STOPPING is remembered: what is wanted is asked again at the end.
 */
export class ProcessorRun {
  readonly #node: ProcessorNode;
  #phase: RunPhase = 'STOPPED';
  #span: Span | null = null;
  #suspended = false;
  #cancelRetry = (): void => undefined;
  #waiting: (() => void)[] = [];

  constructor(node: ProcessorNode) {
    this.#node = node;
    node.runnable.onStopped = () => this.#tasksEnded();
  }

  get state(): RunPhase {
    return this.#phase;
  }

  begin(): void {
    this.#suspended = false;
    if (this.#phase !== 'STOPPED') return;
    this.#enter('STARTING');
    this.attempt();
  }

  /** The node must be valid. */
  beginOnce(): void {
    this.#enter('STARTING');
    this.#open(true);
  }

  /** Starts if it is valid by now. */
  attempt(): void {
    if (this.#phase !== 'STARTING' || this.#span) return;
    this.#cancelRetry();
    this.#node.runtime.waitForValidity(this.#node);
    if (this.#node.isValid) this.#open(false);
  }

  /** Stops; with `suspend` it stays stopped until begun again, whatever is wanted. */
  end(suspend = false): Promise<void> {
    this.#suspended = suspend;
    if (this.#phase === 'STOPPED') return Promise.resolve();
    const ended = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#phase === 'STOPPING') return ended;
    this.#cancelRetry();
    const triggering = this.#phase !== 'STARTING';
    this.#enter('STOPPING');
    this.#span?.abort.abort(new DOMException(`${this.#node.name} was stopped`, 'AbortError'));
    if (triggering) void this.#node.runtime.scheduler.stop(this.#node.runnable);
    else if (!this.#span) this.#ended();
    return ended;
  }

  /** Gives up whatever does not end; what it still returns is released and ignored. */
  terminate(): number {
    const { runtime, runnable } = this.#node;
    const span = this.#span;
    this.#span = null;
    const tasks = runtime.scheduler.terminate(runnable);
    if (span?.scheduled) void this.#release(span.client);
    if (this.#phase === 'STOPPING') this.#ended();
    return tasks;
  }

  #open(once: boolean): void {
    const node = this.#node;
    const span: Span = { abort: new AbortController(), once, client: undefined, scheduled: false };
    this.#span = span;
    node.runtime.stopWaiting(node);
    try {
      const { context, trigger } = node.prepare(span.abort.signal, once);
      const client = node.definition!.onScheduled?.(context);
      if (client instanceof Promise) {
        client.then(
          (value) => this.#scheduled(span, value, trigger),
          (thrown: unknown) => this.#failed(span, thrown),
        );
      } else this.#scheduled(span, client, trigger);
    } catch (thrown) {
      this.#failed(span, thrown);
    }
  }

  #scheduled(span: Span, client: unknown, trigger: ReturnType<ProcessorNode['prepare']>['trigger']): void {
    if (this.#span !== span) {
      void this.#release(client);
      return;
    }
    span.client = client;
    span.scheduled = true;
    if (this.#phase === 'STOPPING') return this.#tasksEnded();
    const { runnable, runtime } = this.#node;
    const run = trigger(client);
    runnable.work = { trigger: run };
    this.#enter(span.once ? 'RUN_ONCE' : 'RUNNING');
    if (span.once) runtime.scheduler.runOnce(runnable);
    else runtime.scheduler.start(runnable);
  }

  #failed(span: Span, thrown: unknown): void {
    if (this.#span !== span) return;
    this.#span = null;
    if (this.#phase === 'STOPPING') return this.#ended();
    this.#node.reportStartFailure(thrown);
    if (span.once) return this.#ended();
    this.#cancelRetry = this.#node.runtime.clock.after(ADMINISTRATIVE_YIELD, () => this.attempt());
  }

  /** The scheduler's word that no task runs any more. */
  #tasksEnded(): void {
    const span = this.#span;
    if (!span?.scheduled || (this.#phase !== 'STOPPING' && this.#phase !== 'RUN_ONCE')) return;
    this.#enter('STOPPING');
    span.scheduled = false;
    const finish = (): void => {
      if (this.#span === span) this.#ended();
    };
    const released = this.#release(span.client);
    if (released) void released.then(finish);
    else finish();
  }

  /** Lets the processor release what onScheduled took; a throw is shown and ends there. */
  #release(client: unknown): Promise<void> | undefined {
    const { definition, log } = this.#node;
    const complain = (thrown: unknown): void => log.warn(`Failed to release what it held: ${messageOf(thrown)}`);
    try {
      const released = definition?.onStopped?.(client);
      if (released instanceof Promise) return released.catch(complain);
    } catch (thrown) {
      complain(thrown);
    }
    return undefined;
  }

  #ended(): void {
    this.#span = null;
    this.#node.runnable.work = null;
    this.#node.runtime.stopWaiting(this.#node);
    this.#enter('STOPPED');
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    if (!this.#suspended) this.#node.resume();
  }

  #enter(phase: RunPhase): void {
    this.#phase = phase;
    this.#node.runtime.changed(this.#node);
  }
}
