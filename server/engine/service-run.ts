import type { ControllerServiceNode } from './controller-service-node.ts';
import { ADMINISTRATIVE_YIELD } from './runtime.ts';

export type ServiceState = 'DISABLED' | 'ENABLING' | 'ENABLED' | 'DISABLING';

/** One span from onEnabled to onDisabled. */
interface Span {
  readonly abort: AbortController;
  instance: unknown;
  opened: boolean;
}

/**
 * The life cycle of a controller service:
 *
 *     DISABLED --begin--> ENABLING --onEnabled--> ENABLED --end--> DISABLING --onDisabled--> DISABLED
 *
 * ENABLING lasts while the service is not valid and while onEnabled fails (tried again after the administrative yield);
 * DISABLING until its users have stopped. A begin during DISABLING is remembered.
 */
export class ServiceRun {
  readonly #node: ControllerServiceNode;
  #state: ServiceState = 'DISABLED';
  #span: Span | null = null;
  #suspended = false;
  #cancelRetry = (): void => undefined;
  #waiting: (() => void)[] = [];

  constructor(node: ControllerServiceNode) {
    this.#node = node;
  }

  get state(): ServiceState {
    return this.#state;
  }

  /** What onEnabled returned. Throws while the service is not enabled. */
  get instance(): unknown {
    if (this.#state !== 'ENABLED') throw new Error(`Controller service ${this.#node.label} is ${this.#state.toLowerCase()}. Enable it first.`);
    return this.#span!.instance;
  }

  begin(): void {
    this.#suspended = false;
    if (this.#state !== 'DISABLED') return;
    this.#enter('ENABLING');
    this.attempt();
  }

  /** Enables it if it is valid by now. */
  attempt(): void {
    if (this.#state !== 'ENABLING' || this.#span) return;
    this.#cancelRetry();
    const { runtime } = this.#node;
    runtime.waitForValidity(this.#node);
    if (!this.#node.isValid) return;
    runtime.stopWaiting(this.#node);
    this.#open();
  }

  /** Disables once `users` have stopped; with `suspend` it stays disabled until begun again, whatever is wanted. */
  end(users: readonly Promise<void>[], suspend = false): Promise<void> {
    this.#suspended = suspend;
    if (this.#state === 'DISABLED') return Promise.resolve();
    const ended = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#state === 'DISABLING') return ended;
    this.#cancelRetry();
    const wasEnabled = this.#state === 'ENABLED';
    this.#enter('DISABLING');
    if (wasEnabled) void Promise.all(users).then(() => this.#close());
    else if (!this.#span) this.#ended();
    else this.#span.abort.abort(new DOMException(`${this.#node.name} was disabled`, 'AbortError'));
    return ended;
  }

  #open(): void {
    const span: Span = { abort: new AbortController(), instance: undefined, opened: false };
    this.#span = span;
    try {
      const instance = this.#node.open(span.abort.signal);
      if (instance instanceof Promise) {
        instance.then(
          (value) => this.#opened(span, value),
          (thrown: unknown) => this.#failed(thrown),
        );
      } else this.#opened(span, instance);
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  #opened(span: Span, instance: unknown): void {
    span.instance = instance;
    span.opened = true;
    if (this.#state === 'DISABLING') void this.#close();
    else this.#enter('ENABLED');
  }

  #failed(thrown: unknown): void {
    this.#span = null;
    if (this.#state === 'DISABLING') return this.#ended();
    this.#node.reportFailure('enable', thrown);
    this.#cancelRetry = this.#node.runtime.clock.after(ADMINISTRATIVE_YIELD, () => this.attempt());
  }

  async #close(): Promise<void> {
    const span = this.#span!;
    span.abort.abort(new DOMException(`${this.#node.name} was disabled`, 'AbortError'));
    try {
      await this.#node.definition?.onDisabled?.(span.instance);
    } catch (thrown) {
      this.#node.reportFailure('release what it held', thrown);
    }
    this.#ended();
  }

  #ended(): void {
    this.#span = null;
    this.#node.runtime.stopWaiting(this.#node);
    this.#enter('DISABLED');
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    if (!this.#suspended) this.#node.resume();
  }

  #enter(state: ServiceState): void {
    this.#state = state;
    for (const user of this.#node.users()) user.forgetValidation();
    this.#node.runtime.changed(this.#node);
  }
}
