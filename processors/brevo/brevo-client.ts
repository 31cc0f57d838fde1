import { type ApiAnswer, type ApiRequest, JsonApi, labelOf } from '../../server/extension/json-api.ts';
import { type ApiManners, sendPolitely } from '../../server/extension/polite-api.ts';
import { RateLimiter } from '../../server/extension/rate-limiter.ts';
import { type AttributeType, type Brevo, type BrevoCause, BrevoError, type Contact, type Import, importRequest, type ImportReport, saveRequest } from './brevo.ts';

const CONNECTIONS = 4;
const SECOND = 1000;
/** What Brevo calls a process that has not ended: its documentation and its clients differ. */
const UNDER_WAY: ReadonlySet<string> = new Set(['queued', 'in_process', 'processing']);

export interface BrevoSettings {
  /** Such as `https://api.brevo.com/v3`. */
  readonly url: string;
  readonly key: string;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
  readonly requestsPerSecond: number;
}

interface ProcessBody {
  readonly status: string;
  readonly info?: { readonly import?: Readonly<Record<string, string | null>> };
}

/** Speaks to one account of Brevo. Sending the same contacts twice changes nothing, so whatever failed for the moment is sent again. */
export class BrevoClient implements Brevo {
  readonly url: string;
  readonly #api: JsonApi;
  readonly #limiter: RateLimiter;

  private constructor(api: JsonApi, requestsPerSecond: number) {
    this.url = api.url;
    this.#api = api;
    this.#limiter = new RateLimiter({ max: requestsPerSecond, millis: SECOND });
  }

  static async open({ url, key, timeout, requestsPerSecond }: BrevoSettings): Promise<BrevoClient> {
    return new BrevoClient(await JsonApi.open({ url, timeout, connections: CONNECTIONS, headers: { 'api-key': key } }), requestsPerSecond);
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  async attributes(signal: AbortSignal): Promise<Map<string, string>> {
    const { attributes } = await this.#send<{ attributes: { name: string; type?: string }[] }>({ method: 'GET', path: '/contacts/attributes' }, signal);
    return new Map(attributes.map(({ name, type }) => [name.toUpperCase(), type ?? 'text']));
  }

  async createAttribute(name: string, type: AttributeType, signal: AbortSignal): Promise<void> {
    await this.#send({ method: 'POST', path: `/contacts/attributes/normal/${encodeURIComponent(name)}`, body: { type } }, signal);
  }

  async beginImport(request: Import, signal: AbortSignal): Promise<number> {
    const { processId } = await this.#send<{ processId: number }>(importRequest(request), signal);
    return processId;
  }

  async importReport(processId: number, signal: AbortSignal): Promise<ImportReport | undefined> {
    const { status, info } = await this.#send<ProcessBody>({ method: 'GET', path: `/processes/${processId}` }, signal);
    if (UNDER_WAY.has(status)) return undefined;
    if (status !== 'completed') throw new BrevoError('import', `Import ${processId} came to nothing: Brevo says that it is ${status}`);
    const reports = new Map<string, ReadonlySet<string>>();
    for (const [kind, url] of Object.entries(info?.import ?? {})) if (url) reports.set(kind, await this.#addresses(url, signal));
    return reports;
  }

  async save(contact: Contact, listIds: readonly number[], signal: AbortSignal): Promise<void> {
    await this.#send(saveRequest(contact, listIds), signal);
  }

  /** The addresses in a report: the file lies in a store of its own, where our key has no business. */
  async #addresses(url: string, signal: AbortSignal): Promise<Set<string>> {
    const { request } = await import('undici');
    const answer = await request(url, { signal });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new BrevoError('server', `The report of the import cannot be read: it answered ${answer.statusCode}`);
    const { parse } = await import('csv-parse/sync');
    const rows = parse(text, { bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, delimiter: [',', ';'] }) as string[][];
    return new Set(
      rows
        .flat()
        .filter((cell) => cell.includes('@'))
        .map((cell) => cell.trim().toLowerCase()),
    );
  }

  #send<T>(request: ApiRequest, signal: AbortSignal): Promise<T> {
    return sendPolitely<T>(this.#api, this.#manners, request, signal);
  }

  readonly #manners: ApiManners = {
    limiterOf: () => this.#limiter,
    heed,
    refusal: (request, answer) => (answer.status >= 200 && answer.status <= 299 ? undefined : refusal(labelOf(request), answer)),
    unanswered: (cause) => new BrevoError('connection', cause.message, { cause }),
  };
}

/** Where nothing remains of the limit, all wait until it begins anew (Brevo, "Rate limit headers"). */
function heed({ status, headers }: ApiAnswer, limiter: RateLimiter): void {
  const used = status === 429 || headers['x-sib-ratelimit-remaining'] === '0';
  const reset = Number(headers['x-sib-ratelimit-reset'] ?? 1);
  if (used) limiter.pause(Number.isFinite(reset) ? reset * SECOND : SECOND);
}

function causeOf(what: string, { status }: ApiAnswer): BrevoCause {
  if (status === 401) return 'authentication';
  if (status === 402 || status === 403) return 'permission';
  if (status === 429) return 'rate limit';
  if (status >= 500) return 'server';
  return what === 'POST /contacts' ? 'contact' : 'request';
}

function refusal(what: string, answer: ApiAnswer): BrevoError {
  let said = `HTTP ${answer.status}`;
  try {
    const { code, message } = JSON.parse(answer.text) as { code?: string; message?: string };
    said = [code, message].filter(Boolean).join(': ') || said;
  } catch {
    // Proxies answer in HTML; the status says enough.
  }
  return new BrevoError(causeOf(what, answer), `Brevo answered ${what} with ${answer.status}: ${said}`);
}
