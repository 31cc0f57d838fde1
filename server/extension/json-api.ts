import type { Pool } from 'undici';
import { pipeline, type Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { messageOf, PropertyError } from './errors.ts';
import { stringifyExactly } from './record.ts';
import { countRequest } from './run-meter.ts';
import type { SslContext } from './ssl-context.ts';

/** A request to an API that speaks JSON. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's address, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** The body as JSON text, instead of `body`, where it was written already. */
  readonly json?: string;
  /** Beside those that go with each request, such as a token that changes. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, read whole. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** An answer whose content is still to come. It must be read to its end or destroyed. */
export interface StreamedAnswer extends Omit<ApiAnswer, 'text'> {
  readonly body: Readable;
}

export interface ApiSettings {
  /** Such as `https://api.hubapi.com`. */
  readonly url: string;
  /** Sent with each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
  readonly connections: number;
  /** Keys and trusted certificates, where the machine's own do not do. */
  readonly ssl?: SslContext;
  /** Milliseconds that connecting may take; as long as an answer where it is not given. */
  readonly connectTimeout?: number;
}

/** No answer, or half of one. The message says what happened; whoever passes it on adds the remedy. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

/** A SaaS product's HTTP API: connections that are kept, one address, one way to tell that there was no answer. */
export class JsonApi {
  readonly url: string;
  readonly #pool: Pool;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #base: string;

  private constructor(pool: Pool, { url, headers }: ApiSettings) {
    this.url = withoutSlash(url);
    this.#base = withoutSlash(new URL(this.url).pathname);
    this.#pool = pool;
    this.#headers = headers;
  }

  /** The HTTP client is loaded when the first component needs it. */
  static async open(settings: ApiSettings): Promise<JsonApi> {
    const { Pool } = await import('undici');
    const { url, timeout, connections, ssl, connectTimeout = timeout } = settings;
    return new JsonApi(new Pool(new URL(url).origin, { connections, headersTimeout: timeout, bodyTimeout: timeout, connect: { ...ssl, timeout: connectTimeout } }), settings);
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  /** Throws NoAnswer, and the signal's reason where it fires. Any status is an answer. */
  async exchange(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    try {
      const { body, ...answer } = await this.stream(request, signal);
      return { ...answer, text: await textOf(body) };
    } catch (cause) {
      signal.throwIfAborted();
      throw cause instanceof NoAnswer ? cause : this.noAnswer(request, cause);
    }
  }

  /** The same for answers that may be larger than what memory should hold; what fails while the body is read is thrown as it is. */
  async stream({ method, path, body: value, json, headers: own }: ApiRequest, signal: AbortSignal): Promise<StreamedAnswer> {
    const body = json ?? (value === undefined ? null : stringifyExactly(value));
    const headers = { accept: 'application/json', ...(body !== null && { 'content-type': 'application/json' }), ...this.#headers, ...own };
    countRequest();
    try {
      const answer = await this.#pool.request({ method, path: this.#base + path, headers, body, signal });
      return { status: answer.statusCode, headers: answer.headers, body: answer.headers['content-encoding'] === 'gzip' ? unpacked(answer.body) : answer.body };
    } catch (cause) {
      signal.throwIfAborted();
      throw this.noAnswer({ method, path }, cause);
    }
  }

  /** What to throw where a request was not answered, or only half. */
  noAnswer(request: ApiRequest, cause: unknown): NoAnswer {
    return new NoAnswer(`${this.url} did not answer ${labelOf(request)} (${messageOf(cause)})`, { cause });
  }
}

/** A body out of gzip; what breaks the one breaks the other. */
function unpacked(body: Readable): Readable {
  return pipeline(body, createGunzip(), () => undefined);
}

/** Checks the text of a property that says where an API is. It throws PropertyError. */
export function apiAddress(example: string): (text: string) => void {
  return (text) => {
    if (!/^https?:\/\/[^/?#]+(\/[^?#]*)?$/.test(text)) throw new PropertyError(`it must be an address such as ${example}`);
  };
}

const withoutSlash = (text: string): string => text.replace(/\/+$/, '');

/** How messages name a request; queries may hold what is nobody's business. */
export function labelOf({ method, path }: ApiRequest): string {
  return `${method} ${path.split('?')[0]}`;
}

/** The body of an answer. Throws NoAnswer where it is not whole. */
export function jsonOf<T>({ text }: ApiAnswer, request: ApiRequest, parse: (text: string) => unknown = JSON.parse): T {
  if (text === '') return undefined as T;
  try {
    return parse(text) as T;
  } catch (cause) {
    throw new NoAnswer(`The answer to ${labelOf(request)} is not whole (${messageOf(cause)})`, { cause });
  }
}
