import { messageOf } from '../extension/errors.ts';
import type { FlowView } from '../extension/flow-view.ts';
import { BulletinBoard } from './bulletins.ts';
import type { Clock } from './clock.ts';
import type { Component, StoredBase } from './component.ts';
import type { ComponentTypes } from './component-types.ts';
import { Connectable } from './connectable.ts';
import { ConfiguredComponent } from './configured-component.ts';
import type { ControllerLevelNode } from './controller-level.ts';
import { ControllerServiceNode } from './controller-service-node.ts';
import { FlowAnalysis } from './flow-analysis.ts';
import { Journal } from './journal.ts';
import { assignRanks } from './rank.ts';
import { type ContentRepository, type ProvenanceRepository, type Store, StorageError } from './repositories.ts';
import type { LogLine, Runtime, Secrets, WaitsForValidity } from './runtime.ts';
import { refreshRunScopes } from './run-scopes.ts';
import { Scheduler } from './scheduler.ts';
import { TimeZones } from './time-zones.ts';

/** What the engine is built from. */
export interface EngineConfig {
  readonly clock: Clock;
  readonly store: Store;
  readonly content: ContentRepository;
  readonly provenance: ProvenanceRepository;
  readonly types: ComponentTypes;
  readonly secrets: Secrets;
  /** Where embedded databases and other files of components live. */
  readonly componentDirectory: string;
  /** Where the files of parameter contexts live. */
  readonly assetDirectory: string;
  /** Of cron schedules; left out for the machine's own. */
  readonly timeZone?: string;
  /** Values that expressions may use besides attributes: process.env, and what the runtime provides, such as `millrace.flows`. */
  readonly environment: ReadonlyMap<string, string>;
  readonly log?: (line: LogLine) => void;
  /** Where components write down what somebody outside did. */
  readonly audit?: (entry: object) => void;
}

/** Something happened to the flow. */
export interface FlowEvent {
  /** `state`: it started, stopped, became valid ... by itself; the others follow from an edit. */
  readonly type: 'created' | 'edited' | 'removed' | 'state';
  readonly component: Component;
  /** Who edited. */
  readonly user?: string;
  /** As it is stored (sensitive values encrypted) before and after an edit. */
  readonly before?: StoredBase;
  readonly after?: StoredBase;
}

/**
 * What the nodes share, and the bookkeeping of edits: whatever an edit touches is stored when it ends, before anyone is told
 * that it succeeded.
 */
export class FlowRuntime implements Runtime {
  readonly config: EngineConfig;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly scheduler: Scheduler;
  readonly types: ComponentTypes;
  readonly secrets: Secrets;
  readonly bulletins: BulletinBoard;
  readonly componentDirectory: string;
  readonly timeZone: string | undefined;
  readonly timeZones: TimeZones;
  running = false;
  /** Counts what was stored of the flow, so that what is computed from it knows whether it still holds. */
  edits = 0;
  /** Set once the flow is loaded. */
  view!: FlowView;
  /** Everything with an id. */
  readonly components = new Map<string, Component>();
  readonly analysis = new FlowAnalysis(this.components);
  readonly #waiting = new Set<WaitsForValidity>();
  readonly #listeners = new Set<(event: FlowEvent) => void>();
  readonly #touched = new Set<Component>();
  readonly #removed = new Set<string>();
  readonly #events: FlowEvent[] = [];
  #depth = 0;
  #ranksOutdated = false;
  #reconsidering = false;

  constructor(config: EngineConfig) {
    this.config = config;
    this.clock = config.clock;
    this.types = config.types;
    this.secrets = config.secrets;
    this.componentDirectory = config.componentDirectory;
    this.timeZone = config.timeZone;
    this.timeZones = new TimeZones(config.timeZone);
    this.journal = new Journal(config.store, config.content, config.clock);
    this.scheduler = new Scheduler(config.clock, this.journal);
    this.bulletins = new BulletinBoard(config.clock);
    this.journal.onHealthChange = (failure) => this.#healthChanged(failure);
    this.journal.onActionFailure = (failure) => this.log({ level: 'error', time: this.clock.now(), message: `What was to follow a commit failed: ${failure.message}` });
  }

  environment(name: string): string | undefined {
    return this.config.environment.get(name);
  }

  environmentNames(): Iterable<string> {
    return this.config.environment.keys();
  }

  keyOf(id: string): number {
    return this.config.store.keyOf(id);
  }

  service(id: string): ControllerServiceNode | undefined {
    const component = this.components.get(id);
    return component instanceof ControllerServiceNode ? component : undefined;
  }

  *controllerLevel(): Generator<ControllerServiceNode | ControllerLevelNode> {
    for (const component of this.components.values())
      if (component.group === null && component instanceof ConfiguredComponent) yield component as ControllerServiceNode | ControllerLevelNode;
  }

  log(line: LogLine): void {
    this.config.log?.(line);
  }

  audit(entry: object): void {
    try {
      this.config.audit?.(entry);
    } catch (failure) {
      this.log({ level: 'error', time: this.clock.now(), message: `What was done is not in the audit: ${messageOf(failure)}` });
    }
  }

  // ---- edits

  /** Runs an edit; what it touched is stored before this returns. Edits may be nested: the outermost stores. */
  edit<T>(action: () => T): T {
    if (this.#depth === 0 && !this.journal.healthy)
      throw new StorageError(
        'Nothing can be stored at the moment, so nothing can be changed. Free some space on the disk of the data directory, or mend it; Millrace goes on by itself.',
      );
    this.#depth++;
    try {
      return action();
    } finally {
      this.#depth--;
      // What an edit that failed has changed all the same is stored too: memory and store never differ.
      if (this.#depth === 0) this.#settle();
    }
  }

  touch(component: Component): void {
    this.#touched.add(component);
    if (this.#depth === 0) this.#settle();
  }

  changed(component: Component): void {
    this.tell({ type: 'state', component });
    this.reconsider();
  }

  graphChanged(): void {
    this.#ranksOutdated = true;
  }

  /** A new component: findable and stored from now on. */
  register(component: Component): void {
    this.components.set(component.id, component);
    this.#removed.delete(component.id);
    this.touch(component);
  }

  unregister(component: Component): void {
    this.components.delete(component.id);
    this.#touched.delete(component);
    this.#removed.add(component.id);
    this.bulletins.forget(component.id);
  }

  /** Tells subscribers, once the edit under way is stored. */
  tell(event: FlowEvent): void {
    this.#events.push(event);
    if (this.#depth === 0) this.#publish();
  }

  /** Returns what ends the subscription. */
  subscribe(listener: (event: FlowEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #settle(): void {
    if (this.#ranksOutdated) this.#assignRanks();
    for (const component of this.#touched) {
      if (!this.components.has(component.id)) continue;
      this.journal.saveComponent({ id: component.id, kind: component.kind, parentId: component.group?.id ?? null, json: JSON.stringify(component.toStored()) });
    }
    for (const id of this.#removed) this.journal.removeComponent(id);
    const store = this.#touched.size + this.#removed.size > 0;
    if (store) this.edits++;
    if (store) refreshRunScopes(this);
    if (store) this.#events.push(...this.analysis.refresh(this.#touched).map((component): FlowEvent => ({ type: 'state', component })));
    this.#touched.clear();
    this.#removed.clear();
    this.reconsider();
    if (store) this.journal.flush();
    this.#publish();
  }

  #publish(): void {
    const events = this.#events.splice(0);
    for (const event of events) for (const listener of this.#listeners) listener(event);
  }

  #assignRanks(): void {
    this.#ranksOutdated = false;
    assignRanks([...this.connectables()].map(({ runnable }) => runnable));
  }

  *connectables(): Generator<Connectable> {
    for (const component of this.components.values()) if (component instanceof Connectable) yield component;
  }

  // ---- waiting for validity

  waitForValidity(node: WaitsForValidity): void {
    this.#waiting.add(node);
  }

  stopWaiting(node: WaitsForValidity): void {
    this.#waiting.delete(node);
  }

  /** Soon, and once for many changes, everyone who waits looks again. */
  reconsider(): void {
    if (this.#reconsidering || this.#waiting.size === 0) return;
    this.#reconsidering = true;
    queueMicrotask(() => {
      this.#reconsidering = false;
      for (const node of [...this.#waiting]) node.reconsider();
    });
  }

  #healthChanged(failure: Error | null): void {
    const message = failure ? `Nothing can be stored at the moment, so the flow waits: ${failure.message}` : 'Storing works again; the flow goes on.';
    const level = failure ? 'error' : 'info';
    this.log({ level, time: this.clock.now(), message });
    this.bulletins.add(level, message, undefined, 'Storage');
    if (!failure) this.scheduler.wakeAll([...this.connectables()].map(({ runnable }) => runnable));
  }
}
