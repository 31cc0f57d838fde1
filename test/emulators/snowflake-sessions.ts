import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Received, Reply } from './emulator.ts';
import { type Outcome, type SnowflakeEngine, SnowflakeFailure } from './snowflake-engine.ts';
import type { SnowflakeLogin } from './snowflake-login.ts';

export interface SessionOptions {
  /** Where chunks can be fetched. */
  readonly url: () => string;
  /** What statements that match are refused with. */
  readonly refused: readonly { readonly pattern: RegExp; readonly code: string; readonly sqlState: string; readonly message: string }[];
  /** How long a request waits for its statement, milliseconds. */
  readonly patience: number;
}

interface Session {
  readonly id: number;
  token: string;
  readonly masterToken: string;
  readonly connection: DuckDBConnection;
  readonly parameters: Record<string, string | number>;
  state: 'open' | 'to renew' | 'ended';
}

interface Query {
  readonly id: string;
  readonly requestId: string;
  readonly stop: AbortController;
  readonly session: Session;
  done: Promise<void>;
  outcomes: readonly Outcome[];
  failure?: SnowflakeFailure;
}

interface QueryRequest {
  readonly sqlText: string;
  readonly bindings?: Readonly<Record<string, { readonly type: string; readonly value: string | null }>>;
  readonly parameters?: Readonly<Record<string, string | number>>;
}

const AUTHENTICATORS: Readonly<Record<string, string>> = { SNOWFLAKE_JWT: 'KEYPAIR_JWT', OAUTH: 'OAUTH', PROGRAMMATIC_ACCESS_TOKEN: 'PROGRAMMATIC_ACCESS_TOKEN' };
/** What the driver calls a statement by the columns of its answer: rows to read, or counts of rows. */
const SELECT = 0x1000;
const CHANGE = 0x3100;

/** What an account has set where nobody has changed it. */
const DEFAULTS = { TIMEZONE: 'America/Los_Angeles', BINARY_OUTPUT_FORMAT: 'HEX', TIME_OUTPUT_FORMAT: 'HH24:MI:SS', DATE_OUTPUT_FORMAT: 'YYYY-MM-DD' };

const said = (message: string): Outcome => ({
  columns: [{ name: 'status', type: 'text', precision: 0, scale: 0, length: 16_777_216, nullable: true }],
  partitions: [{ rows: 1, bytes: message.length }],
  data: async () => JSON.stringify([[message]]),
});

const succeeded = (data: object | null): Reply => ({ status: 200, body: { data, code: null, message: null, success: true } });
const failed = (code: string, message: string, data: object | null = null): Reply => ({ status: 200, body: { data, code, message, success: false } });

/** A name as logins have it. */
const named = (name: string | null): string | undefined => (name === null ? undefined : name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toUpperCase());

/** What Snowflake's drivers speak: sessions with their tokens, queries with their results in chunks, and what ends them. */
export class SnowflakeSessions {
  readonly #login: SnowflakeLogin;
  readonly #engine: SnowflakeEngine;
  readonly #options: SessionOptions;
  readonly #sessions: Session[] = [];
  readonly #queries = new Map<string, Query>();
  /** What sessions have been asked to run, in the order of asking. */
  readonly asked: string[] = [];
  logins = 0;

  constructor(login: SnowflakeLogin, engine: SnowflakeEngine, options: SessionOptions) {
    this.#login = login;
    this.#engine = engine;
    this.#options = options;
  }

  /** Sessions that nobody has left. */
  get open(): number {
    return this.#sessions.filter(({ state }) => state !== 'ended').length;
  }

  get running(): number {
    return [...this.#queries.values()].filter(({ outcomes, failure }) => outcomes.length === 0 && !failure).length;
  }

  /** Ends the sessions, as Snowflake does with those that are idle for long; or lets their tokens grow old. */
  age(state: 'to renew' | 'ended'): void {
    for (const session of this.#sessions) if (session.state === 'open') session.state = state;
  }

  /** Forgets what queries have answered, as Snowflake does after a day. */
  forget(): void {
    this.#queries.clear();
  }

  async stop(): Promise<void> {
    for (const { stop } of this.#queries.values()) stop.abort();
    await Promise.all([...this.#queries.values()].map(({ done }) => done));
  }

  async answer(request: Received): Promise<Reply> {
    const { path, query } = request;
    if (path === '/session/v1/login-request') return this.#logIn(request);
    if (path === '/session/token-request') return this.#renew(request);
    const [, chunkOf, chunk] = /^\/chunks\/([\w-]+)\/(\d+)$/.exec(path) ?? [];
    if (chunkOf !== undefined) return this.#chunk(chunkOf, Number(chunk));
    const session = this.#sessions.find(({ token }) => request.headers.authorization === `Snowflake Token="${token}"`);
    if (!session) return { status: 401, body: { code: '390104', message: 'The session token is invalid.', success: false } };
    if (session.state === 'to renew') return failed('390112', 'Your session has expired. Please login again.');
    if (session.state === 'ended') return failed('390111', 'Session no longer exists. New login required to access the service.');
    if (path === '/session' && query.get('delete') === 'true') return this.#logOut(session);
    return path.startsWith('/queries/') ? this.#asked(session, request) : succeeded(null);
  }

  #asked(session: Session, request: Received): Reply | Promise<Reply> {
    if (request.path === '/queries/v1/query-request') return this.#query(session, request);
    const [, id, verb] = /^\/queries\/([\w-]+)\/(result|abort-request)$/.exec(request.path) ?? [];
    const { requestId } = (request.body ?? {}) as { requestId?: string };
    const query = id === 'v1' ? [...this.#queries.values()].find((one) => one.requestId === requestId) : this.#queries.get(id ?? '');
    if (!query) return failed('000709', 'Statement not found');
    if (verb === 'result') return this.#finished(query);
    query.stop.abort();
    return succeeded(null);
  }

  async #logIn({ body, query }: Received): Promise<Reply> {
    const { data } = body as { data: Record<string, string | undefined> & { SESSION_PARAMETERS?: Record<string, string | number> } };
    const type = AUTHENTICATORS[data.AUTHENTICATOR ?? ''];
    if (!type) return failed('390100', 'Incorrect username or password was specified.');
    const refusal = this.#login.refusal({ authorization: `Bearer ${data.TOKEN}`, 'x-snowflake-authorization-token-type': type });
    if (refusal) return failed(refusal.code, refusal.message);
    const [database, schema, role, warehouse] = ['databaseName', 'schemaName', 'roleName', 'warehouse'].map((name) => named(query.get(name)));
    const { account, user } = this.#login;
    const variables = { USER: user.name, ROLE: role ?? 'PUBLIC', WAREHOUSE: warehouse ?? '', ACCOUNT: account, VERSION: '9.0.0' };
    const connection = await this.#engine.session({ database: database ?? '', schema: schema ?? 'PUBLIC', variables });
    const id = ++this.logins;
    const session: Session = { id, token: randomUUID(), masterToken: randomUUID(), connection, parameters: { ...DEFAULTS, ...data.SESSION_PARAMETERS }, state: 'open' };
    this.#sessions.push(session);
    return succeeded({ token: session.token, masterToken: session.masterToken, validityInSeconds: 3600, sessionId: id, parameters: parametersOf(session), sessionInfo: {} });
  }

  #renew({ headers }: Received): Reply {
    const session = this.#sessions.find(({ masterToken }) => headers.authorization === `Snowflake Token="${masterToken}"`);
    if (!session || session.state === 'ended') return failed('390114', 'Authentication token has expired. The user must authenticate again.');
    session.state = 'open';
    session.token = randomUUID();
    return succeeded({ sessionToken: session.token, validityInSecondsST: 3600, masterToken: session.masterToken, validityInSecondsMT: 14_400, sessionId: session.id });
  }

  #logOut(session: Session): Reply {
    session.state = 'ended';
    return succeeded(null);
  }

  /** A request that is sent again has the same id: its statement runs once. */
  #query(session: Session, { body, query }: Received): Promise<Reply> {
    const requestId = query.get('requestId') ?? randomUUID();
    const known = [...this.#queries.values()].find((one) => one.requestId === requestId);
    return this.#finished(known ?? this.#begin(session, requestId, body as QueryRequest));
  }

  #begin(session: Session, requestId: string, request: QueryRequest): Query {
    const query: Query = { id: randomUUID(), requestId, stop: new AbortController(), session, done: Promise.resolve(), outcomes: [] };
    this.#queries.set(query.id, query);
    this.asked.push(request.sqlText);
    query.done = this.#run(query, request).catch((thrown: unknown) => {
      query.failure = thrown as SnowflakeFailure;
    });
    return query;
  }

  async #run(query: Query, { sqlText, bindings = {}, parameters = {} }: QueryRequest): Promise<void> {
    const refusal = this.#options.refused.find(({ pattern }) => pattern.test(sqlText));
    if (refusal) throw new SnowflakeFailure(refusal.code, refusal.sqlState, refusal.message);
    const { session, stop } = query;
    const settings = /^\s*ALTER\s+SESSION\s+SET\s+(.*)$/is.exec(sqlText);
    if (settings) {
      for (const [, name, text, word] of settings[1]!.matchAll(/(\w+)\s*=\s*(?:'([^']*)'|(\w+))/g)) session.parameters[name!.toUpperCase()] = text ?? word!;
      query.outcomes = [said('Statement executed successfully.')];
      return;
    }
    const limit = Number(parameters.STATEMENT_TIMEOUT_IN_SECONDS ?? 172_800);
    const timer = setTimeout(() => stop.abort('timeout'), limit * 1000).unref();
    try {
      const place = { database: '', schema: '', variables: {}, bindings, session: session.connection };
      query.outcomes = await this.#engine.run(sqlText, Number(parameters.MULTI_STATEMENT_COUNT ?? 1), place, stop.signal);
    } catch (thrown) {
      if (stop.signal.reason !== 'timeout') throw thrown;
      throw new SnowflakeFailure('000630', '57014', `Statement reached its statement or warehouse timeout of ${limit} second(s) and was canceled.`);
    } finally {
      clearTimeout(timer);
    }
  }

  async #finished(query: Query): Promise<Reply> {
    await Promise.race([query.done, delay(this.#options.patience, undefined, { ref: false })]);
    const { id, failure, outcomes } = query;
    if (failure) return failed(failure.code, failure.message, { queryId: id, sqlState: failure.sqlState, errorCode: failure.code });
    if (outcomes.length === 0)
      return { status: 200, body: { data: { queryId: id, getResultUrl: `/queries/${id}/result` }, code: '333333', message: 'Query execution in progress.', success: true } };
    return outcomes.length === 1 ? this.#result(query) : this.#several(query);
  }

  /** Of several statements each has a result of its own. */
  #several({ id, session, outcomes, done, stop }: Query): Reply {
    const ids = outcomes.map((outcome) => {
      const child: Query = { id: randomUUID(), requestId: '', stop, session, done, outcomes: [outcome] };
      this.#queries.set(child.id, child);
      return child.id;
    });
    return succeeded({ queryId: id, resultIds: ids.join(','), resultTypes: ids.map(() => SELECT).join(','), parameters: parametersOf(session), rowtype: [], rowset: [] });
  }

  async #result({ id, session, outcomes }: Query): Promise<Reply> {
    const { columns, partitions, data, stats } = outcomes[0]!;
    const total = partitions.reduce((sum, { rows }) => sum + rows, 0);
    const chunks = partitions.slice(1).map(({ rows, bytes }, index) => ({
      url: `${this.#options.url()}/chunks/${id}/${index + 1}?signature=${randomUUID()}`,
      rowCount: rows,
      uncompressedSize: bytes,
      compressedSize: Math.ceil(bytes / 10),
    }));
    return succeeded({
      queryId: id,
      queryResultFormat: 'json',
      version: 1,
      statementTypeId: stats ? CHANGE : SELECT,
      total,
      returned: total,
      rowtype: columns,
      rowset: JSON.parse(await data(0)) as unknown,
      parameters: parametersOf(session),
      ...(chunks.length > 0 && { chunks, chunkHeaders: {} }),
    });
  }

  /** Rows without the brackets around them. */
  async #chunk(id: string, number: number): Promise<Reply> {
    const outcome = this.#queries.get(id)?.outcomes[0];
    if (!outcome?.partitions[number]) return { status: 404, text: '<Error><Code>NoSuchKey</Code></Error>', headers: { 'content-type': 'application/xml' } };
    const text = gzipSync((await outcome.data(number)).slice(1, -1), { level: 1 });
    return { status: 200, text, headers: { 'content-type': 'binary/octet-stream', 'content-encoding': 'gzip' } };
  }
}

function parametersOf({ parameters }: Session): { name: string; value: string | number }[] {
  return Object.entries(parameters).map(([name, value]) => ({ name, value }));
}
