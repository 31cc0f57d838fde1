import { parseDataSize } from '../extension/units.ts';
import { messageOf } from '../extension/errors.ts';
import { Component, type ComponentEdit, type Position, type StoredBase } from './component.ts';
import type { Connectable } from './connectable.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import { dropFromQueue, sweepExpired } from './expiration.ts';
import type { FlowFileRecord } from './flowfile-record.ts';
import { prioritizers } from './prioritizers.ts';
import type { ProcessGroup } from './process-group.ts';
import { duration } from './processor-config.ts';
import { FlowFileQueue, type QueueSize } from './queue.ts';
import type { Runtime } from './runtime.ts';

export type LoadBalanceStrategy = 'DO_NOT_LOAD_BALANCE' | 'PARTITION_BY_ATTRIBUTE' | 'ROUND_ROBIN' | 'SINGLE_NODE';
export type LoadBalanceCompression = 'DO_NOT_COMPRESS' | 'COMPRESS_ATTRIBUTES_ONLY' | 'COMPRESS_ATTRIBUTES_AND_CONTENT';

/** NiFi's settings of a connection. */
export interface ConnectionConfig {
  readonly selectedRelationships: readonly string[];
  readonly backPressureObjectThreshold: number;
  /** A data size, such as `1 GB`. */
  readonly backPressureDataSizeThreshold: string;
  /** A duration; `0 sec` means never. */
  readonly flowFileExpiration: string;
  /** Full type names, in order of weight. */
  readonly prioritizers: readonly string[];
  readonly bends: readonly Position[];
  readonly labelIndex: number;
  readonly zIndex: number;
  readonly loadBalanceStrategy: LoadBalanceStrategy;
  readonly loadBalancePartitionAttribute?: string;
  readonly loadBalanceCompression: LoadBalanceCompression;
}

/** What an edit of a connection may say; what is left out stays. */
export interface ConnectionEdit extends ComponentEdit, Partial<ConnectionConfig> {}

export interface StoredConnection extends StoredBase {
  readonly config: ConnectionConfig;
  readonly source: string;
  readonly destination: string;
}

export const DEFAULT_CONNECTION_CONFIG: ConnectionConfig = {
  selectedRelationships: [],
  backPressureObjectThreshold: 10_000,
  backPressureDataSizeThreshold: '1 GB',
  flowFileExpiration: '0 sec',
  prioritizers: [],
  bends: [],
  labelIndex: 0,
  zIndex: 0,
  loadBalanceStrategy: 'DO_NOT_LOAD_BALANCE',
  loadBalanceCompression: 'DO_NOT_COMPRESS',
};

const CONFIG_FIELDS = [...Object.keys(DEFAULT_CONNECTION_CONFIG), 'loadBalancePartitionAttribute'] as (keyof ConnectionConfig)[];
const STRATEGIES: readonly string[] = ['DO_NOT_LOAD_BALANCE', 'PARTITION_BY_ATTRIBUTE', 'ROUND_ROBIN', 'SINGLE_NODE'];
const COMPRESSIONS: readonly string[] = ['DO_NOT_COMPRESS', 'COMPRESS_ATTRIBUTES_ONLY', 'COMPRESS_ATTRIBUTES_AND_CONTENT'];
/** What does not disturb a running source. */
const HARMLESS = new Set<keyof ConnectionConfig>(['bends', 'labelIndex', 'zIndex']);

/** A connection with its queue. Its name may be empty: it is then called by its relationships. */
export class Connection extends Component {
  readonly kind = 'CONNECTION';
  declare group: ProcessGroup;
  readonly source: Connectable;
  readonly queue: FlowFileQueue;
  #destination: Connectable;
  #config: ConnectionConfig;
  #cancelSweep = (): void => undefined;

  constructor(runtime: Runtime, id: string, group: ProcessGroup, source: Connectable, destination: Connectable) {
    super(runtime, id, '', group);
    this.source = source;
    this.#destination = destination;
    this.queue = new FlowFileQueue(id, runtime.keyOf(id), source.runnable, destination.runnable);
    const { defaultFlowFileExpiration, defaultBackPressureObjectThreshold, defaultBackPressureDataSizeThreshold } = group.settings;
    this.#config = {
      ...DEFAULT_CONNECTION_CONFIG,
      flowFileExpiration: defaultFlowFileExpiration,
      backPressureObjectThreshold: defaultBackPressureObjectThreshold,
      backPressureDataSizeThreshold: defaultBackPressureDataSizeThreshold,
    };
  }

  get config(): ConnectionConfig {
    return this.#config;
  }

  get destination(): Connectable {
    return this.#destination;
  }

  get selectedRelationships(): readonly string[] {
    return this.#config.selectedRelationships;
  }

  get size(): QueueSize {
    return { objectCount: this.queue.objectCount, byteCount: this.queue.byteCount };
  }

  /** All relationships that could be selected. */
  get availableRelationships(): string[] {
    return this.source.kind === 'PROCESSOR' ? [...this.source.runnable.relationships].sort() : [];
  }

  override get label(): string {
    return `connection ${this.name || this.selectedRelationships.join(', ')} (${this.id})`;
  }

  /** Throws InvalidRequestError where a value makes no sense, ConflictError where the source runs. */
  configure(edit: ConnectionEdit): void {
    const given = CONFIG_FIELDS.filter((field) => edit[field] !== undefined && edit[field] !== null);
    const next: ConnectionConfig = { ...this.#config, ...Object.fromEntries(given.map((field) => [field, edit[field]])) };
    check(next);
    const relationshipsChange = given.includes('selectedRelationships') && !sameTexts(next.selectedRelationships, this.#config.selectedRelationships);
    if (relationshipsChange) this.#checkRelationships(next);
    this.#config = next;
    this.editBase(edit);
    if (relationshipsChange) this.#attachSource();
    if (given.some((field) => !HARMLESS.has(field))) this.#apply();
    this.runtime.touch(this);
  }

  #checkRelationships({ selectedRelationships }: ConnectionConfig): void {
    if (this.source.kind !== 'PROCESSOR') return;
    if (selectedRelationships.length === 0) throw new ConflictError(`Cannot change ${this.label}: at least one relationship must be selected.`);
    if (this.source.isActive) throw new ConflictError(`Cannot change the relationships of ${this.label} because its source ${this.source.label} is running. Stop it first.`);
  }

  /** Joins the graph: the ends know of it from now on. */
  attach(): void {
    this.source.outgoing.add(this);
    this.#attachSource();
    this.#attachDestination();
    this.#apply();
  }

  /** Leaves the graph. The queue must be empty. */
  detach(): void {
    this.#cancelSweep();
    this.source.outgoing.delete(this);
    this.source.runnable.detachOutgoing(this.queue);
    this.source.connectionsChanged();
    this.#detachDestination();
    this.runtime.graphChanged();
  }

  /** Leads to another component from now on; what is queued goes there. Throws ConflictError where the old one runs. */
  redirect(destination: Connectable): void {
    if (destination === this.#destination) return;
    if (this.#destination.isActive && this.#destination.kind !== 'FUNNEL') {
      throw new ConflictError(`Cannot change the destination of ${this.label} because ${this.#destination.label} is running. Stop it first.`);
    }
    this.#detachDestination();
    this.#destination = destination;
    this.queue.consumer = destination.runnable;
    this.#attachDestination();
    this.runtime.touch(this);
    destination.runnable.waker?.wake(destination.runnable);
  }

  #attachSource(): void {
    const { source, queue } = this;
    source.runnable.detachOutgoing(queue);
    source.runnable.attachOutgoing(queue, source.kind === 'PROCESSOR' ? this.selectedRelationships : ['']);
    source.connectionsChanged();
    this.runtime.graphChanged();
  }

  #attachDestination(): void {
    this.#destination.incoming.add(this);
    this.#destination.runnable.incoming.push(this.queue);
    this.#destination.connectionsChanged();
    this.runtime.graphChanged();
  }

  #detachDestination(): void {
    const { incoming, runnable } = this.#destination;
    incoming.delete(this);
    const index = runnable.incoming.indexOf(this.queue);
    if (index >= 0) runnable.incoming.splice(index, 1);
    this.#destination.connectionsChanged();
  }

  /** The queue obeys the configuration from now on. */
  #apply(): void {
    const { queue } = this;
    queue.objectThreshold = this.#config.backPressureObjectThreshold;
    queue.byteThreshold = parseDataSize(this.#config.backPressureDataSizeThreshold);
    queue.expiration = duration('FlowFile expiration', this.#config.flowFileExpiration);
    queue.prioritize(this.#config.prioritizers.map((type) => prioritizers.get(type)!));
    // A higher threshold may make room.
    this.source.runnable.waker?.wake(this.source.runnable);
    this.#scheduleSweep();
  }

  /** Expired FlowFiles leave an idle queue too: not later than their expiration again, and 30 seconds. */
  #scheduleSweep(at = Number.POSITIVE_INFINITY): void {
    this.#cancelSweep();
    const { clock, journal } = this.runtime;
    const { expiration } = this.queue;
    if (expiration === 0) return;
    const rest = Math.min(at - clock.now(), expiration, 30_000);
    this.#cancelSweep = clock.after(Math.max(1000, rest), () => {
      const next = this.queue.isEmpty || !journal.healthy ? undefined : sweepExpired(journal, this.queue, clock.now());
      this.#scheduleSweep(next);
    });
  }

  // ---- what is queued

  /** In the order in which they will be consumed. */
  list(max: number): FlowFileRecord[] {
    const records: FlowFileRecord[] = [];
    for (const record of this.queue.list()) {
      if (records.length >= max) break;
      records.push(record);
    }
    return records;
  }

  find(uuid: string): FlowFileRecord | undefined {
    const id = this.runtime.journal.ids.idOf(uuid);
    if (id === undefined) return undefined;
    for (const record of this.queue.list()) if (record.id === id) return record;
    return undefined;
  }

  /** Drops what no session holds, and stores that; returns how much it was. */
  dropAll(user = 'anonymous'): QueueSize {
    const { journal, clock } = this.runtime;
    const records = this.queue.remove(() => true);
    dropFromQueue(journal, this.queue, records, clock.now(), 'DROP', `FlowFile Queue emptied by ${user}`);
    journal.flush();
    this.runtime.changed(this);
    return { objectCount: records.length, byteCount: records.reduce((sum, { committed }) => sum + committed.content.length, 0) };
  }

  /** Throws ConflictError where it must stay. */
  checkRemovable(): void {
    if (!this.queue.isEmpty) throw new ConflictError(`Cannot remove ${this.label} because its queue holds ${this.queue.objectCount} FlowFiles. Empty it first.`);
    if (this.source.isActive && this.source.kind !== 'FUNNEL')
      throw new ConflictError(`Cannot remove ${this.label} because its source ${this.source.label} is running. Stop it first.`);
    if (this.#destination.isActive && this.#destination.kind !== 'FUNNEL') {
      throw new ConflictError(`Cannot remove ${this.label} because its destination ${this.#destination.label} is running. Stop it first.`);
    }
  }

  toStored(): StoredConnection {
    return { ...this.storedBase(), config: this.#config, source: this.source.id, destination: this.#destination.id };
  }

  /** Before `attach`. */
  restore(stored: StoredConnection): void {
    this.restoreBase(stored);
    this.#config = { ...this.#config, ...stored.config };
  }

  /** Before `attach`: the settings it is made with. */
  prepare(edit: ConnectionEdit): void {
    const given = CONFIG_FIELDS.filter((field) => edit[field] !== undefined && edit[field] !== null);
    const next = { ...this.#config, ...Object.fromEntries(given.map((field) => [field, edit[field]])) };
    check(next);
    if (this.source.kind === 'PROCESSOR' && next.selectedRelationships.length === 0) {
      throw new ConflictError(`Cannot connect ${this.source.label}: at least one relationship must be selected.`);
    }
    this.#config = next;
    this.editBase(edit);
  }
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((text) => b.includes(text));

function check(config: ConnectionConfig): void {
  const { backPressureObjectThreshold: threshold, loadBalanceStrategy, loadBalanceCompression } = config;
  if (!Number.isInteger(threshold) || threshold < 0) throw new InvalidRequestError('The back pressure object threshold must be a whole number, 0 or more.');
  duration('FlowFile expiration', config.flowFileExpiration);
  try {
    parseDataSize(config.backPressureDataSizeThreshold);
  } catch (thrown) {
    throw new InvalidRequestError(`Back pressure data size threshold '${config.backPressureDataSizeThreshold}' is not valid: ${messageOf(thrown)}.`);
  }
  const unknown = config.prioritizers.find((type) => !prioritizers.has(type));
  if (unknown !== undefined) throw new InvalidRequestError(`There is no prioritizer ${unknown}.`);
  if (!STRATEGIES.includes(loadBalanceStrategy))
    throw new InvalidRequestError(`There is no load balance strategy ${loadBalanceStrategy}: it must be one of ${STRATEGIES.join(', ')}.`);
  if (!COMPRESSIONS.includes(loadBalanceCompression))
    throw new InvalidRequestError(`There is no load balance compression ${loadBalanceCompression}: it must be one of ${COMPRESSIONS.join(', ')}.`);
}
