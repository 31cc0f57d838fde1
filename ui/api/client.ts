import { currentLogin, noteAnswer } from './session-state.ts';

/** The server answered, and refused. `message` is its own sentence. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** Seconds after which it may be asked again, where it says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Somebody else has changed the component since it was read. */
  get isStale(): boolean {
    return (this.status === 400 || this.status === 409) && this.message.includes('not the most up-to-date revision');
  }
}

/** No answer at all, or one of a proxy whose server is away. */
export class ServerLostError extends Error {
  override name = 'ServerLostError';
}

const AWAY = new Set([502, 503, 504]);

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as a form instead. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it is instead. */
  readonly file?: Blob;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request below `/nifi-api` or `/api`. Throws ApiError or ServerLostError; an abort is thrown as it is. */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const login = currentLogin();
  let response: Response;
  try {
    response = await fetch(path, initOf(options));
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ServerLostError('The server cannot be reached.', { cause });
  }
  noteAnswer(response.status, login);
  if (response.ok) return response;
  const sentence = (await response.text().catch(() => '')).trim();
  if (AWAY.has(response.status) && sentence === '') throw new ServerLostError('The server is not answering.');
  throw new ApiError(response.status, sentenceOf(response, sentence), Number(response.headers.get('Retry-After')) || undefined);
}

function initOf({ method = 'GET', body, form, file, signal, headers }: RequestOptions): RequestInit {
  const type = file ? 'application/octet-stream' : 'application/json';
  const json = body === undefined && !file ? undefined : { 'Content-Type': type };
  const proof = method === 'GET' ? undefined : requestToken(document.cookie);
  const content = file ?? (form ? new URLSearchParams(form) : body === undefined ? undefined : JSON.stringify(body));
  return { method, signal, headers: { ...json, ...(proof === undefined ? undefined : { 'Request-Token': proof }), ...headers }, body: content };
}

/** What a write repeats to show that it comes from a page of this server: see server/rest/authentication.ts. */
export function requestToken(cookies: string): string | undefined {
  return /(?:^|;\s*)(?:__Secure-)?Request-Token=([^;]+)/.exec(cookies)?.[1];
}

/** What a refusal says; a page of markup says nothing. */
function sentenceOf({ status, statusText }: Response, text: string): string {
  return text === '' || text.startsWith('<') ? `The server answered ${status} ${statusText}`.trim() : text;
}

/** As send, for a JSON answer. */
export async function request<T>(path: string, options?: RequestOptions): Promise<T> {
  const response = await send(path, options);
  return (await response.json()) as T;
}

/** Names this page in every revision that it writes, so that it never stands in its own way. */
export const clientId = `canvas-${Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
