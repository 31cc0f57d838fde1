import { Component, type StoredBase } from './component.ts';
import { InvalidRequestError } from './errors.ts';
import type { Runtime } from './runtime.ts';

export interface StoredSettings extends StoredBase {
  readonly maxTimerDrivenThreadCount: number;
}

/** Settings of the instance as a whole. */
export class ControllerSettings extends Component {
  readonly kind = 'CONTROLLER';
  #threads = 10;

  constructor(runtime: Runtime, id: string) {
    super(runtime, id, 'Controller', null);
  }

  /** Tasks share one event loop: the number has no effect and is kept for NiFi's clients. */
  get maxTimerDrivenThreadCount(): number {
    return this.#threads;
  }

  /** Throws InvalidRequestError. */
  configure({ maxTimerDrivenThreadCount = this.#threads }: { maxTimerDrivenThreadCount?: number }): void {
    if (!Number.isInteger(maxTimerDrivenThreadCount) || maxTimerDrivenThreadCount < 1) throw new InvalidRequestError('The number of threads must be a whole number, 1 or more.');
    this.#threads = maxTimerDrivenThreadCount;
    this.runtime.touch(this);
  }

  toStored(): StoredSettings {
    return { ...this.storedBase(), maxTimerDrivenThreadCount: this.#threads };
  }

  restore(stored: StoredSettings): void {
    this.restoreBase(stored);
    this.#threads = stored.maxTimerDrivenThreadCount;
  }
}
