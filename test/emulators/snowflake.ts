import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Emulator, type Received, type Reply } from './emulator.ts';
import { type Outcome, SnowflakeEngine, SnowflakeFailure } from './snowflake-engine.ts';
import { SnowflakeSessions } from './snowflake-sessions.ts';
import { SnowflakeLogin, type SnowflakeUser } from './snowflake-login.ts';

export interface SnowflakeOptions {
  readonly account: string;
  readonly user: SnowflakeUser;
  readonly databases: readonly string[];
  /** Bytes of a partition; 12 MB where it is not given. */
  readonly partitionBytes?: number;
  readonly now?: () => number;
  /** How long a driver is let wait for its statement before it has to ask again, milliseconds; Snowflake's 45 s where it is not given. */
  readonly patience?: number;
  /** Sees each answer: a place to hold it against Snowflake's own description of the API. */
  readonly onAnswer?: (request: Received, status: number, body: unknown) => void;
}

interface Submission {
  readonly statement: string;
  readonly timeout?: number;
  readonly database?: string;
  readonly schema?: string;
  readonly warehouse?: string;
  readonly role?: string;
  readonly bindings?: Readonly<Record<string, { readonly type: string; readonly value: string | null }>>;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A statement that was submitted, or one of several. */
interface Statement {
  readonly handle: string;
  readonly createdOn: number;
  readonly stop: AbortController;
  done: Promise<void>;
  outcome?: Outcome;
  failure?: SnowflakeFailure;
  children: string[];
}

/** Statements of one user that run at the same time at most. */
const MOST_RUNNING = 20;
const SYNCHRONOUS_MILLIS = 45_000;

/** Snowflake's SQL API, version 2, with its logins, limits and errors, and the sessions of its drivers beside it; statements run on DuckDB. */
export class SnowflakeEmulator {
  readonly login: SnowflakeLogin;
  readonly sessions: SnowflakeSessions;
  /** What statements that match are refused with instead of being run: their pattern, code, SQLSTATE and message. */
  readonly refused: { readonly pattern: RegExp; readonly code: string; readonly sqlState: string; readonly message: string }[] = [];
  /** What `onAnswer` has thrown. */
  readonly problems: string[] = [];
  /** How many statements have been run, sent again ones not counted. */
  ran = 0;
  /** The most that ran at once. */
  mostRunning = 0;
  #running = 0;
  readonly #options: SnowflakeOptions;
  readonly #engine: SnowflakeEngine;
  readonly #statements = new Map<string, Statement>();
  readonly #byRequest = new Map<string, Statement>();
  #emulator!: Emulator;

  private constructor(options: SnowflakeOptions, engine: SnowflakeEngine) {
    this.#options = options;
    this.#engine = engine;
    this.login = new SnowflakeLogin(options.account, options.user, options.now ?? Date.now);
    this.sessions = new SnowflakeSessions(this.login, engine, { url: () => this.url, refused: this.refused, patience: options.patience ?? SYNCHRONOUS_MILLIS });
  }

  static async start(options: SnowflakeOptions): Promise<SnowflakeEmulator> {
    const engine = await SnowflakeEngine.start(options.databases, options.partitionBytes ?? 12_000_000);
    const snowflake = new SnowflakeEmulator(options, engine);
    snowflake.#emulator = await Emulator.start((request) => snowflake.#observed(request));
    return snowflake;
  }

  get url(): string {
    return this.#emulator.url;
  }
  get received(): readonly Received[] {
    return this.#emulator.received;
  }
  get running(): number {
    return this.#running;
  }

  /** See Emulator.fail. */
  fail(...fault: Parameters<Emulator['fail']>): void {
    this.#emulator.fail(...fault);
  }

  /** Forgets what statements have answered, as Snowflake does after a day. */
  forget(): void {
    this.#statements.clear();
  }

  async stop(): Promise<void> {
    for (const { stop } of this.#statements.values()) stop.abort();
    await Promise.all([...this.#statements.values()].map(({ done }) => done));
    await this.sessions.stop();
    await this.#emulator.stop();
    this.#engine.stop();
  }

  async #observed(request: Received): Promise<Reply> {
    const reply = await this.#answer(request);
    try {
      if (request.path.startsWith('/api/')) this.#options.onAnswer?.(request, reply.status, reply.body);
    } catch (thrown) {
      this.problems.push((thrown as Error).message);
    }
    return packed(reply);
  }

  async #answer(request: Received): Promise<Reply> {
    if (/^\/(session|queries|chunks|telemetry)\b/.test(request.path)) return this.sessions.answer(request);
    if (request.path === '/oauth/token-request') return this.#token(request);
    const [, handle, cancel] = /^\/api\/v2\/statements(?:\/([\w-]+)(\/cancel)?)?$/.exec(request.path) ?? [request.path];
    if (!request.path.startsWith('/api/v2/statements')) return { status: 404 };
    const refusal = this.login.refusal(request.headers);
    if (refusal) return { status: refusal.status, body: { code: refusal.code, message: refusal.message } };
    if (!request.headers['user-agent']) return refused(400, '390142', 'Incoming request does not have a User-Agent header.');
    const wanted = handle === undefined || cancel ? 'POST' : 'GET';
    if (request.method !== wanted) return { status: 405, body: { code: '390405', message: 'Method not allowed' } };
    if (handle === undefined) return this.#submit(request);
    const statement = this.#statements.get(handle);
    if (!statement) return refused(404, '390404', 'Statement not found, or its result has expired.');
    return cancel ? this.#cancel(statement) : this.#look(statement, request);
  }

  #token({ headers, body }: Received): Reply {
    const form = new URLSearchParams(String(body));
    const basic = `Basic ${Buffer.from('client:secret').toString('base64')}`;
    const known = headers.authorization === basic || (form.get('client_id') === 'client' && form.get('client_secret') === 'secret');
    if (form.get('grant_type') !== 'client_credentials' || !known) return { status: 400, body: { error: 'invalid_client' } };
    return { status: 200, body: { access_token: this.login.grant(600), token_type: 'Bearer', expires_in: 600 } };
  }

  async #submit(request: Received): Promise<Reply> {
    const submission = request.body as Submission;
    if (typeof submission?.statement !== 'string') return refused(400, '390142', 'Incoming request does not contain a valid payload.');
    const requestId = request.query.get('requestId') ?? randomUUID();
    const known = request.query.get('retry') === 'true' ? this.#byRequest.get(requestId) : undefined;
    if (!known && this.#running >= MOST_RUNNING) return { status: 429, body: { code: '390429', message: 'Too many statements are running.' } };
    const statement = known ?? this.#begin(submission);
    this.#byRequest.set(requestId, statement);
    if (request.query.get('async') !== 'true') await Promise.race([statement.done, delay(SYNCHRONOUS_MILLIS, undefined, { ref: false })]);
    return this.#look(statement, request);
  }

  #begin(submission: Submission): Statement {
    const statement: Statement = { handle: randomUUID(), createdOn: Date.now(), stop: new AbortController(), done: Promise.resolve(), children: [] };
    this.#statements.set(statement.handle, statement);
    this.ran++;
    this.#running++;
    this.mostRunning = Math.max(this.mostRunning, this.#running);
    statement.done = this.#run(statement, submission).finally(() => {
      this.#running--;
    });
    return statement;
  }

  async #run(statement: Statement, { statement: sql, timeout, database, schema, warehouse, role, bindings = {}, parameters = {} }: Submission): Promise<void> {
    let isOver = false;
    const timer = setTimeout(
      () => {
        isOver = true;
        statement.stop.abort();
      },
      (timeout || 604_800) * 1000,
    ).unref();
    try {
      const refusal = this.refused.find(({ pattern }) => pattern.test(sql));
      if (refusal) throw new SnowflakeFailure(refusal.code, refusal.sqlState, refusal.message);
      const count = Number(parameters.MULTI_STATEMENT_COUNT ?? parameters.multi_statement_count ?? '1');
      const user = { USER: this.#options.user.name, ROLE: role ?? 'PUBLIC', WAREHOUSE: warehouse ?? '', ACCOUNT: this.#options.account, VERSION: '9.0.0' };
      const outcomes = await this.#engine.run(sql, count, { database: database ?? '', schema: schema ?? 'PUBLIC', variables: user, bindings }, statement.stop.signal);
      statement.outcome = outcomes.length === 1 && count !== 0 ? outcomes[0]! : several;
      if (statement.outcome === several) statement.children = outcomes.map((outcome) => this.#finished(outcome));
    } catch (thrown) {
      const failure = thrown as SnowflakeFailure;
      statement.failure = isOver
        ? new SnowflakeFailure('000630', '57014', `Statement reached its statement or warehouse timeout of ${timeout} second(s) and was canceled.`)
        : failure;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A statement of several, which is done. */
  #finished(outcome: Outcome): string {
    const handle = randomUUID();
    this.#statements.set(handle, { handle, createdOn: Date.now(), stop: new AbortController(), done: Promise.resolve(), outcome, children: [] });
    return handle;
  }

  async #look(statement: Statement, { method, query, headers }: Received): Promise<Reply> {
    const { handle, failure, outcome } = statement;
    const common = { statementHandle: handle, createdOn: statement.createdOn, statementStatusUrl: `${this.url}/api/v2/statements/${handle}` };
    if (failure) {
      const status = failure.code === '000630' && method === 'POST' ? 408 : 422;
      return { status, body: { code: failure.code, sqlState: failure.sqlState, message: failure.message, ...common } };
    }
    if (!outcome)
      return { status: 202, body: { code: '333334', message: 'Asynchronous execution in progress. Use provided query id to perform query monitoring and management.', ...common } };
    const partition = Number(query.get('partition') ?? '0');
    if (!(partition >= 0 && partition < outcome.partitions.length)) return refused(400, '391920', `There is no partition ${partition}.`);
    const data = JSON.parse(await outcome.data(partition)) as unknown;
    const gzip = /gzip/.test(String(headers['accept-encoding'] ?? '')) ? { 'content-encoding': 'gzip' } : undefined;
    if (partition > 0) return { status: 200, headers: gzip, body: { data } };
    const numRows = outcome.partitions.reduce((sum, { rows }) => sum + rows, 0);
    const partitionInfo = outcome.partitions.map(({ rows, bytes }) => ({ rowCount: rows, uncompressedSize: bytes }));
    return {
      status: 200,
      headers: gzip,
      body: {
        resultSetMetaData: { numRows, format: 'jsonv2', partitionInfo, rowType: outcome.columns },
        data,
        ...{ code: '090001', sqlState: '00000', message: 'Statement executed successfully.' },
        ...common,
        ...(statement.children.length > 0 && { statementHandles: statement.children }),
        ...(outcome.stats && { stats: outcome.stats }),
      },
    };
  }

  async #cancel(statement: Statement): Promise<Reply> {
    const common = { statementHandle: statement.handle, statementStatusUrl: `${this.url}/api/v2/statements/${statement.handle}` };
    if (statement.outcome || statement.failure)
      return { status: 422, body: { code: '000605', sqlState: '57014', message: 'Identified SQL statement is not currently executing.', ...common } };
    statement.stop.abort();
    return { status: 200, body: { code: '000604', sqlState: '57014', message: 'SQL execution canceled', ...common } };
  }
}

const several: Outcome = {
  columns: [{ name: 'multiple statement execution', type: 'text', precision: 0, scale: 0, length: 16_777_216, nullable: false }],
  partitions: [{ rows: 1, bytes: 44 }],
  data: async () => JSON.stringify([['Multiple statements executed successfully.']]),
};

function refused(status: number, code: string, message: string): Reply {
  return { status, body: { code, message } };
}

/** The body as it travels. */
function packed(reply: Reply): Reply {
  return reply.headers?.['content-encoding'] === 'gzip' && reply.text === undefined ? { ...reply, text: gzipSync(JSON.stringify(reply.body), { level: 1 }) } : reply;
}
