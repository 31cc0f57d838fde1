import type { FlowFileRecord } from './flowfile-record.ts';
import { chain, type Comparator } from './prioritizers.ts';
import type { QueueTap } from './queue-tap.ts';
import type { RunScope } from './run-scope.ts';
import type { Runnable } from './runnable.ts';
import { RollingStatistics } from './statistics.ts';
import { Heap, Ring, type Sequence } from './sequence.ts';

/** How many FlowFiles and bytes wait. */
export interface QueueSize {
  readonly objectCount: number;
  readonly byteCount: number;
}

const byPenalty: Comparator = (a, b) => a.penaltyUntil - b.penaltyUntil;

/**
 * The FlowFiles of one connection, on their way from `producer` to `consumer`. Its size counts those too that a running
 * session has taken and not yet committed, as NiFi's does, so that back pressure cannot be outrun.
 */
export class FlowFileQueue {
  /** The connection's id. */
  readonly id: string;
  /** Its number in the store. */
  readonly key: number;
  producer: Runnable;
  consumer: Runnable;
  /** Back pressure; 0 means none. */
  objectThreshold = 10_000;
  byteThreshold = 1024 ** 3;
  /** FlowFiles older than this (milliseconds since they entered the flow) are dropped; 0 means never. */
  expiration = 0;
  readonly statistics = new RollingStatistics();
  /** Set while somebody looks at what comes. */
  tap: QueueTap | undefined = undefined;
  /** The sync that it belongs to. */
  runs: RunScope | undefined = undefined;

  #waiting: Sequence = new Ring();
  #penalized: Heap = new Heap(byPenalty);
  #objects = 0;
  #bytes = 0;

  constructor(id: string, key: number, producer: Runnable, consumer: Runnable) {
    this.id = id;
    this.key = key;
    this.producer = producer;
    this.consumer = consumer;
  }

  get objectCount(): number {
    return this.#objects;
  }

  get byteCount(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#objects === 0;
  }

  /** Back pressure: the producer must wait. */
  get isFull(): boolean {
    return (this.objectThreshold > 0 && this.#objects >= this.objectThreshold) || (this.byteThreshold > 0 && this.#bytes >= this.byteThreshold);
  }

  /** How many FlowFiles no session has taken. */
  get available(): number {
    return this.#waiting.length + this.#penalized.length;
  }

  /** Whether a consumer would get something now. */
  hasReady(now: number): boolean {
    if (this.#waiting.length > 0) return true;
    const penalized = this.#penalized.peek();
    return penalized !== undefined && penalized.penaltyUntil <= now;
  }

  /** When the first penalty ends, milliseconds since 1970; undefined where none runs. */
  get firstPenaltyEnd(): number | undefined {
    return this.#penalized.peek()?.penaltyUntil;
  }

  /** Adds a committed FlowFile. */
  add(record: FlowFileRecord): void {
    this.#objects++;
    this.#bytes += record.committed.content.length;
    this.runs?.entered(record);
    this.#enqueue(record);
    this.tap?.see(record);
    this.#arrived();
  }

  /** The next FlowFile; it stays counted until `settle`. */
  take(now: number): FlowFileRecord | undefined {
    this.releasePenalized(now);
    return this.#waiting.shift();
  }

  /** The next FlowFiles that `choose` takes; the others keep their places. */
  takeMatching(now: number, choose: (record: FlowFileRecord) => 'take' | 'skip' | 'stop'): FlowFileRecord[] {
    this.releasePenalized(now);
    const taken = new Set<FlowFileRecord>();
    for (const record of this.#waiting) {
      const choice = choose(record);
      if (choice === 'stop') break;
      if (choice === 'take') taken.add(record);
    }
    if (taken.size > 0) this.#waiting.retain((record) => !taken.has(record));
    return [...taken];
  }

  /** A FlowFile that was taken comes back. */
  putBack(record: FlowFileRecord): void {
    if (record.penaltyUntil > 0) this.#penalized.push(record);
    else this.#waiting.unshift(record);
    this.#arrived();
  }

  /** A FlowFile that was taken has left for good; `committed` is still the version that was added. */
  settle(record: FlowFileRecord): void {
    const wasFull = this.isFull;
    this.#objects--;
    this.#bytes -= record.committed.content.length;
    this.runs?.left(record);
    if (wasFull && !this.isFull) this.producer.waker?.wake(this.producer);
  }

  /** Takes out all waiting FlowFiles that match. They stay counted until `settle`. */
  remove(matches: (record: FlowFileRecord) => boolean): FlowFileRecord[] {
    const removed: FlowFileRecord[] = [];
    const keep = (record: FlowFileRecord): boolean => {
      if (!matches(record)) return true;
      removed.push(record);
      return false;
    };
    this.#waiting.retain(keep);
    this.#penalized.retain(keep);
    return removed;
  }

  /** Those that no session has taken, in the order in which they will be consumed; penalized ones last. */
  *list(): Generator<FlowFileRecord> {
    yield* this.#waiting;
    yield* this.#penalized;
  }

  /** Comparators in order of weight; none means first in, first out. */
  prioritize(comparators: readonly Comparator[]): void {
    const records = [...this.#waiting].sort((a, b) => a.position - b.position);
    this.#waiting = comparators.length === 0 ? new Ring() : new Heap(chain(comparators));
    for (const record of records) this.#waiting.push(record);
  }

  /** Lets those whose penalty is over join the others. */
  releasePenalized(now: number): void {
    for (let first = this.#penalized.peek(); first && first.penaltyUntil <= now; first = this.#penalized.peek()) {
      this.#penalized.shift();
      first.penaltyUntil = 0;
      this.#waiting.push(first);
    }
  }

  #arrived(): void {
    const { consumer } = this;
    if (!consumer.ready) consumer.waker?.wake(consumer);
  }

  #enqueue(record: FlowFileRecord): void {
    if (record.penaltyUntil > 0) this.#penalized.push(record);
    else this.#waiting.push(record);
  }
}
