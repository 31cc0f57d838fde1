import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../server/extension/errors.ts';
import { type ApiAnswer, type ApiRequest, JsonApi, jsonOf, NoAnswer, type StreamedAnswer } from '../../server/extension/json-api.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';
import type { Authorization } from './authorization.ts';
import { type SnowflakeRefusal, snowflakeError } from './snowflake-errors.ts';

/** Where the API is, and how long it may take to answer. Milliseconds. */
export interface ApiPlace {
  readonly url: string;
  readonly timeout: number;
  readonly connections: number;
}

const ATTEMPTS = 7;
const FIRST_PAUSE = 200;
/** Answers after which the same request may succeed: too many requests, and what the server could not do just now. */
const AGAIN: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
/** Tokens that a new one may replace (errors of Snowflake's logins). */
const STALE = /^(390318|390303|390114|390302|390144)$/;

/** Snowflake's SQL API: requests with their tokens, sent again where no answer came. */
export class SqlApi {
  readonly #api: JsonApi;
  readonly #authorization: Authorization;

  private constructor(api: JsonApi, authorization: Authorization) {
    this.#api = api;
    this.#authorization = authorization;
  }

  static async open({ url, timeout, connections }: ApiPlace, authorization: Authorization): Promise<SqlApi> {
    const headers = { 'user-agent': 'Millrace/1', 'accept-encoding': 'gzip', 'x-snowflake-authorization-token-type': authorization.type };
    return new SqlApi(await JsonApi.open({ url, headers, timeout, connections }), authorization);
  }

  get url(): string {
    return this.#api.url;
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  /**
   * Submits a statement under an id of its own: where the answer is lost, the same id with `retry=true` brings the answer of the
   * statement that runs already, and starts none twice. Throws WarehouseError.
   */
  submit<T>(body: object, signal: AbortSignal): Promise<{ status: number; body: T }> {
    const requestId = randomUUID();
    return this.#insist<T>((attempt) => ({ method: 'POST', path: `/api/v2/statements?async=true&requestId=${requestId}${attempt > 1 ? '&retry=true' : ''}`, body }), signal);
  }

  /** How a statement stands, with the first of its rows once it is done. */
  look<T>(handle: string, signal: AbortSignal): Promise<{ status: number; body: T }> {
    return this.#insist<T>(() => ({ method: 'GET', path: `/api/v2/statements/${handle}` }), signal);
  }

  /** Ends a statement; one that has ended already is none of anybody's business. */
  async cancel(handle: string, signal: AbortSignal): Promise<void> {
    await this.#insist(() => ({ method: 'POST', path: `/api/v2/statements/${handle}/cancel`, body: {} }), signal).catch(() => undefined);
  }

  /** A partition of a result, as bytes of JSON. Throws NoAnswer, and WarehouseError where it is refused. */
  async partition(handle: string, number: number, signal: AbortSignal): Promise<StreamedAnswer> {
    const request: ApiRequest = { method: 'GET', path: `/api/v2/statements/${handle}?partition=${number}` };
    for (let renewals = 0; ; renewals++) {
      const token = await this.#authorization.token();
      const answer = await this.#api.stream({ ...request, headers: bearer(token) }, signal);
      if (answer.status === 200) return answer;
      const pieces: Uint8Array[] = [];
      for await (const piece of answer.body) pieces.push(piece as Uint8Array);
      const refusal = refusalOf(answer.status, Buffer.concat(pieces).toString('utf8'));
      if (await this.#isRenewed(refusal, token, renewals)) continue;
      throw AGAIN.has(answer.status) ? new NoAnswer(snowflakeError(refusal).message) : snowflakeError(refusal);
    }
  }

  /** Tries until there is an answer that another attempt would not change. */
  async #insist<T>(requestOf: (attempt: number) => ApiRequest, signal: AbortSignal): Promise<{ status: number; body: T }> {
    let pause = FIRST_PAUSE;
    let renewals = 0;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#exchange<T>(requestOf(attempt), signal);
      if ('body' in answer) return answer;
      if (answer.refusal && (await this.#isRenewed(answer.refusal, answer.token, renewals))) {
        renewals++;
        continue;
      }
      if (!answer.isPassing || attempt >= ATTEMPTS) throw answer.error;
      await delay(answer.pause ?? pause, undefined, { signal });
      pause *= 2;
    }
  }

  async #exchange<T>(
    request: ApiRequest,
    signal: AbortSignal,
  ): Promise<{ status: number; body: T } | { error: Error; isPassing: boolean; refusal?: SnowflakeRefusal; pause?: number; token: string }> {
    const token = await this.#authorization.token();
    try {
      const answer = await this.#api.exchange({ ...request, headers: bearer(token) }, signal);
      if (answer.status === 200 || answer.status === 202) return { status: answer.status, body: jsonOf<T>(answer, request) };
      const refusal = refusalOf(answer.status, answer.text);
      return { error: snowflakeError(refusal), isPassing: AGAIN.has(answer.status), refusal, pause: pauseOf(answer), token };
    } catch (thrown) {
      if (!(thrown instanceof NoAnswer)) throw thrown;
      return { error: new WarehouseError('connection', messageOf(thrown), { cause: thrown }), isPassing: true, token };
    }
  }

  /** Whether another token may do: of the keys of a pair each is tried, any other token is renewed once. */
  async #isRenewed({ status, code = '' }: SnowflakeRefusal, token: string, renewals: number): Promise<boolean> {
    if (status !== 401 || !STALE.test(code) || (renewals > 0 && this.#authorization.type !== 'KEYPAIR_JWT')) return false;
    return (await this.#authorization.renew(token)) !== undefined;
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** How long the server says one should wait, at most a minute. Milliseconds. */
function pauseOf({ headers }: ApiAnswer): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 60) * 1000 : undefined;
}

function refusalOf(status: number, text: string): SnowflakeRefusal {
  try {
    return { ...(JSON.parse(text) as Omit<SnowflakeRefusal, 'status'>), status };
  } catch {
    return { status };
  }
}
