import { ADMINISTRATIVE_YIELD, type Runtime, type WaitsForValidity } from './runtime.ts';

export type ActivationState = 'INACTIVE' | 'ACTIVATING' | 'ACTIVE' | 'DEACTIVATING';

/** What can be activated: a controller service, a reporting task. */
export interface Activated extends WaitsForValidity {
  readonly name: string;
  readonly runtime: Runtime;
  readonly isValid: boolean;
  /** Makes what it works with; may throw. */
  open(signal: AbortSignal): unknown;
  /** Releases what `open` made; may throw. */
  close(instance: unknown): unknown;
  reportFailure(what: 'start' | 'release what it held', thrown: unknown): void;
  /** Its state changed. */
  activationChanged(): void;
  /** Takes up again what the user asked for. */
  resume(): void;
}

/** One span from open to close. */
interface Span {
  readonly abort: AbortController;
  instance: unknown;
  opened: boolean;
}

/**
 * The life cycle of what is opened once and then works until it is told to end:
 *
 *     INACTIVE --begin--> ACTIVATING --open--> ACTIVE --end--> DEACTIVATING --close--> INACTIVE
 *
 * ACTIVATING lasts while it is not valid and while open fails (tried again after the administrative yield); DEACTIVATING
 * until its users have stopped. A begin during DEACTIVATING is remembered.
 */
export class Activation {
  readonly #node: Activated;
  #state: ActivationState = 'INACTIVE';
  #span: Span | null = null;
  #suspended = false;
  #cancelRetry = (): void => undefined;
  #waiting: (() => void)[] = [];

  constructor(node: Activated) {
    this.#node = node;
  }

  get state(): ActivationState {
    return this.#state;
  }

  /** What `open` returned, while it is ACTIVE. */
  get instance(): unknown {
    return this.#span?.instance;
  }

  begin(): void {
    this.#suspended = false;
    if (this.#state !== 'INACTIVE') return;
    this.#enter('ACTIVATING');
    this.attempt();
  }

  /** Activates it if it is valid by now. */
  attempt(): void {
    if (this.#state !== 'ACTIVATING' || this.#span) return;
    this.#cancelRetry();
    const { runtime } = this.#node;
    runtime.waitForValidity(this.#node);
    if (!this.#node.isValid) return;
    runtime.stopWaiting(this.#node);
    this.#open();
  }

  /** Deactivates once `users` have stopped; with `suspend` it stays so until begun again, whatever is wanted. */
  end(users: readonly Promise<void>[], suspend = false): Promise<void> {
    this.#suspended = suspend;
    if (this.#state === 'INACTIVE') return Promise.resolve();
    const ended = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#state === 'DEACTIVATING') return ended;
    this.#cancelRetry();
    const wasEnabled = this.#state === 'ACTIVE';
    this.#enter('DEACTIVATING');
    if (wasEnabled) void Promise.all(users).then(() => this.#close());
    else if (!this.#span) this.#ended();
    else this.#span.abort.abort(new DOMException(`${this.#node.name} was stopped`, 'AbortError'));
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
    if (this.#state === 'DEACTIVATING') void this.#close();
    else this.#enter('ACTIVE');
  }

  #failed(thrown: unknown): void {
    this.#span = null;
    if (this.#state === 'DEACTIVATING') return this.#ended();
    this.#node.reportFailure('start', thrown);
    this.#cancelRetry = this.#node.runtime.clock.after(ADMINISTRATIVE_YIELD, () => this.attempt());
  }

  async #close(): Promise<void> {
    const span = this.#span!;
    span.abort.abort(new DOMException(`${this.#node.name} was stopped`, 'AbortError'));
    try {
      await this.#node.close(span.instance);
    } catch (thrown) {
      this.#node.reportFailure('release what it held', thrown);
    }
    this.#ended();
  }

  #ended(): void {
    this.#span = null;
    this.#node.runtime.stopWaiting(this.#node);
    this.#enter('INACTIVE');
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    if (!this.#suspended) this.#node.resume();
  }

  #enter(state: ActivationState): void {
    this.#state = state;
    this.#node.activationChanged();
  }
}
