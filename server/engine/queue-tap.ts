import type { Clock } from './clock.ts';
import type { FlowFileRecord, FlowFileVersion } from './flowfile-record.ts';
import type { FlowFileQueue } from './queue.ts';

/** A FlowFile as it was when it came into the queue. */
export interface PassedFlowFile {
  /** Grows by one with each that comes; begins at 1 for each tap. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly flowFile: FlowFileVersion;
}

/** So many are kept for whoever looks. */
export const MOST_PASSED = 20;
/** A tap at which nobody has looked for so long is taken away, milliseconds. */
const PATIENCE = 10_000;

/** Remembers the latest FlowFiles that came into a queue, while somebody looks. A queue without a tap pays one comparison a FlowFile. */
export class QueueTap {
  readonly #queue: FlowFileQueue;
  readonly #clock: Clock;
  #passed: PassedFlowFile[] = [];
  #sequence = 0;
  #cancel: () => void = () => undefined;

  private constructor(queue: FlowFileQueue, clock: Clock) {
    this.#queue = queue;
    this.#clock = clock;
  }

  /** The tap of a queue. A new one begins with what waits, so that a queue at rest shows something too. */
  static on(queue: FlowFileQueue, clock: Clock): QueueTap {
    const tap = queue.tap ?? new QueueTap(queue, clock);
    if (!queue.tap) {
      for (const record of firstOf(queue)) tap.see(record, record.queuedAt);
      queue.tap = tap;
    }
    tap.#look();
    return tap;
  }

  /** How many have come since the tap was put on, with those that waited then. */
  get sequence(): number {
    return this.#sequence;
  }

  see(record: FlowFileRecord, time = this.#clock.now()): void {
    if (this.#passed.length >= MOST_PASSED) this.#passed.shift();
    this.#passed.push({ sequence: ++this.#sequence, time, flowFile: record.committed });
  }

  /** Newest first, without those up to a sequence number. */
  after(sequence: number): PassedFlowFile[] {
    return this.#passed.filter((each) => each.sequence > sequence).reverse();
  }

  #look(): void {
    this.#cancel();
    this.#cancel = this.#clock.after(PATIENCE, () => {
      if (this.#queue.tap === this) this.#queue.tap = undefined;
    });
  }
}

function firstOf(queue: FlowFileQueue): FlowFileRecord[] {
  const records: FlowFileRecord[] = [];
  for (const record of queue.list()) {
    if (records.length >= MOST_PASSED) break;
    records.push(record);
  }
  return records.reverse();
}
