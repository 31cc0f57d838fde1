import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import type { RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { type Written, writeRecords } from '../../server/extension/record-flow.ts';

/** Where records go: a FlowFile that is written while others are, with one batch waiting at most. */
export class Outlet {
  readonly flowFile: FlowFile;
  readonly #written: Promise<Written>;
  #waiting: RecordBatch | undefined;
  #ended = false;
  #failure: unknown;
  #wake: (() => void) | undefined;
  #taken: (() => void) | undefined;

  constructor(session: ProcessSession, flowFile: FlowFile, schema: RecordSchema, writer: RecordSetWriterFactory, origin: FlowFile) {
    this.flowFile = flowFile;
    this.#written = writeRecords(session, flowFile, { schema, batches: this.#batches() }, writer, origin);
    this.#written.catch((thrown: unknown) => {
      this.#failure = thrown;
      this.#taken?.();
    });
  }

  /** Ends when the batch was taken. Throws what the writer threw. */
  async push(batch: RecordBatch): Promise<void> {
    if (this.#failure) throw this.#failure;
    this.#waiting = batch;
    const taken = new Promise<void>((resolve) => {
      this.#taken = resolve;
    });
    this.#wake?.();
    await taken;
    if (this.#failure) throw this.#failure;
  }

  end(): Promise<Written> {
    this.#ended = true;
    this.#wake?.();
    return this.#written;
  }

  async *#batches(): AsyncGenerator<RecordBatch> {
    for (;;) {
      if (this.#waiting) {
        const batch = this.#waiting;
        this.#waiting = undefined;
        this.#taken?.();
        yield batch;
      } else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

/** Ends all, whatever happened to some: nothing must be written any more when the session goes on. */
export async function endAll(outlets: Iterable<Outlet>): Promise<void> {
  await Promise.allSettled([...outlets].map((outlet) => outlet.end()));
}
