import { setTimeout as delay } from 'node:timers/promises';
import { Deadline } from '../../server/extension/deadline.ts';
import { insist } from '../../server/extension/polite-api.ts';
import type { StatementOptions } from '../../server/extension/warehouse.ts';
import { bigQueryError, Refusal } from './bigquery-errors.ts';
import type { TableField } from './bigquery-types.ts';
import type { ApiCall, BigQueryClient, JobReference } from './client.ts';

interface Fault {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}

/** What counts of BigQuery's resource Job. */
export interface Job {
  readonly jobReference: JobReference;
  readonly status: { readonly state: string; readonly errorResult?: Fault; readonly errors?: readonly Fault[] };
  readonly statistics?: {
    readonly totalBytesProcessed?: string;
    readonly query?: {
      readonly statementType?: string;
      readonly schema?: { readonly fields?: readonly TableField[] };
      readonly numDmlAffectedRows?: string;
      readonly dmlStats?: { readonly insertedRowCount?: string; readonly updatedRowCount?: string };
      readonly undeclaredQueryParameters?: readonly { readonly name: string; readonly parameterType: { readonly type: string } }[];
    };
  };
}

/** An answer of jobs.getQueryResults. */
export interface ResultPage {
  readonly jobComplete: boolean;
  readonly schema?: { readonly fields?: readonly TableField[] };
  readonly totalRows?: string;
  readonly pageToken?: string;
  readonly rows?: readonly { readonly f: readonly { readonly v: unknown }[] }[];
}

/** How long the server waits before it says that a job still runs. Milliseconds. */
const WAIT = 10_000;
/** When a cancellation is sent a second time. Milliseconds. */
const CANCEL_AGAIN = 2000;
const FIRST_LOOK = 100;
const TIMEOUT_SLACK = 10_000;
const LAST_LOOK = 2000;

/** One statement, or several that belong together: what it started is cancelled in BigQuery when it is stopped. */
export class Task {
  readonly #client: BigQueryClient;
  readonly #deadline: Deadline;
  readonly #timeout: number | undefined;
  readonly #closed: () => void;
  readonly #running = new Map<string, JobReference>();

  constructor(client: BigQueryClient, { signal, timeout }: StatementOptions, closed: () => void) {
    this.#client = client;
    this.#timeout = timeout;
    this.#closed = closed;
    this.#deadline = new Deadline(signal, timeout);
    this.#deadline.signal.addEventListener('abort', () => this.#cancelAll());
  }

  /** Ends it as if its caller had cancelled it. */
  stop(): void {
    this.#deadline.stop(new DOMException('The warehouse service was disabled', 'AbortError'));
  }

  close(): void {
    this.#cancelAll();
    this.#deadline.close();
    this.#closed();
  }

  /** Throws WarehouseError where it was stopped. */
  check(): void {
    if (this.#deadline.signal.aborted) throw bigQueryError(this.#deadline.signal.reason, this.#deadline.signal);
  }

  /** Throws WarehouseError. */
  call<T>(call: ApiCall): Promise<T> {
    return this.#guard(() => this.#client.call<T>(call, this.#deadline.signal));
  }

  /** The same, or undefined where there is no such thing. */
  find<T>(path: string, project?: string): Promise<T | undefined> {
    return this.#guard(async () => {
      try {
        return await this.#client.call<T>({ method: 'GET', path, ...(project === undefined ? {} : { project }) }, this.#deadline.signal);
      } catch (thrown) {
        if (thrown instanceof Refusal && thrown.status === 404) return undefined;
        throw thrown;
      }
    });
  }

  /** Makes something that may be there already. */
  async make(call: ApiCall): Promise<void> {
    await this.#guard(async () => {
      try {
        await this.#client.call(call, this.#deadline.signal);
      } catch (thrown) {
        if (!(thrown instanceof Refusal) || thrown.status !== 409) throw thrown;
      }
    });
  }

  /** What BigQuery says of a query without running it. */
  dryRun(query: object): Promise<Job> {
    return this.call<Job>({ method: 'POST', path: '/jobs', body: { configuration: { dryRun: true, query }, jobReference: this.#client.newReference() } });
  }

  /** Runs a query to its end; gives its first page of `rows` rows. */
  query(query: object, rows: number): Promise<{ job: JobReference; page: ResultPage }> {
    return this.#job({ query }, async (reference) => {
      for (;;) {
        const page = await this.#client.call<ResultPage>(pageCall(reference, rows), this.#deadline.signal);
        if (page.jobComplete) return { job: reference, page };
      }
    });
  }

  /** A further page. */
  page(job: JobReference, rows: number, pageToken: string): Promise<ResultPage> {
    return this.call(pageCall(job, rows, pageToken));
  }

  /** Runs a job that gives no rows to its end. */
  async run(query: object): Promise<Job> {
    const { job } = await this.query(query, 0);
    return this.call<Job>(jobCall(job));
  }

  /** Loads rows, JSON in a line each. */
  load(load: object, rows: Buffer): Promise<void> {
    return this.#job({ load }, (reference) => this.#finished(reference), rows);
  }

  /** Starts a job and follows it; one that BigQuery itself has dropped is started again: it has done nothing. */
  #job<T>(configuration: object, follow: (reference: JobReference) => Promise<T>, rows?: Buffer): Promise<T> {
    // For when this process is gone by then.
    const limit = this.#timeout ? { jobTimeoutMs: String(Math.ceil(this.#timeout) + TIMEOUT_SLACK) } : {};
    return this.#guard(() => insist(() => this.#attempt({ ...configuration, ...limit }, follow, rows), this.#deadline.signal));
  }

  async #attempt<T>(configuration: object, follow: (reference: JobReference) => Promise<T>, rows?: Buffer): Promise<T> {
    const reference = this.#client.newReference();
    this.#running.set(reference.jobId, reference);
    const started = this.#client.start<Job>(configuration, reference, this.#deadline.signal, rows);
    try {
      const { jobReference, status } = await started;
      this.#running.set(reference.jobId, jobReference);
      throwFault(status);
      const result = await follow(jobReference);
      this.#running.delete(reference.jobId);
      return result;
    } catch (thrown) {
      this.#running.delete(reference.jobId);
      throw thrown;
    }
  }

  async #finished(reference: JobReference): Promise<void> {
    for (let pause = FIRST_LOOK; ; pause = Math.min(LAST_LOOK, pause * 1.5)) {
      const { status } = await this.#client.call<Job>(jobCall(reference), this.#deadline.signal);
      throwFault(status);
      if (status.state === 'DONE') return;
      await delay(pause, undefined, { signal: this.#deadline.signal });
    }
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.#deadline.signal.throwIfAborted();
      return await work();
    } catch (thrown) {
      throw bigQueryError(thrown, this.#deadline.signal);
    }
  }

  #cancelAll(): void {
    for (const { jobId, location } of this.#running.values()) {
      const cancel = (): void => void this.#client.tell({ method: 'POST', path: `/jobs/${jobId}/cancel`, query: { location } });
      cancel();
      // One that overtakes the start of its job finds nothing.
      setTimeout(cancel, CANCEL_AGAIN).unref();
    }
    this.#running.clear();
  }
}

function throwFault({ errorResult, errors = [] }: Job['status']): void {
  if (!errorResult) return;
  // The first of them says which row was wrong; the result only that there was one.
  const [detail] = errors.filter(({ message }) => message !== errorResult.message);
  throw new Refusal(errorResult.reason, detail ? `${errorResult.message} (${detail.message})` : errorResult.message, 0);
}

const jobCall = ({ jobId, location }: JobReference): ApiCall => ({ method: 'GET', path: `/jobs/${jobId}`, query: { location } });

const pageCall = ({ jobId, location }: JobReference, maxResults: number, pageToken?: string): ApiCall => ({
  method: 'GET',
  path: `/queries/${jobId}`,
  query: { location, maxResults, pageToken, timeoutMs: WAIT, 'formatOptions.useInt64Timestamp': true },
});
