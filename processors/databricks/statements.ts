import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { Deadline } from '../../server/extension/deadline.ts';
import { type StatementOptions, stoppedError, WarehouseError } from '../../server/extension/warehouse.ts';
import type { DatabricksApi } from './api.ts';
import { statementError } from './databricks-errors.ts';
import { bound } from './sql-text.ts';
import type { WarmUp } from './warm-up.ts';

/** A part of a result: rows, or where to fetch them. */
export interface Chunk {
  readonly next_chunk_index?: number;
  readonly data_array?: readonly Cells[];
  readonly external_links?: readonly ExternalLink[];
}

export interface ExternalLink {
  readonly external_link: string;
  readonly http_headers?: Readonly<Record<string, string>>;
  readonly next_chunk_index?: number;
}

/** A row as texts. */
export type Cells = readonly (string | null)[];

export interface Manifest {
  readonly schema?: { readonly columns?: readonly { readonly name: string; readonly type_text: string }[] };
  readonly total_row_count?: number;
  readonly truncated?: boolean;
}

export interface StatementAnswer {
  readonly statement_id: string;
  readonly status: {
    readonly state: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'CLOSED';
    readonly error?: { readonly error_code?: string; readonly message?: string };
    readonly sql_state?: string;
  };
  readonly manifest?: Manifest;
  readonly result?: Chunk;
}

/** Whether results come in the answers (25 MiB at most), or as links to the cloud's storage. */
export type Disposition = 'INLINE' | 'EXTERNAL_LINKS';

export interface StatementSettings {
  readonly warehouseId: string;
  readonly catalog: string;
  readonly schema: string;
}

/** Milliseconds between two questions whether a statement has ended. */
const POLL = { first: 50, most: 2000 };
/** Milliseconds that a disabled service takes for cancelling. */
const LAST_WORDS = 5000;
const PATH = '/api/2.0/sql/statements';

/** One call of the contract while it lasts: it ends when its caller stops it, when its time is over or when the service is disabled. */
export class Work {
  readonly #deadline: Deadline;
  readonly #ended: () => void;

  constructor(options: Pick<StatementOptions, 'signal' | 'timeout'>, ended: (work: Work) => void) {
    this.#deadline = new Deadline(options.signal, options.timeout);
    this.#ended = () => ended(this);
  }

  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  stop(reason: unknown): void {
    this.#deadline.stop(reason);
  }

  end(): void {
    this.#deadline.close();
    this.#ended();
  }
}

/** Runs statements on the SQL warehouse, to their end. */
export class Statements {
  readonly #api: DatabricksApi;
  readonly #settings: StatementSettings;
  readonly #warmUp: WarmUp;
  readonly #works = new Set<Work>();
  /** Cancellations on their way. */
  readonly #cancellations = new Set<Promise<void>>();
  #isClosed = false;

  constructor(api: DatabricksApi, settings: StatementSettings, warmUp: WarmUp) {
    this.#api = api;
    this.#settings = settings;
    this.#warmUp = warmUp;
  }

  /** A call begins; whoever begins it ends it. */
  begin(options: Pick<StatementOptions, 'signal' | 'timeout'>): Work {
    if (this.#isClosed) throw new WarehouseError('cancelled', 'The warehouse service was disabled');
    const work = new Work(options, (ended) => this.#works.delete(ended));
    this.#works.add(work);
    return work;
  }

  /** A call with its beginning and its end, and with its failures in the common words. */
  async use<T>(options: Pick<StatementOptions, 'signal' | 'timeout'>, run: (work: Work) => Promise<T>): Promise<T> {
    const work = this.begin(options);
    try {
      return await run(work);
    } catch (thrown) {
      throw this.told(thrown, work);
    } finally {
      work.end();
    }
  }

  /** What ended a call: its caller and the clock come before whatever they made fail. */
  told(thrown: unknown, { signal }: Work): unknown {
    if (!signal.aborted || (thrown instanceof WarehouseError && (thrown.kind === 'cancelled' || thrown.kind === 'timeout'))) return thrown;
    const error = stoppedError('Databricks', signal.reason);
    return error.kind === 'timeout' && this.#warmUp.isCold ? this.#warmUp.error() : error;
  }

  /** `isRepeatable`: whether running it twice does no harm, so that it is sent again when no answer came. Throws WarehouseError. */
  async run(sql: string, work: Work, more: { binds?: StatementOptions['binds']; disposition?: Disposition; isRepeatable: boolean }): Promise<StatementAnswer> {
    const { binds, disposition = 'INLINE', isRepeatable } = more;
    const { sql: statement, parameters } = bound(sql, binds);
    const { warehouseId, catalog, schema } = this.#settings;
    const body = { statement, parameters, warehouse_id: warehouseId, catalog, schema, disposition, format: 'JSON_ARRAY', wait_timeout: '10s', on_wait_timeout: 'CONTINUE' };
    work.signal.throwIfAborted();
    // Not under the call's signal: who stops it needs the statement's id, to cancel it.
    const sent = this.#api.call<StatementAnswer>({ method: 'POST', path: PATH, body, signal: this.#api.lifetime, isRepeatable });
    const answer = await orAborted(sent, work.signal);
    if (!answer) {
      this.#cancelLater(sent.then(({ statement_id: id }) => id));
      throw work.signal.reason;
    }
    return this.#ended(answer, work);
  }

  /** A chunk of a result, with fresh links. */
  chunk(id: string, index: number, signal: AbortSignal): Promise<Chunk> {
    return this.#api.call<Chunk>({ method: 'GET', path: `${PATH}/${id}/result/chunks/${index}`, signal, isRepeatable: true });
  }

  /** Ends what still runs, in the warehouse too. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const work of this.#works) work.stop(new WarehouseError('cancelled', 'The warehouse service was disabled'));
    // Whoever was stopped begins to cancel in this turn of the event loop.
    await nextTurn();
    await Promise.race([Promise.all(this.#cancellations), delay(LAST_WORDS, undefined, { ref: false })]);
  }

  /** Ends a statement in the warehouse; one that has ended already does not mind. */
  #cancelLater(id: Promise<string>): void {
    const cancel = async (): Promise<void> => {
      await this.#api.call({ method: 'POST', path: `${PATH}/${await id}/cancel`, signal: this.#api.lifetime, isRepeatable: true });
    };
    const cancelled = cancel()
      .catch(() => undefined)
      .finally(() => this.#cancellations.delete(cancelled));
    this.#cancellations.add(cancelled);
  }

  async #ended(first: StatementAnswer, work: Work): Promise<StatementAnswer> {
    let answer = first;
    const { statement_id: id } = first;
    try {
      for (let pause = POLL.first; /^(PENDING|RUNNING)$/.test(answer.status.state); pause = Math.min(pause * 2, POLL.most)) {
        if (answer.status.state === 'PENDING') await this.#warmUp.watch(work.signal);
        else this.#warmUp.isUp();
        await delay(pause, undefined, { signal: work.signal });
        answer = await this.#api.call<StatementAnswer>({ method: 'GET', path: `${PATH}/${id}`, signal: work.signal, isRepeatable: true });
      }
    } catch (thrown) {
      this.#cancelLater(Promise.resolve(id));
      throw thrown;
    }
    return this.#succeeded(answer);
  }

  #succeeded(answer: StatementAnswer): StatementAnswer {
    const { state, error, sql_state: sqlState } = answer.status;
    if (state === 'CANCELED') throw new WarehouseError('cancelled', error?.message ?? 'The statement was cancelled in Databricks');
    if (state !== 'SUCCEEDED' && state !== 'CLOSED') throw statementError(error?.message ?? `the statement is ${state}`, sqlState);
    this.#warmUp.isUp();
    return answer;
  }
}

/** What a promise brings, or undefined when the signal fires before. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
