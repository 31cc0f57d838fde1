import type { Dispatcher } from 'undici';
import type { AccessTokenProvider } from '../../server/extension/http-services.ts';
import type { CookieStore } from './cookie-store.ts';
import { type DigestChallenge, digestAnswer, digestChallenge } from './digest-authentication.ts';
import type { HttpClient } from './http-client.ts';

const MAX_REDIRECTS = 20;

export type RequestBody = Uint8Array | AsyncIterable<Uint8Array> | null;

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Gives the body, again each time that the request must be sent again. */
  body(): RequestBody;
}

export interface HttpAnswer {
  readonly status: number;
  readonly reason: string;
  /** In the order and case in which they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Dispatcher.ResponseData['body'];
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

export interface ExchangeRules {
  readonly followsRedirects: boolean;
  readonly cookies: CookieStore | undefined;
  readonly basic: string | undefined;
  readonly digest: { readonly user: string; readonly password: string } | undefined;
  readonly tokens: AccessTokenProvider | undefined;
  /** Whether a 401 makes a new token. */
  readonly renewsTokens: boolean;
}

/** A request with all that may come before its answer: who we are, cookies, redirects. */
export class HttpExchange {
  readonly #client: HttpClient;
  readonly #rules: ExchangeRules;
  #challenge: DigestChallenge | undefined;
  #count = 0;

  constructor(client: HttpClient, rules: ExchangeRules) {
    this.#client = client;
    this.#rules = rules;
  }

  /** Throws whatever keeps the answer from coming. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    let current = request;
    let isHome = true;
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#authenticated(current, isHome);
      const next = this.#rules.followsRedirects ? redirected(current, answer) : undefined;
      if (!next) return answer;
      await answer.body.dump();
      if (redirects >= MAX_REDIRECTS) throw new Error(`the server redirects more than ${MAX_REDIRECTS} times`);
      isHome &&= next.url.origin === request.url.origin;
      current = isHome ? next : { ...next, headers: withoutCredentials(next.headers) };
    }
  }

  /** Credentials go to the server that they are meant for only, not to where it redirects. */
  async #authenticated(request: HttpRequest, isHome: boolean): Promise<HttpAnswer> {
    const answer = await this.#once(request, isHome ? await this.#authorization(request) : undefined);
    if (answer.status !== 401 || !isHome) return answer;
    const again = await this.#secondTry(request, answer);
    if (again === undefined) return answer;
    await answer.body.dump();
    return this.#once(request, again);
  }

  async #authorization(request: HttpRequest): Promise<string | undefined> {
    if (this.#rules.tokens) return `Bearer ${await this.#rules.tokens.token()}`;
    return this.#challenge ? this.#digest(request) : this.#rules.basic;
  }

  async #secondTry(request: HttpRequest, { headers }: HttpAnswer): Promise<string | undefined> {
    const { tokens, renewsTokens, digest } = this.#rules;
    if (tokens) return renewsTokens ? `Bearer ${await tokens.renew()}` : undefined;
    const challenge = digest && digestChallenge(valuesOf(headers, 'www-authenticate'));
    if (!challenge || challenge.nonce === this.#challenge?.nonce) return undefined;
    this.#challenge = challenge;
    this.#count = 0;
    return this.#digest(request);
  }

  #digest({ method, url }: HttpRequest): string {
    const { user, password } = this.#rules.digest!;
    return digestAnswer(this.#challenge!, { method, path: url.pathname + url.search }, user, password, ++this.#count);
  }

  async #once({ method, url, headers, body }: HttpRequest, authorization: string | undefined): Promise<HttpAnswer> {
    const sent = [...headers];
    if (authorization !== undefined) sent.push('Authorization', authorization);
    const cookie = this.#rules.cookies?.header(url);
    if (cookie) sent.push('Cookie', cookie);
    const path = url.pathname + url.search;
    const answer = await this.#client.request({ origin: url.origin, path, method: method as Dispatcher.HttpMethod, headers: sent, body: body() as never, responseHeaders: 'raw' });
    const received = pairs(answer.headers as unknown as string[]);
    if (this.#rules.cookies) for (const value of valuesOf(received, 'set-cookie')) this.#rules.cookies.take(value, url);
    return { status: answer.statusCode, reason: answer.statusText ?? '', headers: received, body: answer.body, url };
  }
}

function pairs(raw: readonly string[] | Readonly<Record<string, string | string[]>>): [string, string][] {
  if (!Array.isArray(raw)) return Object.entries(raw as Record<string, string | string[]>).flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each]));
  const found: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2) found.push([String(raw[index]), String(raw[index + 1])]);
  return found;
}

/** All values of a header. */
export const valuesOf = (headers: HttpAnswer['headers'], name: string): string[] => headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);

/** What a redirect makes of a request (RFC 9110 15.4): 307 and 308 keep method and body, the others become GET. */
function redirected(request: HttpRequest, { status, headers }: HttpAnswer): HttpRequest | undefined {
  const [location] = [301, 302, 303, 307, 308].includes(status) ? valuesOf(headers, 'location') : [];
  if (location === undefined || !URL.canParse(location, request.url)) return undefined;
  const url = new URL(location, request.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (status === 307 || status === 308 || request.method === 'GET' || request.method === 'HEAD') return { ...request, url };
  return { method: 'GET', url, headers: without(request.headers, /^(content-.*|transfer-encoding)$/i), body: () => null };
}

const withoutCredentials = (headers: readonly string[]): string[] => without(headers, /^(authorization|cookie|proxy-authorization)$/i);

function without(headers: readonly string[], names: RegExp): string[] {
  return headers.filter((_, index) => !names.test(headers[index - (index % 2)]!));
}
