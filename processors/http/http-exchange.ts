import type { Dispatcher } from 'undici';
import type { AccessTokenProvider } from '../../server/extension/http-services.ts';
import type { CookieStore } from './cookie-store.ts';
import { type DigestChallenge, digestAnswer, digestChallenge } from './digest-authentication.ts';
import type { HttpClient } from './http-client.ts';
import type { HttpAnswer } from './pending-answer.ts';

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
    const authorization = isHome ? this.#authorization(request) : undefined;
    const answer = await this.#once(request, authorization instanceof Promise ? await authorization : authorization);
    if (answer.status !== 401 || !isHome) return answer;
    const again = await this.#secondTry(request, answer);
    if (again === undefined) return answer;
    await answer.body.dump();
    return this.#once(request, again);
  }

  #authorization(request: HttpRequest): Promise<string> | string | undefined {
    if (this.#rules.tokens) return this.#rules.tokens.token().then((token) => `Bearer ${token}`);
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

  #once({ method, url, headers, body }: HttpRequest, authorization: string | undefined): Promise<HttpAnswer> {
    const { cookies } = this.#rules;
    const sent = [...headers];
    if (authorization !== undefined) sent.push('Authorization', authorization);
    const cookie = cookies?.header(url);
    if (cookie) sent.push('Cookie', cookie);
    const answer = this.#client.request(url, { method: method as Dispatcher.HttpMethod, headers: sent, body: body() as never });
    return cookies ? answer.then((each) => keepCookies(each, cookies)) : answer;
  }
}

function keepCookies(answer: HttpAnswer, cookies: CookieStore): HttpAnswer {
  for (const value of valuesOf(answer.headers, 'set-cookie')) cookies.take(value, answer.url);
  return answer;
}

/** All values of a header, by its name in lower case. */
export function valuesOf(headers: HttpAnswer['headers'], name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const each = headers[index]!;
    if (each.length === name.length && (each === name || each.toLowerCase() === name)) values.push(headers[index + 1]!);
  }
  return values;
}

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
