import { setTimeout as delay } from 'node:timers/promises';
import type { Agent, Dispatcher } from 'undici';
import { messageOf } from '../../server/extension/errors.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';
import { requestError } from './databricks-errors.ts';
import { type Login, MachineLogin, personalLogin } from './login.ts';

export interface ApiSettings {
  /** Such as `https://adb-123.azuredatabricks.net`. */
  readonly workspace: string;
  readonly login: { readonly token: string } | { readonly clientId: string; readonly clientSecret: string };
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
}

export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly path: string;
  /** Sent as JSON; bytes are sent as they are. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** Whether the request may be sent again when no answer came: what it asked for may have happened. */
  readonly isRepeatable: boolean;
}

const ATTEMPTS = 6;
/** Milliseconds; doubled each time, unless the server says how long. */
const FIRST_PAUSE = 500;

type Answer = Dispatcher.ResponseData;

/** The workspace's REST API: one login, connections that are kept, and patience where the server asks for it. */
export class DatabricksApi {
  readonly workspace: string;
  readonly #closing = new AbortController();
  readonly #agent: Agent;
  readonly #request: typeof import('undici').request;
  readonly #login: Login;

  private constructor(undici: typeof import('undici'), { workspace, login, timeout }: ApiSettings) {
    this.workspace = workspace.replace(/\/+$/, '');
    this.#agent = new undici.Agent({ headersTimeout: timeout, bodyTimeout: timeout, connectTimeout: timeout });
    this.#request = undici.request;
    this.#login = 'token' in login ? personalLogin(login.token) : new MachineLogin(login.clientId, login.clientSecret, (...request) => this.#fetchToken(...request));
  }

  /** The HTTP client is loaded when the first service needs it. */
  static async open(settings: ApiSettings): Promise<DatabricksApi> {
    return new DatabricksApi(await import('undici'), settings);
  }

  /** Fires when the service is disabled: for what its caller's signal must not end. */
  get lifetime(): AbortSignal {
    return this.#closing.signal;
  }

  close(): Promise<void> {
    this.#closing.abort(new Error('the warehouse service was disabled'));
    return this.#agent.destroy();
  }

  /** What a request brings; throws WarehouseError for any status that is no success. */
  async call<T>(call: ApiCall): Promise<T> {
    const { status, text } = await this.exchange(call);
    if (status >= 300) throw requestError(labelOf(call), status, text);
    try {
      return (text === '' ? {} : JSON.parse(text)) as T;
    } catch (cause) {
      throw new WarehouseError('connection', `The answer to ${labelOf(call)} cannot be read (${messageOf(cause)})`, { cause });
    }
  }

  /** The answer, whatever it is, once the server is neither too busy (429, 503) nor tired of the token (401). */
  async exchange(call: ApiCall): Promise<{ status: number; text: string }> {
    let pause = FIRST_PAUSE;
    for (let attempt = 1, renewals = 0; ; attempt++, pause *= 2) {
      // Several calls may wait for one token: none of them may take it from the others.
      const token = await this.#login.token(this.lifetime);
      call.signal.throwIfAborted();
      try {
        const answer = await this.#send(call, token);
        const text = await answer.body.text();
        const { statusCode: status } = answer;
        if (status === 401 && renewals++ === 0 && this.#login.refuse(token)) continue;
        // Refused before anything was done, or by a server in trouble.
        const isPassing = status === 429 || status === 503 || (status >= 500 && call.isRepeatable);
        if (!isPassing || attempt === ATTEMPTS) return { status, text };
        await delay(retryAfter(answer) ?? pause, undefined, { signal: call.signal });
      } catch (cause) {
        call.signal.throwIfAborted();
        if (attempt === ATTEMPTS || !call.isRepeatable)
          throw new WarehouseError('connection', `${this.workspace} did not answer ${labelOf(call)} (${messageOf(cause)})`, { cause });
        await delay(pause, undefined, { signal: call.signal });
      }
    }
  }

  /** A part of a result from the cloud's storage. The link carries its own right: a token beside it would be refused, and told to a stranger. */
  async download(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<{ status: number; body: Answer['body'] }> {
    const { statusCode: status, body } = await this.#request(url, { dispatcher: this.#agent, headers, signal });
    return { status, body };
  }

  #send({ method, path, body, signal }: ApiCall, token: string): Promise<Answer> {
    const isBinary = body instanceof Uint8Array;
    const headers = {
      authorization: `Bearer ${token}`,
      'user-agent': 'Millrace',
      ...(body !== undefined && { 'content-type': isBinary ? 'application/octet-stream' : 'application/json' }),
    };
    return this.#request(this.workspace + path, { dispatcher: this.#agent, method, headers, signal, body: body === undefined ? null : isBinary ? body : JSON.stringify(body) });
  }

  async #fetchToken(path: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<{ status: number; text: string }> {
    try {
      const answer = await this.#request(this.workspace + path, { dispatcher: this.#agent, method: 'POST', headers, body, signal });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (cause) {
      signal.throwIfAborted();
      throw new WarehouseError('connection', `${this.workspace} did not answer the request for a token (${messageOf(cause)})`, { cause });
    }
  }
}

/** How messages name a request. */
const labelOf = ({ method, path }: ApiCall): string => `${method} ${path.split('?')[0]}`;

/** Milliseconds, where the server says how long to wait. */
function retryAfter({ headers }: Answer): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
