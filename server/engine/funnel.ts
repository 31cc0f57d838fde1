import type { StoredBase } from './component.ts';
import { Connectable } from './connectable.ts';
import type { ProcessGroup } from './process-group.ts';
import { relay, relaySettings } from './relay.ts';
import type { Runtime } from './runtime.ts';

/** Brings connections together. It runs whenever it leads somewhere. */
export class Funnel extends Connectable {
  readonly kind = 'FUNNEL';

  constructor(runtime: Runtime, id: string, group: ProcessGroup) {
    super(runtime, id, 'Funnel', group, 'Funnel');
    this.runnable.settings = relaySettings;
    this.runnable.work = relay(() => Number.POSITIVE_INFINITY);
  }

  override get isActive(): boolean {
    return this.outgoing.size > 0;
  }

  override connectionsChanged(): void {
    if (this.outgoing.size === 0) void this.suspend();
    else this.resume();
  }

  suspend(): Promise<void> {
    return this.runtime.scheduler.stop(this.runnable);
  }

  resume(): void {
    if (this.runtime.running && this.outgoing.size > 0 && this.runnable.state === 'stopped') this.runtime.scheduler.start(this.runnable);
  }

  toStored(): StoredBase {
    return this.storedBase();
  }

  restore(stored: StoredBase): void {
    this.restoreBase(stored);
  }
}
