import type { RecordBatch } from './record.ts';

/** Records of which parts are taken one after the other. */
export class RecordQueue {
  readonly #iterator: AsyncIterator<RecordBatch>;
  #batch: RecordBatch = [];
  #at = 0;

  constructor(batches: AsyncIterable<RecordBatch>) {
    this.#iterator = batches[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    while (this.#at >= this.#batch.length) {
      const next = await this.#iterator.next();
      if (next.done) return false;
      this.#batch = next.value;
      this.#at = 0;
    }
    return true;
  }

  /** Leaves the rest where it is: what gives the records is told to end. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  /** The next records, `count` at most. */
  async *take(count: number): AsyncGenerator<RecordBatch> {
    for (let left = count; left > 0 && (await this.hasMore()); ) {
      const part = this.#batch.slice(this.#at, this.#at + left);
      this.#at += part.length;
      left -= part.length;
      yield part;
    }
  }
}
