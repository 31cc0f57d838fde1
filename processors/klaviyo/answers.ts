import { type ApiAnswer, type ApiRequest, labelOf } from '../../server/extension/json-api.ts';
import type { RateLimiter } from '../../server/extension/rate-limiter.ts';
import { type KlaviyoCause, KlaviyoError, type Refusal } from './klaviyo.ts';

const SECOND = 1000;

/** Klaviyo's form of an error (JSON:API 1.0, "Error Objects"). */
interface ErrorObject {
  readonly detail?: string;
  readonly title?: string;
  readonly source?: { readonly pointer?: string; readonly parameter?: string };
}

/**
 * After a refusal all wait as long as Retry-After says; where nothing remains of the minute, until it begins anew. Refusals do not
 * have the headers of the limit (Klaviyo, "Rate limits, status codes, and errors").
 */
export function heed({ status, headers }: ApiAnswer, limiter: RateLimiter): void {
  if (status === 429) limiter.pause((secondsIn(headers['retry-after']) ?? 1) * SECOND);
  else if (headers['ratelimit-remaining'] === '0') limiter.pause((secondsIn(headers['ratelimit-reset']) ?? 1) * SECOND);
}

function secondsIn(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
}

const CAUSES: Readonly<Record<number, KlaviyoCause>> = { 401: 'authentication', 403: 'permission', 429: 'rate limit' };

function errorsIn(text: string): readonly ErrorObject[] {
  try {
    const { errors } = JSON.parse(text) as { errors?: readonly ErrorObject[] };
    return Array.isArray(errors) ? errors : [];
  } catch {
    // Proxies answer in HTML; the status says enough.
    return [];
  }
}

/** What an answer means that is no success; undefined for one that is. */
export function refusalIn(request: ApiRequest, { status, text }: ApiAnswer): KlaviyoError | undefined {
  if (status >= 200 && status <= 299) return undefined;
  const errors = errorsIn(text);
  const isCursor = errors.some(({ source }) => source?.parameter === 'page[cursor]');
  const kind = CAUSES[status] ?? (status >= 500 ? 'server' : isCursor ? 'cursor' : 'request');
  const refusals = errors.map(({ detail, title, source }): Refusal => ({ detail: detail ?? title ?? `HTTP ${status}`, pointer: source?.pointer }));
  const said = refusals.slice(0, 3).map(({ detail, pointer }) => (pointer === undefined ? detail : `${detail} (${pointer})`));
  return new KlaviyoError(kind, `Klaviyo answered ${labelOf(request)} with ${status}: ${said.join('; ') || `HTTP ${status}`}`, refusals);
}
