/** The server answered, and refused. `message` is its own sentence. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
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
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request below `/nifi-api` or `/api`. Throws ApiError or ServerLostError; an abort is thrown as it is. */
export async function send(path: string, { method = 'GET', body, signal, headers }: RequestOptions = {}): Promise<Response> {
  const json = body === undefined ? undefined : { 'Content-Type': 'application/json' };
  let response: Response;
  try {
    response = await fetch(path, { method, signal, headers: { ...json, ...headers }, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ServerLostError('The server cannot be reached.', { cause });
  }
  if (response.ok) return response;
  const sentence = (await response.text().catch(() => '')).trim();
  if (AWAY.has(response.status) && sentence === '') throw new ServerLostError('The server is not answering.');
  throw new ApiError(response.status, sentenceOf(response, sentence));
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
