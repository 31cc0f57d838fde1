import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { Field } from './bigquery-fields.ts';
import { BigQueryFault } from './bigquery-sql.ts';
import { type BigQuerySession, BigQueryStore, type Outcome, type QueryConfiguration } from './bigquery-store.ts';
import { Emulator, type Received, type Reply } from './emulator.ts';

const EMAIL = 'millrace@test.iam.gserviceaccount.com';
const SCOPE = 'https://www.googleapis.com/auth/bigquery';
/** How long the server waits with its answer, at most. Milliseconds. */
const LONGEST_WAIT = 10_000;

const STATUS: Readonly<Record<string, number>> = {
  notFound: 404,
  accessDenied: 403,
  rateLimitExceeded: 403,
  quotaExceeded: 403,
  responseTooLarge: 403,
  duplicate: 409,
  authError: 401,
  backendError: 503,
  internalError: 500,
};

interface Job {
  readonly id: string;
  readonly configuration: Configuration;
  session: BigQuerySession | undefined;
  outcome: Outcome | undefined;
  fault: BigQueryFault | undefined;
  readonly ended: Promise<void>;
}
interface Configuration {
  readonly dryRun?: boolean;
  readonly query?: QueryConfiguration;
  readonly load?: { readonly destinationTable: { readonly datasetId: string; readonly tableId: string }; readonly schema: { readonly fields: readonly Field[] } };
}
interface Insert {
  readonly configuration: Configuration;
  readonly jobReference?: { readonly jobId?: string };
}
type Route = readonly [method: string, pattern: RegExp, answer: (request: Received, ...parts: string[]) => Promise<Reply> | Reply];

/** BigQuery's form of an error. */
export function bigQueryRefusal(reason: string, message: string, status = STATUS[reason] ?? 400): Reply {
  return { status, body: { error: { code: status, message, errors: [{ message, domain: 'global', reason }], status: reason.toUpperCase() } } };
}

/** BigQuery's REST API (version 2) as far as a warehouse needs it, on DuckDB: tokens for signed assertions, data sets, tables, jobs that run by themselves, results in pages. */
export class BigQueryEmulator {
  readonly project: string;
  /** How many jobs of each kind were started: a start that is repeated is none. */
  readonly started = { query: 0, load: 0 };
  /** Rows of a page at most, whatever is asked for. */
  maxPage = 5000;
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #store: BigQueryStore;
  readonly #jobs = new Map<string, Job>();
  readonly #tokens = new Set<string>();
  readonly #jobFaults: BigQueryFault[] = [];
  #lostStarts = 0;
  #emulator!: Emulator;

  private constructor(store: BigQueryStore, project: string) {
    this.#store = store;
    this.project = project;
  }

  static async start(project = 'test-project'): Promise<BigQueryEmulator> {
    const emulator = new BigQueryEmulator(await BigQueryStore.open(project), project);
    emulator.#emulator = await Emulator.start((request) => emulator.#answer(request));
    return emulator;
  }

  get url(): string {
    return this.#emulator.url;
  }

  get received(): readonly Received[] {
    return this.#emulator.received;
  }

  /** The key file of the account that may log in. */
  key(more: Record<string, string> = {}): string {
    const private_key = this.#keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return JSON.stringify({ type: 'service_account', project_id: this.project, private_key_id: 'key1', private_key, client_email: EMAIL, token_uri: `${this.url}/token`, ...more });
  }

  /** See Emulator.fail. */
  fail(...fault: Parameters<Emulator['fail']>): void {
    this.#emulator.fail(...fault);
  }

  /** The next job is started, and fails. */
  failJob(reason: string, message: string): void {
    this.#jobFaults.push(new BigQueryFault(reason, message));
  }

  /** The next job is started, but whoever started it is not told. */
  loseStart(): void {
    this.#lostStarts++;
  }

  /** All tokens that were given out count no more. */
  revoke(): void {
    this.#tokens.clear();
  }

  /** Jobs that still run. */
  get running(): number {
    return [...this.#jobs.values()].filter(({ outcome, fault }) => !outcome && !fault).length;
  }

  createDataset(name: string): Promise<void> {
    return this.#store.createDataset(name);
  }

  tables(dataset: string): Promise<string[]> {
    return this.#store.tables(dataset);
  }

  createTable(dataset: string, table: string, fields: readonly Field[]): Promise<void> {
    return this.#store.createTable(dataset, table, fields);
  }

  async stop(): Promise<void> {
    await this.#emulator.stop();
    for (const { session, ended } of this.#jobs.values()) {
      session?.interrupt();
      await ended;
      session?.close();
    }
    this.#store.close();
  }

  readonly #routes: readonly Route[] = [
    ['POST', /^\/jobs$/, ({ body }) => this.#insert(body as Insert)],
    ['GET', /^\/jobs$/, () => ({ status: 200, body: { jobs: [] } })],
    ['GET', /^\/jobs\/([^/]+)$/, (_, id) => ({ status: 200, body: this.#dto(this.#job(id!)) })],
    ['POST', /^\/jobs\/([^/]+)\/cancel$/, (_, id) => this.#cancel(id!)],
    ['GET', /^\/queries\/([^/]+)$/, (request, id) => this.#results(this.#job(id!), request.query)],
    [
      'GET',
      /^\/datasets$/,
      async () => ({ status: 200, body: { datasets: (await this.#store.datasets()).map((datasetId) => ({ datasetReference: { projectId: this.project, datasetId } })) } }),
    ],
    ['POST', /^\/datasets$/, ({ body }) => this.#makeDataset((body as { datasetReference: { datasetId: string } }).datasetReference.datasetId)],
    ['GET', /^\/datasets\/([^/]+)\/tables$/, ({ query }, dataset) => this.#list(dataset!, query)],
    ['POST', /^\/datasets\/([^/]+)\/tables$/, ({ body }, dataset) => this.#makeTable(dataset!, body as never)],
    ['GET', /^\/datasets\/([^/]+)\/tables\/([^/]+)$/, (_, dataset, table) => this.#table(dataset!, table!)],
    ['DELETE', /^\/datasets\/([^/]+)\/tables\/([^/]+)$/, (_, dataset, table) => this.#drop(dataset!, table!)],
  ];

  async #answer(request: Received): Promise<Reply> {
    if (request.path === '/token') return this.#token(String(request.body));
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !this.#tokens.has(token)) return bigQueryRefusal('authError', 'Request had invalid authentication credentials.');
    try {
      const [, isUpload, path] = new RegExp(`^(/upload)?/bigquery/v2/projects/${this.project}(/.*)$`).exec(request.path) ?? [];
      if (isUpload) return await this.#upload(request);
      for (const [method, pattern, answer] of this.#routes) {
        const match = method === request.method ? pattern.exec(path ?? '') : null;
        if (match) return await answer(request, ...match.slice(1).map(decodeURIComponent));
      }
      return bigQueryRefusal('notFound', `Not found: ${request.path}`);
    } catch (thrown) {
      if (thrown instanceof BigQueryFault) return bigQueryRefusal(thrown.reason, thrown.message);
      return bigQueryRefusal('internalError', (thrown as Error).message);
    }
  }

  /** RFC 7523 as Google does it: assertions live an hour at most. */
  async #token(form: string): Promise<Reply> {
    const given = new URLSearchParams(form);
    try {
      const audience = `${this.url}/token`;
      const { payload } = await jwtVerify(given.get('assertion') ?? '', this.#keys.publicKey, { algorithms: ['RS256'], audience, issuer: EMAIL, requiredClaims: ['exp', 'iat'] });
      if (payload.scope !== SCOPE || payload.exp! - payload.iat! > 3600) return { status: 400, body: { error: 'invalid_scope' } };
    } catch (thrown) {
      return { status: 400, body: { error: 'invalid_grant', error_description: `Invalid JWT: ${(thrown as Error).message}` } };
    }
    const token = randomUUID();
    this.#tokens.add(token);
    return { status: 200, body: { access_token: token, expires_in: 3600, token_type: 'Bearer' } };
  }

  // ---- jobs

  async #insert({ configuration, jobReference }: Insert, lines?: string): Promise<Reply> {
    if (configuration.dryRun) {
      const { schema, ...query } = await this.#store.check(configuration.query!);
      return { status: 200, body: { jobReference, status: { state: 'DONE' }, statistics: { totalBytesProcessed: '1024', query: { ...query, ...(schema ? { schema } : {}) } } } };
    }
    const id = jobReference?.jobId ?? randomUUID();
    if (this.#jobs.has(id)) throw new BigQueryFault('duplicate', `Already Exists: Job ${this.project}:US.${id}`);
    this.started[lines === undefined ? 'query' : 'load']++;
    const job = { id, configuration, session: undefined, outcome: undefined, fault: this.#jobFaults.shift() } as Job & { ended: Promise<void> };
    job.ended = job.fault ? Promise.resolve() : this.#run(job, lines);
    this.#jobs.set(id, job);
    if (this.#lostStarts > 0) {
      this.#lostStarts--;
      return bigQueryRefusal('backendError', 'Error encountered during execution. Retrying may solve the problem.');
    }
    return { status: 200, body: this.#dto(job) };
  }

  async #run(job: Job, lines: string | undefined): Promise<void> {
    const { query, load } = job.configuration;
    try {
      if (load) {
        job.outcome = await this.#store.load(load.destinationTable.datasetId, load.destinationTable.tableId, load.schema.fields, lines!);
        return;
      }
      job.session = await this.#store.session(query!.defaultDataset?.datasetId ?? 'main');
      // Cancelled before it ran.
      if (!job.fault) job.outcome = await job.session.run(query!.query, query!.queryParameters);
    } catch (thrown) {
      job.fault ??= thrown instanceof BigQueryFault ? thrown : new BigQueryFault('internalError', (thrown as Error).message);
    }
  }

  #job(id: string): Job {
    const job = this.#jobs.get(id);
    if (!job) throw new BigQueryFault('notFound', `Not found: Job ${this.project}:US.${id}`);
    return job;
  }

  #cancel(id: string): Reply {
    const job = this.#job(id);
    if (!job.outcome) job.fault ??= new BigQueryFault('stopped', 'Job execution was cancelled: User requested cancellation');
    job.session?.interrupt();
    return { status: 200, body: { job: this.#dto(job) } };
  }

  #dto({ id, configuration, outcome, fault }: Job): object {
    const { totalRows: _, ...query } = outcome ?? {};
    const failure = fault && { errorResult: { reason: fault.reason, message: fault.message }, errors: [{ reason: fault.reason, message: fault.message }] };
    return {
      jobReference: { projectId: this.project, jobId: id, location: 'US' },
      configuration,
      status: { state: outcome || fault ? 'DONE' : 'RUNNING', ...failure },
      statistics: { query },
    };
  }

  async #results(job: Job, query: URLSearchParams): Promise<Reply> {
    const wait = Math.min(LONGEST_WAIT, Number(query.get('timeoutMs') ?? LONGEST_WAIT));
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([job.ended, new Promise((resolve) => (timer = setTimeout(resolve, wait)))]);
    clearTimeout(timer);
    if (job.fault) throw job.fault;
    const reference = { jobReference: { projectId: this.project, jobId: job.id, location: 'US' } };
    if (!job.outcome) return { status: 200, body: { ...reference, jobComplete: false } };
    const { totalRows = 0, schema } = job.outcome;
    const from = Number(query.get('pageToken') ?? 0);
    const count = Math.min(this.maxPage, Number(query.get('maxResults') ?? this.maxPage));
    const rows = await job.session!.page(from, count);
    const next = from + rows.length < totalRows && count > 0 ? { pageToken: String(from + rows.length) } : {};
    return { status: 200, body: { ...reference, jobComplete: true, totalRows: String(totalRows), ...(schema ? { schema } : {}), rows, ...next } };
  }

  /** multipart/related: the job, then its data. */
  async #upload({ body, headers }: Received): Promise<Reply> {
    const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1];
    const [job, data] = String(body)
      .split(`--${boundary}`)
      .slice(1, 3)
      .map((part) => part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, ''));
    return this.#insert(JSON.parse(job!) as Insert, data);
  }

  // ---- data sets and tables

  async #makeDataset(name: string): Promise<Reply> {
    await this.#store.createDataset(name);
    return { status: 200, body: { datasetReference: { projectId: this.project, datasetId: name } } };
  }

  async #list(dataset: string, query: URLSearchParams): Promise<Reply> {
    const all = await this.#store.tables(dataset);
    const from = Number(query.get('pageToken') ?? 0);
    const tables = all.slice(from, from + 2).map((tableId) => ({ tableReference: { projectId: this.project, datasetId: dataset, tableId } }));
    return { status: 200, body: { tables, ...(from + 2 < all.length && { nextPageToken: String(from + 2) }) } };
  }

  async #makeTable(dataset: string, { tableReference, schema }: { tableReference: { tableId: string }; schema: { fields: readonly Field[] } }): Promise<Reply> {
    await this.#store.createTable(dataset, tableReference.tableId, schema.fields);
    return this.#table(dataset, tableReference.tableId);
  }

  async #table(dataset: string, table: string): Promise<Reply> {
    return { status: 200, body: { tableReference: { projectId: this.project, datasetId: dataset, tableId: table }, schema: { fields: await this.#store.table(dataset, table) } } };
  }

  async #drop(dataset: string, table: string): Promise<Reply> {
    await this.#store.dropTable(dataset, table);
    return { status: 204 };
  }
}
