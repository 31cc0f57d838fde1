import type { FlowFileRecord } from './flowfile-record.ts';
import type { Comparator } from './prioritizers.ts';

/** FlowFiles waiting in an order: what a queue keeps its own in. */
export interface Sequence extends Iterable<FlowFileRecord> {
  readonly length: number;
  push(record: FlowFileRecord): void;
  /** Back in, before all others of its rank: it had been taken and its session rolled back. */
  unshift(record: FlowFileRecord): void;
  peek(): FlowFileRecord | undefined;
  shift(): FlowFileRecord | undefined;
  /** Takes out those that are not kept. */
  retain(keep: (record: FlowFileRecord) => boolean): void;
}

/** First in, first out: a ring. */
export class Ring implements Sequence {
  #slots: (FlowFileRecord | undefined)[] = new Array(16);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(record: FlowFileRecord): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#length++) & (this.#slots.length - 1)] = record;
  }

  unshift(record: FlowFileRecord): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#head = (this.#head - 1) & (this.#slots.length - 1);
    this.#slots[this.#head] = record;
    this.#length++;
  }

  peek(): FlowFileRecord | undefined {
    return this.#length === 0 ? undefined : this.#slots[this.#head];
  }

  shift(): FlowFileRecord | undefined {
    if (this.#length === 0) return undefined;
    const record = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#length--;
    return record;
  }

  retain(keep: (record: FlowFileRecord) => boolean): void {
    const kept = [...this].filter(keep);
    this.#slots = new Array(Math.max(16, 2 ** Math.ceil(Math.log2(kept.length + 1))));
    this.#head = 0;
    this.#length = 0;
    for (const record of kept) this.push(record);
  }

  *[Symbol.iterator](): Iterator<FlowFileRecord> {
    for (let i = 0; i < this.#length; i++) yield this.#slots[(this.#head + i) & (this.#slots.length - 1)]!;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Array<FlowFileRecord | undefined>(old.length * 2);
    for (let i = 0; i < this.#length; i++) slots[i] = old[(this.#head + i) & (old.length - 1)];
    this.#slots = slots;
    this.#head = 0;
  }
}

/** Ordered by a comparator: a binary heap. */
export class Heap implements Sequence {
  #slots: FlowFileRecord[] = [];
  readonly #compare: Comparator;

  constructor(compare: Comparator) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#slots.length;
  }

  push(record: FlowFileRecord): void {
    this.#slots.push(record);
    this.#rise(this.#slots.length - 1);
  }

  unshift(record: FlowFileRecord): void {
    this.push(record);
  }

  peek(): FlowFileRecord | undefined {
    return this.#slots[0];
  }

  shift(): FlowFileRecord | undefined {
    const first = this.#slots[0];
    const last = this.#slots.pop();
    if (first && last && first !== last) {
      this.#slots[0] = last;
      this.#sink(0);
    }
    return first;
  }

  retain(keep: (record: FlowFileRecord) => boolean): void {
    // A sorted array is a heap.
    this.#slots = this.#slots.filter(keep).sort(this.#compare);
  }

  [Symbol.iterator](): Iterator<FlowFileRecord> {
    return [...this.#slots].sort(this.#compare)[Symbol.iterator]();
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#compare(this.#slots[parent]!, this.#slots[at]!) <= 0) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= this.#slots.length) return;
      const right = left + 1;
      const child = right < this.#slots.length && this.#compare(this.#slots[right]!, this.#slots[left]!) < 0 ? right : left;
      if (this.#compare(this.#slots[at]!, this.#slots[child]!) <= 0) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    const held = this.#slots[a]!;
    this.#slots[a] = this.#slots[b]!;
    this.#slots[b] = held;
  }
}
