import type { BulletinLevel, ComponentLog } from '../extension/component.ts';
import { Component } from './component.ts';
import { componentLog } from './component-log.ts';
import type { Connection } from './connection.ts';
import type { ProcessGroup } from './process-group.ts';
import { Runnable } from './runnable.ts';
import type { Runtime } from './runtime.ts';

/** What can stand at an end of a connection: processors, ports and funnels. */
export abstract class Connectable extends Component {
  abstract override readonly kind: 'PROCESSOR' | 'INPUT_PORT' | 'OUTPUT_PORT' | 'FUNNEL';
  declare group: ProcessGroup;
  readonly runnable: Runnable;
  readonly log: ComponentLog;
  /** Connections that lead to it. */
  readonly incoming = new Set<Connection>();
  /** Connections that lead away from it. */
  readonly outgoing = new Set<Connection>();

  constructor(runtime: Runtime, id: string, name: string, group: ProcessGroup, type: string) {
    super(runtime, id, name, group);
    this.log = componentLog(this, () => this.bulletinLevel);
    this.runnable = new Runnable(id, runtime.keyOf(id), type, name, group.id, this.log);
  }

  /** Whether it is scheduled or has tasks under way, so that its connections must stay as they are. */
  abstract get isActive(): boolean;

  get bulletinLevel(): BulletinLevel {
    return 'WARN';
  }

  /** A connection at one of its ends came, went or changed. */
  abstract connectionsChanged(): void;

  /** Sessions under way. */
  get activeThreadCount(): number {
    return this.runnable.activeTasks;
  }

  /** Sessions that were terminated and have not ended. */
  get terminatedThreadCount(): number {
    return this.runnable.terminatedTasks;
  }

  /** It goes by this name and stands in this group from now on. */
  protected syncRunnable(): void {
    this.runnable.name = this.name;
    this.runnable.groupId = this.group.id;
  }

  override enterGroup(group: ProcessGroup): void {
    super.enterGroup(group);
    this.syncRunnable();
    this.connectionsChanged();
  }
}
