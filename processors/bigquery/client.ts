import { randomUUID } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import { accessToken, type ServiceAccount } from '../../server/extension/google-account.ts';
import { insist } from '../../server/extension/polite-api.ts';
import type { StatementOptions } from '../../server/extension/warehouse.ts';
import { Refusal, refusalOf } from './bigquery-errors.ts';
import { Task } from './task.ts';

const SCOPE = 'https://www.googleapis.com/auth/bigquery';

export interface ClientSettings {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly project: string;
  readonly account: ServiceAccount;
  /** Where jobs run; BigQuery finds out by the data where it is not given. */
  readonly location: string | undefined;
  /** Milliseconds that one answer may take. */
  readonly timeout: number;
}

export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the project, such as `/jobs`. */
  readonly path: string;
  /** Another project than that of the service. */
  readonly project?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
}

export interface JobReference {
  readonly projectId: string;
  readonly jobId: string;
  readonly location?: string;
}

/** Google's client with one account: it knows the addresses, the headers and the form of an upload; tokens, repetition and stops are ours. */
export class BigQueryClient {
  readonly settings: ClientSettings;
  readonly #google: BigQuery;
  readonly #forget: () => void;
  readonly #tasks = new Set<Task>();
  #isClosed = false;

  private constructor(settings: ClientSettings, google: BigQuery, forget: () => void) {
    this.settings = settings;
    this.#google = google;
    this.#forget = forget;
  }

  /** Google's client is loaded with the first service that needs it. */
  static async open(settings: ClientSettings): Promise<BigQueryClient> {
    const [{ BigQuery }, { OAuth2Client }] = await Promise.all([import('@google-cloud/bigquery'), import('google-auth-library')]);
    const authClient = new OAuth2Client();
    // The library would ask Google's own address for tokens, whatever the key says.
    authClient.refreshHandler = async () => {
      const { token, expires } = await accessToken(settings.account, SCOPE, settings.timeout);
      return { access_token: token, expiry_date: expires };
    };
    const { endpoint, project, location, timeout } = settings;
    const google = new BigQuery({ apiEndpoint: endpoint, projectId: project, location, authClient, autoRetry: false, timeout } as ConstructorParameters<typeof BigQuery>[0]);
    return new BigQueryClient(settings, google, () => authClient.setCredentials({}));
  }

  /** What follows ends with the signal, the time limit, or the service. */
  task(options: StatementOptions): Task {
    const task: Task = new Task(this, options, () => this.#tasks.delete(task));
    this.#tasks.add(task);
    if (this.#isClosed) task.stop();
    return task;
  }

  /** A request that may be sent twice; tried again while that may help. Throws Refusal, and the signal's reason. */
  call<T>(call: ApiCall, signal: AbortSignal): Promise<T> {
    return insist(
      () =>
        ended(
          this.#authorised<T>(() => this.#once<T>(call)),
          signal,
        ),
      signal,
    );
  }

  /** A request that nobody waits for: sent once, whatever comes of it. */
  async tell(call: ApiCall): Promise<void> {
    await this.#authorised(() => this.#once(call)).catch(() => undefined);
  }

  /**
   * Starts a job under an id of ours, so that a start whose answer was lost is found again instead of being repeated.
   * With `rows` it is a load job, and these (JSON, a line each) are its data.
   */
  async start<T>(configuration: object, reference: JobReference, signal: AbortSignal, rows?: Buffer): Promise<T> {
    const attempt = (): Promise<T> =>
      rows ? this.#upload<T>(configuration, reference, rows) : this.#once<T>({ method: 'POST', path: '/jobs', body: { configuration, jobReference: reference } });
    try {
      return await insist(() => ended(this.#authorised(attempt), signal), signal);
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.status !== 409) throw thrown;
      return this.call<T>({ method: 'GET', path: `/jobs/${reference.jobId}`, query: { location: reference.location } }, signal);
    }
  }

  newReference(): JobReference {
    const { project, location } = this.settings;
    return { projectId: project, jobId: `millrace_${randomUUID()}`, ...(location === undefined ? {} : { location }) };
  }

  close(): void {
    this.#isClosed = true;
    for (const task of this.#tasks) task.stop();
  }

  /** A token that was taken back before its time is asked for anew, once. */
  async #authorised<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.status !== 401) throw thrown;
      this.#forget();
      return attempt();
    }
  }

  #once<T>({ method, path, project, query, body }: ApiCall): Promise<T> {
    const options = { method, uri: path, qs: given(query), ...(project === undefined ? {} : { projectId: project }), ...(body === undefined ? {} : { json: body }) };
    return new Promise((resolve, reject) =>
      this.#google.request(options as never, (error: Error | null, answer: unknown) => (error ? reject(failure(error)) : resolve(answer as T))),
    );
  }

  #upload<T>(configuration: object, { jobId, projectId, location }: JobReference, rows: Buffer): Promise<T> {
    const { destinationTable, ...load } = (configuration as { load: { destinationTable: { datasetId: string; tableId: string } } }).load;
    const { datasetId, tableId } = destinationTable;
    const table = this.#google.dataset(datasetId, { projectId, location }).table(tableId, { location });
    return new Promise((resolve, reject) => {
      const stream = table.createWriteStream_({ ...load, jobId } as never);
      stream.once('error', (error: Error) => reject(failure(error)));
      stream.once('job', (job: { metadata: T } | null) => (job ? resolve(job.metadata) : reject(new Refusal('noAnswer', 'the upload was not answered', 0))));
      stream.end(rows);
    });
  }
}

/** Without what is undefined, which would be sent as empty text. */
const given = (query: ApiCall['query'] = {}): object => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));

const failure = (thrown: Error): Error => (thrown.name === 'WarehouseError' ? thrown : refusalOf(thrown));

/** The promise, or the signal's reason as soon as it fires. */
function ended<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
